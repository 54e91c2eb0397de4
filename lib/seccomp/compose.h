/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From answers to the profile that gives them: of a BPF program, or of a combination of profiles.
 *
 *	r = compose_profile("filter.bpf", &verdicts, &canon, ABI_X86_64, &composed);
 *	if (r == 0 && composed.equal)
 *		profile_write(w, composed.profile);
 *
 * A profile names calls, and its rules hold for all its architectures. So not all answers can be
 * given by a profile. Whether this one gives them is proved, never assumed.
 */
#ifndef SECCOMP_COMPOSE_H
#define SECCOMP_COMPOSE_H

#include "seccomp/profile.h"
#include "seccomp/verdicts.h"

struct composed {
	const struct profile *profile; /* without flags and listener */
	struct verdicts verdicts;      /* that the profile gives */
	bool equal;		       /* to those that are asked for */
};

/*
 * native: the architecture of the kernel, which every profile covers. Of the profiles that give all
 * answers the shortest one; if there is none, one that gives most of them. place is for messages
 * and must live as long as *ret. Arena. Reporting: too many rules.
 */
must_check int compose_profile(const char *place, const struct verdicts *wanted,
			       struct canon *canon, enum abi native, struct composed *ret);

/*
 * As compose_profile(), for runtimes that compare all 64 bits of parameters of which the kernel
 * reads 32: where it is possible no rule holds for a value with other bits. Reporting.
 */
must_check int compose_profile_whole(const char *place, const struct verdicts *wanted,
				     struct canon *canon, enum abi native, struct composed *ret);

#endif
