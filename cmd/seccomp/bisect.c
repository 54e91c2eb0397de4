/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tamis seccomp bisect: the smallest profile under which a command still succeeds. Categories of
 * calls are denied in turn; of one that is needed, halves, down to single calls (delta debugging).
 * What must hold at the end: the command has failed whenever one more call was denied, and it
 * succeeds several times under the profile as it is written.
 */
#include "base/arena.h"
#include "base/err.h"
#include "cmd/cmd.h"
#include "cmd/seccomp/bisect_log.h"
#include "cmd/seccomp/lookup.h"
#include "cmd/seccomp/narrow.h"
#include "cmd/seccomp/output.h"
#include "cmd/seccomp/say.h"
#include "cmd/seccomp/verbs.h"
#include "oci/jsonw.h"
#include "seccomp/categories.h"
#include "seccomp/errno_names.h"
#include "seccomp/syscall.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
	CONFIRM = 3,	  /* runs under the last profile, at least */
	SLOWER = 5,	  /* how many times longer a trial may take than under the profile itself */
	SLOWER_MS = 1000, /* and by how much more */
	EXIT_INTERRUPTED = 130, /* as a shell says that SIGINT ended a command */
};

static struct bisect_options {
	struct subject_options subject;
	const char *output, *log, *answer;
	unsigned int timeout, repeat;
	bool json, quiet;
} values;

static const struct opt options[] = {
	{ "output", 'o', OPT_STRING, offsetof(struct bisect_options, output), "FILE",
	  "write the smallest profile to this file" },
	{ "log", 0, OPT_STRING, offsetof(struct bisect_options, log), "FILE",
	  "write each trial to this file, and go on where it ends" },
	{ "timeout", 0, OPT_UINT, offsetof(struct bisect_options, timeout), "SECONDS",
	  "a trial that takes longer has failed (some times what PROFILE takes)" },
	{ "repeat", 0, OPT_UINT, offsetof(struct bisect_options, repeat), "N",
	  "a trial has to succeed so many times in a row (1)" },
	{ "errno", 0, OPT_STRING, offsetof(struct bisect_options, answer), "ERROR",
	  "what denied calls get, such as ENOSYS (as PROFILE denies)" },
	{ "json", 0, OPT_BOOL, offsetof(struct bisect_options, json), NULL, "print JSON" },
	{ "quiet", 'q', OPT_BOOL, offsetof(struct bisect_options, quiet), NULL,
	  "print no progress" },
	SUBJECT_OPTIONS(struct bisect_options, subject),
	OPT_END,
};

enum state { CLOSED, OPEN, DENIED, NEEDED }; /* CLOSED: the profile denies it */

struct bisect {
	struct subject s; /* as a profile that can be edited */
	struct canon *canon;
	struct trial trial;
	uint32_t answer; /* that denied calls get */
	struct bisect_log log;
	unsigned int n_trials;
	bool is_terminal, was_interrupted;
	/* by id */
	enum state *state;
	size_t *tested; /* NEEDED: how many calls were denied when it was found so */
	size_t n_allowed, n_denied, n_needed;
};

/* --- a trial ------------------------------------------------------------------------------ */

static void print_progress(const struct bisect *b)
{
	if (b->is_terminal)
		fprintf(stderr,
			"\r\033[Ktamis seccomp: trial %u: %zu of %zu calls denied, %zu needed",
			b->n_trials, b->n_denied, b->n_allowed, b->n_needed);
}

static void end_progress(const struct bisect *b)
{
	if (b->is_terminal)
		fprintf(stderr, "\n");
}

/* Runs the command until it fails, at most `times` times. */
static int run_times(struct bisect *b, unsigned int times, struct trial_result *ret)
{
	int r = 0;

	for (unsigned int i = 0; i < times && r >= 0; i++) {
		r = trial_run(&b->trial, ret);
		if (r < 0 || !trial_has_passed(ret))
			break;
	}
	b->was_interrupted |= r == -EINTR;
	return r;
}

/* Runs the command with these calls denied, beside those that are denied already. */
static int run_without(struct bisect *b, const unsigned int *ids, size_t n,
		       struct trial_result *ret)
{
	struct arena_mark mark = arena_mark();
	bool *denied = arena_array(syscall_count(), sizeof(*denied));
	struct bpf_program program;
	int r;

	for (unsigned int id = 0; id < syscall_count(); id++)
		denied[id] = b->state[id] == DENIED;
	for (size_t i = 0; i < n; i++)
		denied[ids[i]] = true;
	r = narrow_filter(&b->s, denied, b->answer, &program);
	b->trial.filter = &program;
	if (r >= 0)
		r = run_times(b, values.repeat ? values.repeat : 1, ret);
	b->trial.filter = NULL;
	if (r >= 0)
		(void)arena_release(mark, NULL, 0);
	return r;
}

/* The same, or what the log says of it. */
static int try(struct bisect *b, const unsigned int *ids, size_t n, struct trial_result *ret)
{
	int r = bisect_log_next(&b->log, ids, n, ret);

	b->n_trials++;
	if (r == 0) {
		print_progress(b);
		r = run_without(b, ids, n, ret);
		if (r >= 0)
			r = bisect_log_add(&b->log, b->n_trials, ids, n, ret);
	}
	return r < 0 ? r : 0;
}

/* --- the search --------------------------------------------------------------------------- */

static void mark(struct bisect *b, const unsigned int *ids, size_t n, enum state state)
{
	for (size_t i = 0; i < n; i++)
		b->state[ids[i]] = state;
	if (state == DENIED) {
		b->n_denied += n;
		return;
	}
	b->n_needed += n;
	b->tested[ids[0]] = b->n_denied;
}

/*
 * Denies as many of the calls as possible. is_known: the command fails without all of them. Then it
 * also fails without the second half, if it succeeded without the whole first.
 */
static int reduce(struct bisect *b, const unsigned int *ids, size_t n, bool is_known)
{
	struct trial_result result;
	const size_t half = n / 2, needed = b->n_needed;
	int r = is_known ? 0 : try(b, ids, n, &result);

	if (r < 0 || n == 0)
		return r;
	if (!is_known && trial_has_passed(&result)) {
		mark(b, ids, n, DENIED);
		return 0;
	}
	if (n == 1) {
		mark(b, ids, n, NEEDED);
		return 0;
	}
	r = reduce(b, ids, half, false);
	return r < 0 ? r : reduce(b, ids + half, n - half, b->n_needed == needed);
}

static int reduce_categories(struct bisect *b)
{
	unsigned int *ids = arena_array(syscall_count(), sizeof(*ids));

	for (enum category c = 0; c < CATEGORY_COUNT; c++) {
		size_t n = 0;
		int r;

		for (unsigned int id = 0; id < syscall_count(); id++)
			if (b->state[id] == OPEN && categories_of(id) == c)
				ids[n++] = id;
		r = n ? reduce(b, ids, n, false) : 0;
		if (r < 0)
			return r;
	}
	return 0;
}

/*
 * A call that was needed may be so no longer once others are denied. So each is tried again until
 * none can go.
 */
static int reduce_single(struct bisect *b)
{
	const int execve_id = syscall_id("execve");
	bool changed = true;

	while (changed) {
		changed = false;
		for (unsigned int id = 0; id < syscall_count(); id++) {
			struct trial_result result;
			int r;

			if (b->state[id] != NEEDED || (int)id == execve_id ||
			    b->tested[id] == b->n_denied)
				continue;
			r = try(b, &id, 1, &result);
			if (r < 0)
				return r;
			b->n_needed--;
			changed |= trial_has_passed(&result);
			mark(b, &id, 1, trial_has_passed(&result) ? DENIED : NEEDED);
		}
	}
	return 0;
}

/* --- the beginning ------------------------------------------------------------------------ */

/* The command must succeed under the profile itself, and tells how long that takes. */
static int run_first(struct bisect *b)
{
	struct trial_result result;
	int r;

	b->trial.keeps_error = true;
	b->trial.timeout_ms = (int)values.timeout * 1000;
	r = try(b, NULL, 0, &result);
	b->trial.keeps_error = false;
	if (r < 0)
		return r;
	if (!trial_has_passed(&result)) {
		end_progress(b);
		fprintf(stderr, "tamis seccomp: %s: fails under %s itself: %s\n", b->trial.argv[0],
			b->s.name, bisect_log_words(&result));
		return EXIT_NO;
	}
	if (!values.timeout)
		b->trial.timeout_ms = (int)(SLOWER * result.ms) + SLOWER_MS;
	return 0;
}

static int find_calls(struct bisect *b)
{
	const int id = syscall_id("execve");
	unsigned int execve_id = (unsigned int)id;

	b->state = arena_array(syscall_count(), sizeof(*b->state));
	b->tested = arena_array(syscall_count(), sizeof(*b->tested));
	for (unsigned int i = 0; i < syscall_count(); i++) {
		bool is_allowed = narrow_is_allowed(&b->s, b->canon, i);

		b->n_allowed += is_allowed;
		b->state[i] = is_allowed ? OPEN : CLOSED;
	}
	if (id < 0 || b->state[execve_id] != OPEN)
		return fail(0, "%s: denies execve, so that nothing can be run under it", b->s.name);
	mark(b, &execve_id, 1, NEEDED);
	return 0;
}

static int read_answer(struct bisect *b)
{
	int code = values.answer ? errno_names_find(values.answer) : 0;

	if (code < 0)
		return fail(0, "--errno: expected the name of an error such as ENOSYS, found '%s'",
			    values.answer);
	b->answer = code ? SECCOMP_RET_ERRNO | (uint32_t)code : narrow_answer(&b->s);
	return 0;
}

/* Of the filter of the profile itself: by it a log is known to be of the same profile. */
static const char *hash(const struct bpf_program *program)
{
	const unsigned char *p = (const unsigned char *)program->code;
	uint64_t ret = UINT64_C(0xcbf29ce484222325); /* FNV-1a */

	for (size_t i = 0; i < program->len * sizeof(*program->code); i++)
		ret = (ret ^ p[i]) * UINT64_C(0x100000001b3);
	return arena_printf("%016jx", (uintmax_t)ret);
}

static int open_log(struct bisect *b)
{
	const bool *none = arena_array(syscall_count(), sizeof(*none));
	struct jsonw *w = jsonw_new(JSONW_COMPACT);
	struct bpf_program program;
	struct text head;
	int r = narrow_filter(&b->s, none, b->answer, &program);

	if (r < 0)
		return r;
	jsonw_object(w);
	jsonw_member_string(w, "schema", BISECT_LOG_SCHEMA);
	jsonw_member_string(w, "profile", b->s.name);
	jsonw_member_string(w, "filter", hash(&program));
	jsonw_member_string(w, "answer", say_action(b->answer));
	jsonw_member_u64(w, "timeout", values.timeout);
	jsonw_member_u64(w, "repeat", values.repeat);
	jsonw_member_array(w, "command");
	for (char **arg = b->trial.argv; *arg; arg++)
		jsonw_string(w, *arg);
	jsonw_end(w);
	jsonw_end(w);
	head = jsonw_finish(w);
	return bisect_log_open(values.log, &head, &b->log);
}

/* --- the end ------------------------------------------------------------------------------ */

static const bool *denied_calls(const struct bisect *b)
{
	bool *ret = arena_array(syscall_count(), sizeof(*ret));

	for (unsigned int id = 0; id < syscall_count(); id++)
		ret[id] = b->state[id] == DENIED;
	return ret;
}

static const bool *needed_calls(const struct bisect *b)
{
	bool *ret = arena_array(syscall_count(), sizeof(*ret));

	for (unsigned int id = 0; id < syscall_count(); id++)
		ret[id] = b->state[id] == NEEDED;
	return ret;
}

/* How many of several runs fail under the profile with these calls denied. */
static int count_failures(struct bisect *b, const struct subject *s, unsigned int runs,
			  unsigned int *ret)
{
	const bool *none = arena_array(syscall_count(), sizeof(*none));
	struct bpf_program program;
	int r = narrow_filter(s, none, b->answer, &program);

	*ret = 0;
	b->trial.filter = &program;
	for (unsigned int i = 0; i < runs && r >= 0; i++) {
		struct trial_result result = { 0 };

		r = run_times(b, 1, &result);
		*ret += !trial_has_passed(&result);
	}
	b->trial.filter = NULL;
	return r;
}

/* Another error for a call that is denied is no matter; that one is let through would be. */
static int check(const struct bisect *b, const struct amended *amended)
{
	for (unsigned int id = 0; id < syscall_count(); id++)
		if (b->state[id] == DENIED && narrow_is_allowed(&amended->after, b->canon, id))
			return fail(0, "%s: no rules deny %s and nothing else", b->s.name,
				    syscall_name(id));
	return 0;
}

/* Under the profile as it is written the command must succeed, and not by chance. */
static int confirm(struct bisect *b, const struct amended *amended)
{
	const unsigned int runs = values.repeat > CONFIRM ? values.repeat : CONFIRM;
	unsigned int failures, before;
	int r = count_failures(b, &amended->after, runs, &failures);

	if (r < 0 || !failures)
		return r;
	r = count_failures(b, &b->s, runs, &before);
	if (r < 0)
		return r;
	say_print_to(
		stderr, 2,
		arena_printf("tamis seccomp: %s does not behave alike each time: of %u runs "
			     "%u failed under the smallest profile, and %u under %s itself. No "
			     "profile is written. Trials that are repeated are more certain "
			     "(--repeat)",
			     b->trial.argv[0], runs, failures, before, b->s.name));
	return EXIT_NO;
}

static void print_json(const struct bisect *b)
{
	const bool *needed = needed_calls(b);
	struct jsonw *w = jsonw_new(JSONW_PRETTY);

	jsonw_object(w);
	jsonw_member_string(w, "schema", "tamis-seccomp-bisect/1");
	jsonw_member_string(w, "profile", b->s.name);
	jsonw_member_u64(w, "allowed", b->n_allowed);
	jsonw_member_u64(w, "trials", b->n_trials);
	jsonw_member_string(w, "written", values.output);
	jsonw_member_array(w, "needed");
	for (unsigned int id = 0; id < syscall_count(); id++) {
		if (!needed[id])
			continue;
		jsonw_object(w);
		jsonw_member_string(w, "call", syscall_name(id));
		jsonw_member_string(w, "category", categories_name(categories_of(id)));
		jsonw_end(w);
	}
	jsonw_end(w);
	jsonw_end(w);
	fputs(jsonw_finish(w).data, stdout);
}

static int finish(struct bisect *b)
{
	struct amended amended;
	int r = narrow_text(&b->s, denied_calls(b), b->answer, b->canon, &amended);

	end_progress(b);
	if (r >= 0)
		r = check(b, &amended);
	if (r >= 0)
		r = confirm(b, &amended);
	if (r == 0 && values.output)
		r = output_write(values.output, &amended.text);
	if (r != 0)
		return r;
	if (values.json) {
		print_json(b);
		return EXIT_YES;
	}
	printf("%s allows %zu calls; %s needs %zu of them (%u trials):\n", b->s.name, b->n_allowed,
	       b->trial.argv[0], b->n_needed, b->n_trials);
	narrow_print(needed_calls(b));
	return EXIT_YES;
}

static int search(struct bisect *b)
{
	int r = read_answer(b);

	if (r >= 0)
		r = find_calls(b);
	if (r >= 0)
		r = open_log(b);
	if (r >= 0)
		r = run_first(b);
	if (r == 0)
		r = reduce_categories(b);
	if (r == 0)
		r = reduce_single(b);
	return r == 0 ? finish(b) : r;
}

static int read_profile(const char *word, struct bisect *b)
{
	struct profile_facts facts;
	struct subject s;
	int r = subject_facts(&values.subject, &facts);

	if (r >= 0)
		r = subject_read(word, &values.subject, &facts, b->canon, &s);
	if (r >= 0)
		r = narrow_as_json(&s, b->canon, &b->s);
	b->s.name = word;
	return r;
}

static int bisect(const struct global *g not_used, int argc, char **argv)
{
	struct canon canon;
	struct bisect b = { .canon = &canon };
	bool help;
	/* options may also stand between the profile and the command */
	int r, n = opt_parse(options, "bisect", argc - 1, argv + 1, &values, &help);

	if (n < 0)
		return n;
	if (help || n + 1 == argc)
		return fail(0, "bisect: expected a command behind %s", argv[0]);
	b.trial.argv = argv + 1 + n;
	b.trial.file = lookup_program(b.trial.argv[0]);
	if (!b.trial.file)
		return fail(0, "%s: there is no such command", b.trial.argv[0]);
	b.is_terminal = !values.quiet && isatty(STDERR_FILENO);
	canon_init(&canon);
	r = read_profile(argv[0], &b);
	if (r >= 0)
		r = search(&b);
	if (!b.was_interrupted)
		return r;
	end_progress(&b);
	fprintf(stderr, "tamis seccomp: interrupted after %u trials%s\n", b.n_trials - 1,
		values.log ? "; the same command goes on from there" : "");
	return EXIT_INTERRUPTED;
}

const struct command seccomp_bisect = {
	.name = "bisect",
	.arguments = "PROFILE COMMAND [ARGUMENT...]",
	.summary = "find the smallest profile under which a command succeeds",
	.options = options,
	.values = &values,
	.min_args = 2,
	.max_args = -1,
	.words_are_data = true,
	.run = bisect,
};
