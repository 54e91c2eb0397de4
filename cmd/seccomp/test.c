/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tamis seccomp test: whether a profile answers as files of expectations say. An expectation is
 * about every call with the arguments that it gives, on every architecture that the profile covers,
 * so that it does not hold because another way was forgotten.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/input.h"
#include "cmd/cmd.h"
#include "cmd/seccomp/question.h"
#include "cmd/seccomp/say.h"
#include "cmd/seccomp/subject.h"
#include "cmd/seccomp/verbs.h"
#include "seccomp/expect.h"
#include "seccomp/groups.h"
#include "seccomp/syscall.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

enum { TEXT_MAX = 1 << 20, SHOWN_MAX = 5 };

static struct test_options {
	struct subject_options subject;
} values;

static const struct opt options[] = {
	SUBJECT_OPTIONS(struct test_options, subject),
	OPT_END,
};

/* One expectation while it is looked at. */
struct trial {
	const struct subject *s;
	struct canon *canon;
	const struct expect_line *line;
	bool abis[ABI_COUNT];
	unsigned int asked, failed;
	const char *found; /* lines about the first answers that were not expected */
};

/* --- the answers to one call -------------------------------------------------------------- */

struct wrong {
	const struct expect_line *line;
	bool found;
	struct canon_cube cube;
};

static bool note_cube(void *ctx, const struct canon_cube *cube)
{
	struct wrong *wrong = ctx;

	wrong->found = !expect_holds(wrong->line, cube->action[0]);
	wrong->cube = *cube;
	return !wrong->found;
}

static void ask(struct trial *t, const struct question *q, enum abi abi)
{
	canon_ref decision = question_decision(q, &t->s->verdicts, abi, t->canon);
	struct wrong wrong = { .line = t->line };

	t->asked++;
	canon_each(t->canon, decision, decision, false, note_cube, &wrong);
	if (!wrong.found || t->failed++ >= SHOWN_MAX)
		return;
	struct region region = regions_of_cube(&wrong.cube);
	const char *condition = say_region(abi, q->id, &region);

	t->found = arena_printf("%s# found %s: %s on %s%s%s\n", t->found,
				say_action(wrong.cube.action[0]), question_say(q, abi),
				arch_name(abi), *condition ? " if " : "", condition);
}

/* The call on each of the architectures that has it. Reporting. */
static int ask_everywhere(struct trial *t, const struct question *call)
{
	for (enum abi abi = 0; abi < ABI_COUNT; abi++) {
		struct question q = *call;
		unsigned int at = 0;

		if (!t->abis[abi] || question_nr(&q, abi) == SYSCALL_NONE)
			continue;
		for (size_t i = 0; i < t->line->args.n; i++) {
			int r = question_parse_arg(t->line->args.v[i], abi, &at, &q);

			if (r < 0)
				return r;
		}
		ask(t, &q, abi);
	}
	return 0;
}

static int ask_group(struct trial *t, const char *name)
{
	const struct group *group = groups_find(name);
	bool *member = arena_array(syscall_count(), sizeof(*member));

	if (!group) {
		const char *like = groups_like(name);

		return fail(0, "unknown group '%s'%s%s%s", name, like ? "; did you mean '" : "",
			    like ? like : "", like ? "'?" : "");
	}
	groups_add(group, member);
	for (unsigned int id = 0; id < syscall_count(); id++) {
		const struct question q = { .call = syscall_name(id), .id = (int)id };
		int r = member[id] ? ask_everywhere(t, &q) : 0;

		if (r < 0)
			return r;
	}
	return 0;
}

/* --- one expectation ---------------------------------------------------------------------- */

/* Whether rules are about that ABI: all its numbers have one answer if it is not listed. */
static bool is_covered(const struct subject *s, enum abi abi)
{
	const struct verdicts_arch *arch = verdicts_arch(&s->verdicts, arch_abi(abi)->audit);
	uint32_t bit = arch_abi(abi)->nr_bit;

	if (abi == s->facts.native)
		return true;
	if (arch == &s->verdicts.other)
		return false;
	for (size_t i = 0; bit && i < arch->n; i++)
		if (arch->ranges[i].first > bit && arch->ranges[i].first < 2 * bit)
			return true;
	return !bit;
}

static int choose_abis(struct trial *t)
{
	const struct expect_words *words = &t->line->abis;

	for (enum abi abi = 0; abi < ABI_COUNT; abi++)
		t->abis[abi] = !words->n && is_covered(t->s, abi);
	for (size_t i = 0; i < words->n; i++) {
		enum abi abi = say_find_abi(words->v[i]);

		if (abi == ABI_COUNT)
			return fail(0, "unknown architecture '%s'", words->v[i]);
		t->abis[abi] = true;
	}
	return 0;
}

static int try_line(struct trial *t)
{
	int r = choose_abis(t);

	t->found = "";
	for (size_t i = 0; r == 0 && i < t->line->calls.n; i++) {
		const char *word = t->line->calls.v[i];
		struct question q;

		if (word[0] == '@') {
			r = ask_group(t, word);
			continue;
		}
		r = question_parse_call(word, t->s->facts.native, &q);
		if (r == 0)
			r = ask_everywhere(t, &q);
	}
	return r;
}

/* --- files -------------------------------------------------------------------------------- */

struct file {
	const char *name;
	struct expect expect;
};

static int read_file(const char *word, struct file *ret)
{
	struct text *text = arena_alloc(sizeof(*text));
	int r = input_read(AT_FDCWD, strcmp(word, "-") == 0 ? "/dev/stdin" : word, TEXT_MAX, text);

	if (r < 0)
		return fail(-r, "%s: cannot be read; expected a file of expectations", word);
	ret->name = word;
	return expect_parse(word, text, &ret->expect);
}

static bool same_word(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool same_facts(const struct expect_facts *a, const struct expect_facts *b)
{
	return same_word(a->caps, b->caps) && same_word(a->arch, b->arch) &&
	       same_word(a->kernel, b->kernel);
}

/* The subject under the facts of a line. */
static int decide(const struct subject *s, const struct expect_facts *facts, struct canon *canon,
		  struct subject *ret)
{
	struct subject_options o = values.subject;
	struct profile_facts decided;

	o.caps = facts->caps ? facts->caps : o.caps;
	o.arch = facts->arch ? facts->arch : o.arch;
	o.kernel = facts->kernel ? facts->kernel : o.kernel;
	int r = subject_facts(&o, &decided);

	return r < 0 ? r : subject_again(s, &decided, canon, ret);
}

static void print_result(size_t number, const struct file *file, const struct trial *t)
{
	bool good = t->asked && !t->failed;

	printf("%sok %zu - %s:%u: %s\n", good ? "" : "not ", number, file->name, t->line->line,
	       t->line->text);
	if (!t->asked)
		printf("# none of the architectures has the call\n");
	printf("%s", t->found);
	if (t->failed > SHOWN_MAX)
		printf("# and %u more\n", t->failed - SHOWN_MAX);
}

static int try_files(const struct subject *s, struct canon *canon, const struct file *files,
		     size_t n)
{
	struct expect_facts facts = { 0 };
	struct subject now = *s;
	size_t number = 0;
	int exit_code = EXIT_YES;

	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < files[i].expect.n; j++) {
			const struct expect_line *line = &files[i].expect.v[j];
			struct trial t = { .s = &now, .canon = canon, .line = line };
			int r = same_facts(&facts, &line->facts)
					? 0
					: decide(s, &line->facts, canon, &now);

			facts = line->facts;
			if (r == 0)
				r = try_line(&t);
			if (r < 0)
				return wrap(r, "%s:%u", files[i].name, line->line);
			print_result(++number, &files[i], &t);
			if (!t.asked || t.failed)
				exit_code = EXIT_NO;
		}
	if (canon->overflow)
		return fail(0, "the conditions are too complex to be compared");
	return exit_code;
}

static int test(const struct global *g not_used, int argc, char **argv)
{
	struct file *files = arena_array((size_t)argc, sizeof(*files));
	struct profile_facts facts;
	struct canon canon;
	struct subject s;
	size_t n = 0;
	int r = subject_facts(&values.subject, &facts);

	canon_init(&canon);
	if (r >= 0)
		r = subject_read(argv[0], &values.subject, &facts, &canon, &s);
	for (int i = 1; r >= 0 && i < argc; i++) {
		r = read_file(argv[i], &files[i - 1]);
		n += r < 0 ? 0 : files[i - 1].expect.n;
	}
	if (r < 0)
		return r;
	printf("1..%zu\n", n);
	return try_files(&s, &canon, files, (size_t)argc - 1);
}

const struct command seccomp_test = {
	.name = "test",
	.arguments = "PROFILE FILE...",
	.summary = "say whether a profile answers as files of expectations say",
	.options = options,
	.values = &values,
	.min_args = 2,
	.max_args = -1,
	.run = test,
};
