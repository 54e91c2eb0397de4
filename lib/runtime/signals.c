/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the table of signal names. sigabbrev_np(3) exists only in new C libraries and does not know
 * real-time signals.
 */
#include "runtime/signals.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/names.h"
#include "base/num.h"

#include <ctype.h>
#include <signal.h>
#include <string.h>

static const struct name signal_names[] = {
	{ "HUP", SIGHUP },
	{ "INT", SIGINT },
	{ "QUIT", SIGQUIT },
	{ "ILL", SIGILL },
	{ "TRAP", SIGTRAP },
	{ "ABRT", SIGABRT },
	{ "IOT", SIGABRT },
	{ "BUS", SIGBUS },
	{ "FPE", SIGFPE },
	{ "KILL", SIGKILL },
	{ "USR1", SIGUSR1 },
	{ "SEGV", SIGSEGV },
	{ "USR2", SIGUSR2 },
	{ "PIPE", SIGPIPE },
	{ "ALRM", SIGALRM },
	{ "TERM", SIGTERM },
	{ "STKFLT", SIGSTKFLT },
	{ "CHLD", SIGCHLD },
	{ "CLD", SIGCHLD },
	{ "CONT", SIGCONT },
	{ "STOP", SIGSTOP },
	{ "TSTP", SIGTSTP },
	{ "TTIN", SIGTTIN },
	{ "TTOU", SIGTTOU },
	{ "URG", SIGURG },
	{ "XCPU", SIGXCPU },
	{ "XFSZ", SIGXFSZ },
	{ "VTALRM", SIGVTALRM },
	{ "PROF", SIGPROF },
	{ "WINCH", SIGWINCH },
	{ "IO", SIGIO },
	{ "POLL", SIGIO },
	{ "PWR", SIGPWR },
	{ "SYS", SIGSYS },
	{ NULL, 0 },
};

enum {
	FIRST_REAL_TIME = 34, /* the C library uses 32 and 33 itself */
	LAST = 64,
};

/* Converts "RTMIN", "RTMIN+3" or "RTMAX-1"; returns 0 for anything else. */
static int real_time(const char *word)
{
	bool from_end = strncmp(word, "RTMAX", 5) == 0;
	uint32_t n = 0;

	if (!from_end && strncmp(word, "RTMIN", 5) != 0)
		return 0;
	if (word[5] && (word[5] != (from_end ? '-' : '+') || num_parse_u32(word + 6, &n) < 0))
		return 0;
	if (n > LAST - FIRST_REAL_TIME)
		return 0;
	return from_end ? LAST - (int)n : FIRST_REAL_TIME + (int)n;
}

int signals_parse(const char *word)
{
	char *upper = arena_strdup(word);
	uint32_t n;

	if (num_parse_u32(word, &n) == 0 && n <= LAST)
		return (int)n;
	for (char *p = upper; *p; p++)
		*p = (char)toupper((unsigned char)*p);
	if (strncmp(upper, "SIG", 3) == 0)
		upper += 3;
	const struct name *found = names_find(signal_names, upper);

	if (found)
		return (int)found->value;
	if (real_time(upper))
		return real_time(upper);
	const char *like = names_like(signal_names, upper);

	return like ? fail(0, "unknown signal '%s'; did you mean '%s'?", word, like)
		    : fail(0, "unknown signal '%s': expected a name or a number from 0 to %d", word,
			   LAST);
}
