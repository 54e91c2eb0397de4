/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the step from what was seen to what is needed. A recording never has all of it: which calls
 * it cannot have is known, and is added.
 */
#include "observe/needs.h"

#include "base/arena.h"
#include "seccomp/families.h"
#include "seccomp/syscall.h"

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

static void note_call(struct needs *needs, const struct recording_call *c)
{
	needs->has_abi[c->abi] |= !c->assumed;
	if (c->id >= 0 && c->assumed)
		needs->assumed[c->id] = true;
	else if (c->id >= 0)
		needs->seen[c->id] = true;
}

static void find_siblings(struct needs *needs)
{
	bool *all = arena_array(syscall_count(), sizeof(*all));

	for (unsigned int id = 0; id < syscall_count(); id++)
		all[id] = needs->seen[id] || needs->assumed[id] || needs->runtime[id];
	families_add(all);
	for (unsigned int id = 0; id < syscall_count(); id++)
		needs->siblings[id] =
			all[id] && !needs->seen[id] && !needs->assumed[id] && !needs->runtime[id];
}

void needs_init(struct needs *ret)
{
	*ret = (struct needs){ .seen = arena_array(syscall_count(), sizeof(bool)),
			       .assumed = arena_array(syscall_count(), sizeof(bool)),
			       .every = arena_array(syscall_count(), sizeof(bool)),
			       .runtime = arena_array(syscall_count(), sizeof(bool)),
			       .siblings = arena_array(syscall_count(), sizeof(bool)) };
}

void needs_find(struct needs *needs, const struct recording *recording, bool portable)
{
	needs->recording = recording;
	for (size_t i = 0; i < recording->n_calls; i++)
		note_call(needs, &recording->calls[i]);
	for (size_t i = 0; i < ARRAY_LEN(every); i++)
		if (syscall_id(every[i]) >= 0)
			needs->every[syscall_id(every[i])] = true;
	if (portable)
		find_siblings(needs);
}

bool needs_has(const struct needs *needs, unsigned int id)
{
	return needs->seen[id] || needs->assumed[id] || needs->every[id] || needs->runtime[id] ||
	       needs->siblings[id];
}

/* "/bin/a, /bin/b, /bin/c and 2 more"; "": none of that source. */
static const char *list_programs(const struct needs *needs, unsigned int id,
				 enum recording_source source)
{
	const struct recording *r = needs->recording;
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
	if (needs->runtime[id])
		return "made by the container runtime between its seccomp(2) and the program";
	if (needs->assumed[id])
		return "assumed: they were let through unseen while it was recorded";
	return "in place of others with another C library or architecture";
}
