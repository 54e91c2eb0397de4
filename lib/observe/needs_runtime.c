/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the tables of what container runtimes do under the filter that they have loaded, until they
 * execute the program. A profile that denies one of these calls starts no container there. Measured
 * by strace -f of runc 1.1.5 and crun 1.8.1, run and create with start, with and without
 * no_new_privs, as root and not. Added without a measurement: calls that do the same in other
 * versions (close_range, openat2, select, statx), and what the threads of a Go runtime may call at
 * any time. tamis loads the filter last, so that nothing but execve follows.
 */
#include "observe/needs.h"

#include "base/arena.h"
#include "seccomp/syscall.h"

#include <string.h>

/* runc: its init, and the other threads of its Go runtime, which the filter holds for, too */
static const char *const runc[] = {
	"capget",	"capset",      "chdir",	       "clone",
	"close",	"close_range", "epoll_ctl",    "epoll_pwait",
	"execve",	"faccessat2",  "fchown",       "fcntl",
	"fstat",	"fstatfs",     "futex",	       "getcwd",
	"getdents64",	"getpid",      "getppid",      "gettid",
	"madvise",	"mmap",	       "munmap",       "nanosleep",
	"newfstatat",	"openat",      "openat2",      "prctl",
	"read",		"readlinkat",  "rt_sigaction", "rt_sigprocmask",
	"rt_sigreturn", "sched_yield", "setgid",       "setgroups",
	"setuid",	"sigaltstack", "statx",	       "tgkill",
	"write",	NULL,
};

/* crun: between `create` and `start` its init waits for a FIFO, under the filter */
static const char *const crun[] = {
	"_newselect",	   "capset",   "close",	    "close_range",  "execve",
	"prctl",	   "pselect6", "read",	    "rt_sigaction", "rt_sigprocmask",
	"pselect6_time64", "select",   "setgroups", "setresgid",    "setresuid",
	"write",	   NULL,
};

static const char *const tamis[] = { "execve", NULL };

static const struct {
	const char *name;
	const char *const *calls;
} runtimes[] = {
	{ "runc", runc },
	{ "crun", crun },
	{ "tamis", tamis },
};

bool needs_runtime_add(struct needs *needs, const char *name)
{
	bool is_any = strcmp(name, "any") == 0, is_known = is_any;

	for (size_t i = 0; i < ARRAY_LEN(runtimes); i++) {
		if (!is_any && strcmp(name, runtimes[i].name) != 0)
			continue;
		is_known = true;
		for (const char *const *call = runtimes[i].calls; *call; call++)
			if (syscall_id(*call) >= 0)
				needs->runtime[syscall_id(*call)] = true;
	}
	return is_known;
}
