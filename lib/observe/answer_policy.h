/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What tamis-agent answers to a call that no profile of its own decides: "errno", "errno=EACCES",
 * "enosys", "allow", "kill". Example:
 *
 *	struct answer_policy policy;
 *
 *	if (!answer_policy_parse("errno=EACCES", &policy))
 *		policy = answer_policy_deny;
 */
#ifndef OBSERVE_ANSWER_POLICY_H
#define OBSERVE_ANSWER_POLICY_H

#include "base/base.h"

struct strings;

struct answer_policy {
	uint32_t answer;   /* SECCOMP_RET_ERRNO with its number, _ALLOW or _KILL_PROCESS */
	const char *words; /* in the arena, or constant */
};

/* EPERM. */
extern const struct answer_policy answer_policy_deny;

/* Reads the words of a policy. Returns whether they are known. */
bool answer_policy_parse(const char *words, struct answer_policy *ret);
/*
 * Whether the words of a policy are among the allowed ones: the same words, or "errno", which
 * allows every error number.
 */
bool answer_policy_is_allowed(const struct strings *allowed, const char *words);

#endif
