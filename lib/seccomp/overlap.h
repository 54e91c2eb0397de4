/* SPDX-License-Identifier: Apache-2.0 */
/* Finds rules about one call between which libseccomp would choose in its own way. */
#ifndef SECCOMP_OVERLAP_H
#define SECCOMP_OVERLAP_H

#include "base/base.h"
#include "seccomp/canon.h"
#include "seccomp/emit.h"
#include "seccomp/profile.h"

/* Whether two rules about the call with different actions match the same arguments. */
bool overlap_has(const struct profile *profile, const char *call, struct canon *canon);
/*
 * Returns a call about which there are such rules, while the limit neither permits the call nor has
 * the same rules about it; or NULL. So libseccomp may permit what the limit denies.
 */
const char *overlap_first(const struct profile *profile, const struct profile *limit,
			  struct canon *canon);
/*
 * Whether libseccomp, whose program compile() makes, lets the strictest rule about the call decide,
 * as tamis does, on all architectures of the profile.
 */
bool overlap_is_strict(const struct profile *profile, const char *call, enum abi native,
		       bool (*compile)(const struct profile *profile, enum abi native,
				       struct bpf_program *ret),
		       struct canon *canon);

#endif
