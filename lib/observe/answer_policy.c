/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the words of policies. What must hold: no word but "allow" makes a call be carried out. */
#include "observe/answer_policy.h"

#include "base/arena.h"
#include "base/num.h"
#include "oci/decode.h"
#include "seccomp/errno_names.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <string.h>

enum { MAX_ERRNO = 4095 }; /* of the kernel */

static const char errno_is[] = "errno=";

const struct answer_policy answer_policy_deny = { SECCOMP_RET_ERRNO | EPERM, "errno=EPERM" };

static int error_number(const char *name)
{
	uint32_t number;

	if (num_parse_u32(name, &number) >= 0)
		return number > 0 && number <= MAX_ERRNO ? (int)number : -1;
	return errno_names_find(name);
}

bool answer_policy_parse(const char *words, struct answer_policy *ret)
{
	int error = 0;

	*ret = (struct answer_policy){ .words = arena_strdup(words) };
	if (strcmp(words, "allow") == 0)
		ret->answer = SECCOMP_RET_ALLOW;
	else if (strcmp(words, "kill") == 0)
		ret->answer = SECCOMP_RET_KILL_PROCESS;
	else if (strcmp(words, "errno") == 0)
		error = EPERM;
	else if (strcmp(words, "enosys") == 0)
		error = ENOSYS;
	else if (strncmp(words, errno_is, strlen(errno_is)) == 0)
		error = error_number(words + strlen(errno_is));
	else
		error = -1;
	if (error > 0)
		ret->answer = SECCOMP_RET_ERRNO | (uint32_t)error;
	return error >= 0;
}

bool answer_policy_is_allowed(const struct strings *allowed, const char *words)
{
	for (size_t i = 0; i < allowed->n; i++)
		if (strcmp(allowed->v[i], words) == 0 ||
		    (strcmp(allowed->v[i], "errno") == 0 &&
		     strncmp(words, errno_is, strlen(errno_is)) == 0))
			return true;
	return false;
}
