/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the text of a claim: "STATE PID START ID".
 *
 * What must hold: a claim lets its processes be killed only if it names the container's own state
 * directory (STATE), which no other container has. The rest is used in messages and to find the
 * create that is at work. Any process that may write to the leaf can write or remove a claim, and
 * the container may be able to. So a claim is evidence only of the fact that the leaf was used.
 */
#include "cgroup/claim.h"

#include "base/arena.h"
#include "base/num.h"
#include "oci/rules.h"

#include <errno.h>
#include <string.h>
#include <sys/xattr.h>

#define CLAIM_NAME "user.tamis.owner"

enum { CLAIM_MAX = 512 };

static const char *text_of(const struct cgroup_owner *owner)
{
	return arena_printf("%s %jd %ju %s", owner->state, (intmax_t)owner->pid,
			    (uintmax_t)owner->start, owner->id);
}

int claim_read(int leaf, struct cgroup_owner *ret)
{
	char text[CLAIM_MAX + 1];
	ssize_t n = fgetxattr(leaf, CLAIM_NAME, text, CLAIM_MAX);
	uint64_t pid;
	const char *p;

	if (n < 0 && errno != ERANGE)
		return -errno;
	*ret = (struct cgroup_owner){ .state = "", .id = "?" };
	text[n < 0 ? 0 : n] = 0;
	size_t state = strcspn(text, " ");

	/* The id must be valid: it is shown in messages, which engines search for words. */
	if (!text[state] || num_scan_u64(text + state + 1, &p, &pid) < 0 || *p != ' ' ||
	    pid > INT32_MAX || num_scan_u64(p + 1, &p, &ret->start) < 0 || *p != ' ' ||
	    !rules_container_id.holds(p + 1))
		return 0;
	ret->state = arena_memdup(text, state);
	ret->pid = (pid_t)pid;
	ret->id = arena_strdup(p + 1);
	return 0;
}

bool claim_is_of(const struct cgroup_owner *claim, const struct cgroup_owner *owner)
{
	return owner->state && *owner->state && strcmp(claim->state, owner->state) == 0;
}

int claim_set(int leaf, const struct cgroup_owner *owner)
{
	const char *text = text_of(owner);
	struct cgroup_owner now = { .state = "", .id = "" };

	if (fsetxattr(leaf, CLAIM_NAME, text, strlen(text), XATTR_CREATE) == 0)
		return 0;
	if (errno != EEXIST)
		return -errno;
	/* the same hierarchy may be mounted twice */
	return claim_read(leaf, &now) == 0 && strcmp(text_of(&now), text) == 0 ? 1 : -EEXIST;
}

void claim_clear(int leaf)
{
	(void)fremovexattr(leaf, CLAIM_NAME);
}
