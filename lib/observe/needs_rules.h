/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules of a profile that allows what programs need, each with its reason:
 *
 *	needs_rules_init(&needs, false, native, &rules);
 *	needs_rules_complete(&needs, NULL, &rules);
 *	text = needs_rules_write(&rules);
 */
#ifndef OBSERVE_NEEDS_RULES_H
#define OBSERVE_NEEDS_RULES_H

#include "base/io.h"
#include "observe/needs.h"
#include "seccomp/profile.h"

struct needs_rules {
	struct profile profile; /* all else gets ENOSYS */
	const char **comments;	/* one a rule */
	/* private */
	struct rule *own;
	size_t room, room_comments;
};

/*
 * Makes a profile without rules. portable: for all architectures that a container may be moved to.
 */
void needs_rules_init(const struct needs *needs, bool portable, enum abi native,
		      struct needs_rules *ret);
/* Adds a rule. What it points to is kept, and the comment. Arena. */
void needs_rules_add(struct needs_rules *rules, const struct rule *rule, const char *comment);
/* Adds a rule for each reason. has_rules: by id, calls that have rules already; NULL: none. */
void needs_rules_complete(const struct needs *needs, const bool *has_rules,
			  struct needs_rules *ret);
/*
 * Changes the rules so that a SeccompProfile, whose default cannot have an error but EPERM, can say
 * them: every call that is known and not allowed is named and gets ENOSYS.
 */
void needs_rules_for_spo(struct needs_rules *rules);
/* The profile in Docker's form, in which a rule may have a comment. */
struct text needs_rules_write(const struct needs_rules *rules);

#endif
