/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of a profile that allows what programs need, each with its reason. */
#ifndef CMD_SECCOMP_NEEDS_RULES_H
#define CMD_SECCOMP_NEEDS_RULES_H

#include "cmd/seccomp/needs.h"
#include "seccomp/profile.h"

struct needs_rules {
	struct profile profile; /* all else gets ENOSYS */
	const char **comments;	/* one a rule */
};

/*
 * by_args: by id, calls that are allowed only with the values that were recorded, where these are
 * known and few. portable: for all architectures that a container may be moved to. Arena.
 * Reporting.
 */
must_check int needs_rules_make(const struct needs *needs, const bool *by_args, bool portable,
				enum abi native, struct needs_rules *ret);
/*
 * Changes the rules so that a SeccompProfile, whose default cannot have an error but EPERM, can say
 * them: every call that is known and not allowed is named and gets ENOSYS.
 */
void needs_rules_for_spo(struct needs_rules *rules);

#endif
