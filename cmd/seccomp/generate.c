/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tamis seccomp generate: the profile that lets through what recordings have. What must hold: the
 * profile that is written, read back by the reader of profiles, allows every call of the recordings
 * with the arguments that were recorded, and under --base whatever the base allows.
 */
#include "observe/generate.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/names.h"
#include "cmd/cmd.h"
#include "cmd/seccomp/needs_args.h"
#include "cmd/seccomp/needs_read.h"
#include "cmd/seccomp/output.h"
#include "cmd/seccomp/subject.h"
#include "cmd/seccomp/verbs.h"
#include "seccomp/docker.h"
#include "seccomp/spo.h"
#include "seccomp/syscall.h"

#include <stdio.h>
#include <string.h>

enum { AS_DOCKER, AS_OCI, AS_SPO };

static const struct name forms[] = {
	{ "docker", AS_DOCKER },
	{ "oci", AS_OCI },
	{ "spo", AS_SPO },
	{ NULL, 0 },
};

static const struct name runtimes[] = {
	{ "runc", 0 }, { "crun", 0 }, { "tamis", 0 }, { "any", 0 }, { NULL, 0 },
};

static struct generate_options {
	const char *base, *output, *form, *args, *name, *runtime;
	bool portable;
} values;

static const struct opt options[] = {
	{ "output", 'o', OPT_STRING, offsetof(struct generate_options, output), "FILE",
	  "write the profile to this file (standard output)" },
	{ "as", 0, OPT_STRING, offsetof(struct generate_options, form), "FORM",
	  "write it as docker, oci or spo (docker)", forms },
	{ "args", 0, OPT_STRING, offsetof(struct generate_options, args), "CALLS",
	  "allow these calls only with the arguments that were recorded" },
	{ "base", 0, OPT_STRING, offsetof(struct generate_options, base), "PROFILE",
	  "allow also what this profile allows" },
	{ "for", 0, OPT_STRING, offsetof(struct generate_options, runtime), "RUNTIME",
	  "allow also what runc, crun or any of them does under the filter itself", runtimes },
	{ "portable", 0, OPT_BOOL, offsetof(struct generate_options, portable), NULL,
	  "allow also what other C libraries and architectures use in place" },
	{ "name", 0, OPT_STRING, offsetof(struct generate_options, name), "NAME",
	  "name of the resource that --as spo writes (recorded)" },
	OPT_END,
};

/* --- options ------------------------------------------------------------------------------ */

/* The calls of --args, by id. */
static int read_args(const struct needs *needs, const char *list, bool *ret)
{
	for (const char *p = list ? list : ""; *p;) {
		size_t n = strcspn(p, ",");
		const char *call = arena_memdup(p, n);
		int id = syscall_id(call);

		if (id < 0 || !recording_interest(needs->recording, ABI_X86_64, id))
			return fail(0,
				    "--args: expected calls whose arguments are recorded, such as "
				    "socket, ioctl or prctl, found '%s'",
				    call);
		ret[id] = true;
		p += n + (p[n] == ',');
	}
	return 0;
}

static int read_form(int *ret)
{
	const struct name *found = names_find(forms, values.form ? values.form : "docker");

	if (!found)
		return fail(0, "--as: expected docker, oci or spo, found '%s'", values.form);
	*ret = (int)found->value;
	return 0;
}

/* --- the text ----------------------------------------------------------------------------- */

static int write_text(int form, const struct profile *profile, const struct needs_rules *rules,
		      struct text *ret)
{
	if (form == AS_SPO)
		return spo_write(profile, values.name ? values.name : "recorded", ret);
	*ret = form == AS_DOCKER && rules ? needs_rules_write(rules) : generate_write(profile);
	return 0;
}

/* --- the verb ----------------------------------------------------------------------------- */

static int read_base(const struct profile_facts *facts, struct canon *canon,
		     struct generate_base *ret)
{
	const struct subject_options none = { 0 };
	struct subject *base = arena_alloc(sizeof(*base));
	int r = subject_read(values.base, &none, facts, canon, base);

	*ret = (struct generate_base){ base->name, base->profile, &base->verdicts, facts->native };
	return r;
}

static int make(struct needs *needs, int form, bool *by_args, struct text *ret)
{
	const struct subject_options none = { 0 };
	struct generate_base base;
	struct profile_facts facts;
	struct needs_rules rules;
	struct canon canon;
	const struct profile *profile = &rules.profile;
	int r = subject_facts(&none, &facts);

	canon_init(&canon);
	if (r >= 0 && values.base)
		r = read_base(&facts, &canon, &base);
	if (r < 0)
		return r;
	if (values.base)
		generate_leave(&base, &canon, needs);
	needs_rules_init(needs, values.portable, facts.native, &rules);
	needs_args_add(needs, facts.native, by_args, &rules);
	needs_rules_complete(needs, by_args, &rules);
	if (form == AS_SPO && !values.base)
		needs_rules_for_spo(&rules);
	if (values.base)
		r = generate_unite(&rules, &base, &canon, &profile);
	if (r >= 0)
		r = write_text(form, profile, values.base ? NULL : &rules, ret);
	if (r >= 0 && form != AS_SPO) {
		struct profile *back = arena_alloc(sizeof(*back));

		r = docker_profile_parse("the profile", ret, &facts, back);
		profile = back;
	}
	return r < 0 ? r : generate_prove(needs, profile, &facts, &canon);
}

static int generate(const struct global *g not_used, int argc, char **argv)
{
	bool *by_args = arena_array(syscall_count(), sizeof(*by_args));
	struct text *text = arena_alloc(sizeof(*text));
	struct needs needs;
	int form = AS_DOCKER, r = read_form(&form);

	needs_init(&needs);
	if (values.runtime && !needs_runtime_add(&needs, values.runtime))
		r = fail(0, "--for: expected runc, crun, tamis or any, found '%s'", values.runtime);
	if (r >= 0)
		r = needs_read(argv, (size_t)argc, values.portable, &needs);
	if (r >= 0)
		r = read_args(&needs, values.args, by_args);
	if (r >= 0)
		r = make(&needs, form, by_args, text);
	if (r >= 0 && values.output)
		r = output_write(values.output, text);
	else if (r >= 0)
		fwrite(text->data, 1, text->len, stdout);
	return r < 0 ? r : EXIT_YES;
}

const struct command seccomp_generate = {
	.name = "generate",
	.arguments = "RECORDING...",
	.summary = "print the profile that allows what was recorded",
	.options = options,
	.values = &values,
	.min_args = 1,
	.max_args = -1,
	.run = generate,
};
