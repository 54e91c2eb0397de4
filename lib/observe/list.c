/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns `list`. What must hold: an entry that is damaged, foreign, or being deleted never hides the
 * others. No lock is waited for.
 */
#include "observe/list.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "runtime/container.h"
#include "runtime/state.h"
#include "runtime/statedir.h"
#include "runtime/status.h"
#include "runtime/timeouts.h"

#include <errno.h>

/* Names of other users would require NSS, which a static program must not load. */
static const char *owner_word(uint32_t uid)
{
	return uid ? arena_printf("#%u", uid) : "root";
}

static const char *or_empty(const char *s)
{
	return s ? s : "";
}

/* Describes a container whose record is truncated, with the strings that could be read. */
static void describe_damaged(const struct container *c, struct state *ret)
{
	const struct record *r = &c->record;

	*ret = (struct state){
		.oci_version = or_empty(r->oci_version),
		.id = c->id,
		.status = STATUS_STOPPED,
		.bundle = or_empty(r->bundle),
		.rootfs = or_empty(r->rootfs),
		.created = or_empty(r->created_at),
	};
}

/* Whether there is something to show for that id. */
static bool describe(const char *root, const char *id, struct state *ret)
{
	struct container c;
	int r = container_open(root, id, &c);

	if (r < 0)
		err_clear();
	enum status status = r == OPEN_DONE ? container_status(&c) : STATUS_GONE;
	bool shown = r == OPEN_DAMAGED || status != STATUS_GONE;

	if (r == OPEN_DAMAGED)
		describe_damaged(&c, ret);
	else if (shown)
		container_state_describe(&c, status, ret);
	if (shown)
		ret->owner = owner_word(c.record.owner);
	container_close(&c);
	return shown;
}

int container_list(const char *root, struct state **ret, size_t *ret_n)
{
	const char *const *ids;
	size_t n, kept = 0;
	autofd dir = statedir_open_root(root, false);

	*ret = NULL;
	*ret_n = 0;
	if (dir < 0)
		return dir == -ENOENT ? 0 : dir;
	int r = statedir_list(dir, &ids, &n);

	if (r < 0)
		return r;
	*ret = arena_array(n, sizeof(**ret));
	for (size_t i = 0; i < n; i++)
		kept += describe(root, ids[i], &(*ret)[kept]);
	*ret_n = kept;
	return 0;
}
