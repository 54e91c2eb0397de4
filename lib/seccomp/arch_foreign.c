/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Architectures without tables of our own, asked of libseccomp: pure lookups, no filter of
 * libseccomp's is made. What the installed version does not know has no calls here, so that
 * a filter for such an architecture answers to all of them as to an unknown call.
 */
#include "seccomp/arch_foreign.h"

#include "base/arena.h"

#include <seccomp.h>
#include <stdlib.h>

int arch_foreign_nr(uint32_t audit, const char *name)
{
	/* libseccomp's tokens are the audit values. Negative: no such call, or a multiplexed one.
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
