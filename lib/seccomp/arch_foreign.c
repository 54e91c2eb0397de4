/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns look-ups of system calls in libseccomp, for architectures without tables of our own. No
 * filter of libseccomp is made. An architecture that the installed libseccomp does not know has no
 * calls here, so a filter answers all of them as unknown calls.
 */
#include "seccomp/arch_foreign.h"

#include "base/arena.h"

#include <seccomp.h>
#include <stdlib.h>

int arch_foreign_nr(uint32_t audit, const char *name)
{
	/*
	 * libseccomp's tokens are the audit values. A negative result means no such call, or one
	 * that exists only in a multiplexed form.
	 */
	int nr = seccomp_syscall_resolve_name_arch(audit, name);

	return nr < 0 ? -1 : nr;
}

const char *arch_foreign_name(uint32_t audit, uint32_t nr)
{
	char *name = nr < FOREIGN_END ? seccomp_syscall_resolve_num_arch(audit, (int)nr) : NULL;
	const char *ret = name ? arena_strdup(name) : NULL;

	free(name);
	return ret;
}
