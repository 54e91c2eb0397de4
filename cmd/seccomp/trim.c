/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tamis seccomp trim: what a profile allows and no recording has, and the profile without it. The
 * profile is changed as by `edit`: its text stays otherwise, and that nothing else changes is
 * proved.
 */
#include "base/arena.h"
#include "base/err.h"
#include "cmd/cmd.h"
#include "cmd/seccomp/narrow.h"
#include "cmd/seccomp/needs_read.h"
#include "cmd/seccomp/output.h"
#include "cmd/seccomp/say.h"
#include "cmd/seccomp/subject.h"
#include "cmd/seccomp/verbs.h"
#include "oci/jsonw.h"
#include "seccomp/categories.h"
#include "seccomp/syscall.h"

#include <stdio.h>

static struct trim_options {
	struct subject_options subject;
	const char *output;
	bool portable, json;
} values;

static const struct opt options[] = {
	{ "output", 'o', OPT_STRING, offsetof(struct trim_options, output), "FILE",
	  "write the profile without what is not needed to this file" },
	{ "portable", 0, OPT_BOOL, offsetof(struct trim_options, portable), NULL,
	  "keep also what other C libraries and architectures use in place" },
	{ "json", 0, OPT_BOOL, offsetof(struct trim_options, json), NULL, "print JSON" },
	SUBJECT_OPTIONS(struct trim_options, subject),
	OPT_END,
};

/*
 * Whether the call is socketcall or ipc, and does for i386 what a needed call does; or can be made
 * by one of them, which is needed itself.
 */
static bool is_needed_by_multiplexer(const struct needs *needs, unsigned int id)
{
	struct syscall_mux mux;
	unsigned int call;

	for (size_t i = 0; syscall_mux_nth(ABI_X86, i, &call, &mux); i++) {
		int mux_id = mux.nr == SYSCALL_NONE ? -1 : syscall_at(ABI_X86, mux.nr);

		if (mux_id == (int)id && needs_has(needs, call))
			return true;
		if (call == id && mux_id >= 0 && needs_has(needs, (unsigned int)mux_id))
			return true;
	}
	return false;
}

struct trimmed {
	bool *unused; /* by id */
	size_t n_allowed, n_unused;
};

static void find_unused(const struct subject *s, struct canon *canon, const struct needs *needs,
			struct trimmed *ret)
{
	*ret = (struct trimmed){ .unused = arena_array(syscall_count(), sizeof(bool)) };
	for (unsigned int id = 0; id < syscall_count(); id++) {
		if (!narrow_is_allowed(s, canon, id))
			continue;
		ret->n_allowed++;
		ret->unused[id] = !needs_has(needs, id) && !is_needed_by_multiplexer(needs, id);
		ret->n_unused += ret->unused[id];
	}
}

static int write_trimmed(const struct subject *s, const struct trimmed *t, struct canon *canon)
{
	struct amended amended;
	struct subject json;
	int r = narrow_as_json(s, canon, &json);

	if (r >= 0)
		r = narrow_text(&json, t->unused, narrow_answer(&json), canon, &amended);
	if (r < 0)
		return r;
	if (amended.wrong)
		say_print_to(stderr, 2,
			     arena_printf("tamis seccomp: not as before: %s", amended.wrong));
	return output_write(values.output, &amended.text);
}

static void print_text(const struct subject *s, const struct trimmed *t)
{
	printf("%s allows %zu calls; %zu of them were not used:\n", s->name, t->n_allowed,
	       t->n_unused);
	narrow_print(t->unused);
}

static void print_json(const struct subject *s, const struct trimmed *t)
{
	struct jsonw *w = jsonw_new(JSONW_PRETTY);

	jsonw_object(w);
	jsonw_member_string(w, "schema", "tamis-seccomp-trim/1");
	jsonw_member_string(w, "profile", s->name);
	jsonw_member_u64(w, "allowed", t->n_allowed);
	jsonw_member_string(w, "written", values.output);
	jsonw_member_array(w, "unused");
	for (enum category c = 0; c < CATEGORY_COUNT; c++)
		for (unsigned int id = 0; id < syscall_count(); id++) {
			if (!t->unused[id] || categories_of(id) != c)
				continue;
			jsonw_object(w);
			jsonw_member_string(w, "call", syscall_name(id));
			jsonw_member_string(w, "category", categories_name(c));
			jsonw_end(w);
		}
	jsonw_end(w);
	jsonw_end(w);
	fputs(jsonw_finish(w).data, stdout);
}

static int trim(const struct global *g not_used, int argc, char **argv)
{
	struct profile_facts facts;
	struct trimmed trimmed;
	struct canon canon;
	struct needs needs;
	struct subject s;
	int r = subject_facts(&values.subject, &facts);

	canon_init(&canon);
	needs_init(&needs);
	if (r >= 0)
		r = subject_read(argv[0], &values.subject, &facts, &canon, &s);
	if (r >= 0)
		r = needs_read(argv + 1, (size_t)argc - 1, values.portable, &needs);
	if (r < 0)
		return r;
	find_unused(&s, &canon, &needs, &trimmed);
	if (values.output)
		r = write_trimmed(&s, &trimmed, &canon);
	if (r < 0)
		return r;
	if (values.json)
		print_json(&s, &trimmed);
	else
		print_text(&s, &trimmed);
	return EXIT_YES;
}

const struct command seccomp_trim = {
	.name = "trim",
	.arguments = "PROFILE RECORDING...",
	.summary = "say what a profile allows that no recording has",
	.options = options,
	.values = &values,
	.min_args = 2,
	.max_args = -1,
	.run = trim,
};
