/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A filter that notifies a supervisor (seccomp_unotify(2)) of every call that a profile denies. The
 * supervisor answers as the profile does:
 *
 *	r = notifying_make(profile, kernel_flags, place, &loaded);     loaded into the container
 *	...
 *	answer = bpf_run(profile->code, profile->len, &notification.data, NULL);
 *
 * A supervisor can answer with an error number. It cannot send SIGSYS as the kernel does for TRAP
 * and KILL. So the filter itself has these actions for three numbers that are no system calls: the
 * supervisor lets the process repeat the call with such a number (observe/penalty.h).
 */
#ifndef SECCOMP_NOTIFYING_H
#define SECCOMP_NOTIFYING_H

#include "base/base.h"

struct filter;

/* Consecutive numbers for which the filter, not the supervisor, gives the answer, on every
 * architecture. */
enum notifying_number {
	NOTIFYING_KILL_PROCESS = 0x3ffffff0,
	NOTIFYING_KILL_THREAD,
	NOTIFYING_TRAP,
};

/*
 * Makes the filter from the proved one of a profile, in the arena. Calls that the profile allows
 * execute the same instructions as before, unless the profile allows unknown numbers. kernel_flags
 * are the SECCOMP_FILTER_FLAG_* that the kernel supports; `place` names the profile in messages. A
 * profile that has a listener of its own is refused, as seccomp(2) permits one listener only, and
 * so is a filter with more than 4096 instructions. Reporting.
 */
must_check int notifying_make(const struct filter *profile, uint64_t kernel_flags,
			      const char *place, const struct filter **ret);
/*
 * Whether nr is one of these numbers. The kernel's audit record of a call that was answered so has
 * it in place of the number of the call.
 */
bool notifying_is_number(uint32_t nr);
/* Whether the answer of a profile, SECCOMP_RET_*, is one that the filter notifies. */
bool notifying_is_denial(uint32_t answer);

#endif
