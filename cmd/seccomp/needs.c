/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the step from what was seen to what is needed. A recording never has all of it: which calls
 * it cannot have is known, and is added; what else may be missing is said.
 */
#include "cmd/seccomp/needs.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/input.h"
#include "cmd/seccomp/needs_profile.h"
#include "cmd/seccomp/say.h"
#include "oci/decode.h"
#include "seccomp/families.h"
#include "seccomp/syscall.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { PROGRAMS_SHOWN = 3 };

/*
 * The start and the end of a program, what a signal makes of it, and what the vDSO answers without
 * a call as long as the clock source of the machine allows that.
 */
static const char *const every[] = {
	"execve",	 "exit",
	"exit_group",	 "restart_syscall",
	"rt_sigreturn",	 "sigreturn",
	"clock_getres",	 "clock_getres_time64",
	"clock_gettime", "clock_gettime64",
	"getcpu",	 "gettimeofday",
	"time",
};

static void warn(const char *text)
{
	say_print_to(stderr, 2, arena_printf("tamis seccomp: %s", text));
}

static void warn_of_run(const struct recording_run *run)
{
	const char *what = run->time ? run->time : "a recording";

	if (!run->has_end)
		warn(arena_printf("the run of %s was not ended: its last second may be missing",
				  what));
	if (run->lost || run->dropped)
		warn(arena_printf("the run of %s lost %" PRIu64 " events: record it once more",
				  what, run->lost + run->dropped));
	for (size_t i = 0; run->uncertain && i < run->uncertain->n; i++)
		warn(arena_printf("the run of %s may lack %s: record it once more", what,
				  run->uncertain->v[i]));
}

static void note_call(struct needs *needs, const struct recording_call *c)
{
	needs->has_abi[c->abi] |= !c->assumed;
	if (c->id < 0)
		warn(arena_printf("%s: call %u has no name here, so that no profile can name it",
				  say_abi(c->abi), c->nr));
	else if (c->assumed)
		needs->assumed[c->id] = true;
	else
		needs->seen[c->id] = true;
}

static void find_siblings(struct needs *needs)
{
	bool *all = arena_array(syscall_count(), sizeof(*all));

	for (unsigned int id = 0; id < syscall_count(); id++)
		all[id] = needs->seen[id] || needs->assumed[id];
	families_add(all);
	for (unsigned int id = 0; id < syscall_count(); id++)
		needs->siblings[id] = all[id] && !needs->seen[id] && !needs->assumed[id];
}

static int read_file(struct recording *r, const char *path)
{
	bool is_stdin = strcmp(path, "-") == 0;
	const char *name = is_stdin ? "standard input" : path;
	struct text *text = arena_alloc(sizeof(*text));
	int ret = input_read(AT_FDCWD, is_stdin ? "/dev/stdin" : path, RECORDING_TEXT_MAX, text);

	if (ret < 0)
		return fail(-ret, "%s: cannot be read", name);
	return needs_profile_is(text) ? needs_profile_read(r, name, text)
				      : recording_read_text(r, name, text);
}

int needs_read(char *const *words, size_t n, bool portable, struct needs *ret)
{
	int r = 0;

	*ret = (struct needs){ .seen = arena_array(syscall_count(), sizeof(bool)),
			       .assumed = arena_array(syscall_count(), sizeof(bool)),
			       .every = arena_array(syscall_count(), sizeof(bool)),
			       .siblings = arena_array(syscall_count(), sizeof(bool)) };
	recording_init(&ret->recording);
	for (size_t i = 0; i < n && r >= 0; i++)
		r = read_file(&ret->recording, words[i]);
	if (r < 0)
		return r;
	if (!ret->recording.n_calls)
		return fail(0, "%s: no system call is in it", words[0]);
	for (size_t i = 0; i < ret->recording.n_runs; i++)
		warn_of_run(&ret->recording.runs[i]);
	for (size_t i = 0; i < ret->recording.n_calls; i++)
		note_call(ret, &ret->recording.calls[i]);
	for (size_t i = 0; i < ARRAY_LEN(every); i++)
		if (syscall_id(every[i]) >= 0)
			ret->every[syscall_id(every[i])] = true;
	if (portable)
		find_siblings(ret);
	return 0;
}

bool needs_has(const struct needs *needs, unsigned int id)
{
	return needs->seen[id] || needs->assumed[id] || needs->every[id] || needs->siblings[id];
}

/* "/bin/a, /bin/b, /bin/c and 2 more"; "": none of that source. */
static const char *list_programs(const struct needs *needs, unsigned int id,
				 enum recording_source source)
{
	const struct recording *r = &needs->recording;
	const char *text = "";
	bool *listed = arena_array(r->n_programs, sizeof(*listed));
	bool found = false;
	size_t n = 0;

	for (size_t i = 0; i < r->n_calls; i++) {
		const struct recording_call *c = &r->calls[i];

		if (c->id != (int)id || c->assumed || c->source != source)
			continue;
		found = true;
		if (!c->program || listed[c->program])
			continue;
		listed[c->program] = true;
		if (n++ < PROGRAMS_SHOWN)
			text = arena_printf("%s%s%s", text, *text ? ", " : "",
					    r->programs[c->program]);
	}
	if (n > PROGRAMS_SHOWN)
		text = arena_printf("%s and %zu more", text, n - PROGRAMS_SHOWN);
	return found && !n ? "a program" : text;
}

/* "made by /bin/a; denied to /bin/b; allowed by trace.json" */
static const char *evidence(const struct needs *needs, unsigned int id)
{
	static const char *const words[] = {
		[RECORDING_MADE] = "made by",
		[RECORDING_DENIED] = "denied to",
		[RECORDING_ALLOWED] = "allowed by",
	};
	const char *text = "";

	for (unsigned int source = 0; source < ARRAY_LEN(words); source++) {
		const char *programs = list_programs(needs, id, (enum recording_source)source);

		if (*programs)
			text = arena_printf("%s%s%s %s", text, *text ? "; " : "", words[source],
					    programs);
	}
	return text;
}

const char *needs_reason(const struct needs *needs, unsigned int id)
{
	if (needs->seen[id])
		return evidence(needs, id);
	if (needs->every[id])
		return "every program may need them: start and end, signal handlers, clocks";
	if (needs->assumed[id])
		return "assumed: they were let through unseen while it was recorded";
	return "in place of others with another C library or architecture";
}
