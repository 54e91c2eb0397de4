/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gives the container a session keyring of its own. It has no key of the caller's session keyring,
 * and it is not a keyring that another user made under the same name and opened to all. The name
 * has a random part, so that another user cannot block the creation of a container by making a
 * keyring of that name first.
 */
#include "process/keyring.h"

#include "base/err.h"
#include "base/num.h"
#include "base/sys.h"
#include "channel/box.h"
#include "channel/handles.h"
#include "channel/procfs.h"
#include "plan/plan.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/*
 * keyctl_setperm(3): the possessor has all rights; the user may view, read, search and link. `exec`
 * needs "search" to join the keyring by its name.
 */
enum { KEYRING_PERM = 0x3f1b0000 };

/*
 * Joining by name accepts every keyring of that name in the user namespace that permits searching.
 * Its owner could read what is put there. So the owner must be this user: it is the keyring that
 * `create` or an earlier `exec` made.
 */
static int check_owner(int32_t key, const char *name)
{
	char text[512]; /* "keyring;UID;GID;PERM;NAME" */
	const char *uid;
	uint64_t owner = 0;
	long n = sys_keyctl_describe(key, text, sizeof(text));

	if (n < 0)
		return fail(errno, "session keyring %s: describe it", name);
	text[(size_t)n < sizeof(text) ? (size_t)n : sizeof(text) - 1] = 0;
	uid = strchr(text, ';');
	if (!uid || num_scan_u64(uid + 1, &uid, &owner) < 0 || owner != geteuid())
		return fail(0,
			    "session keyring %s: found one of another user, expected our own (%s)",
			    name, text);
	return 0;
}

int keyring_join(void *ctx)
{
	const struct box *box = ctx;
	const char *label = box->plan->process.selinux;

	if (!box->plan->keyring)
		return 0;
	if (label) {
		int r = procfs_write(box->h->proc, "self/attr/keycreate", label);

		if (r < 0)
			return fail(-r, "process.selinuxLabel: label the session keyring");
	}
	long key = sys_keyctl_join(box->plan->keyring);

	if (key < 0 && errno == ENOSYS) /* a kernel without key management */
		return 0;
	if (key < 0)
		return fail(errno, "session keyring %s (--no-new-keyring keeps the caller's)",
			    box->plan->keyring);
	int r = check_owner((int32_t)key, box->plan->keyring);

	if (r < 0)
		return r;
	if (sys_keyctl_setperm((int32_t)key, KEYRING_PERM) < 0)
		return fail(errno, "session keyring %s: set its permissions", box->plan->keyring);
	return 0;
}
