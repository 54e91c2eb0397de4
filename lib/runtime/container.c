/* SPDX-License-Identifier: Apache-2.0 */
/* A container as later commands find it: its state directory, its record and its lock. */
#include "runtime/container.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/words.h"
#include "runtime/holder.h"
#include "runtime/room.h"
#include "runtime/statedir.h"

#include <errno.h>
#include <sys/file.h>

/* Opens what exists under that id and reads the record. */
static int open_found(struct container *c)
{
	c->dir = statedir_open(c->root, c->id);
	if (c->dir < 0)
		return c->dir == -ENOENT ? OPEN_ABSENT : c->dir;
	int r = record_read(c->dir, c->id, &c->record);

	if (r == 0)
		return OPEN_DONE;
	if (r == RECORD_OLD)
		return OPEN_DAMAGED;
	if (r != -ENOENT)
		return OPEN_DAMAGED;
	/* or another runtime's directory */
	return statedir_is_ours(c->dir) ? OPEN_EMPTY : OPEN_ABSENT;
}

int container_open(const char *root, const char *id, struct container *ret)
{
	int r = statedir_check_id(id);

	*ret = CONTAINER_NONE;
	if (r < 0)
		return r;
	ret->id = id;
	ret->root = statedir_open_root(root, false);
	if (ret->root < 0)
		return ret->root == -ENOENT ? OPEN_ABSENT : ret->root;
	r = open_found(ret);
	if (r < 0 || r == OPEN_ABSENT)
		container_close(ret);
	return r;
}

int container_open_sound(const char *root, const char *id, struct container *ret)
{
	int r = container_open(root, id, ret);

	if (r > 0)
		container_close(ret);
	if (r == OPEN_ABSENT || r == OPEN_EMPTY)
		return fail(0, "container '%s': " WORDS_NOT_EXIST, id);
	if (r == OPEN_DAMAGED)
		return fail(0,
			    "container '%s': its record cannot be read; 'delete --force' removes "
			    "what is left of it",
			    id);
	return r;
}

int container_lock(struct container *c, int timeout_ms)
{
	int r = statedir_lock(c->root, c->id, c->dir, timeout_ms);

	if (r == -ENOENT) {
		fail_note(0, "container '%s': " WORDS_NOT_EXIST, c->id);
		return r;
	}
	if (r == -EBUSY) {
		pid_t pid = holder_find(c->dir);

		fail_note(0, "container '%s' is busy: another command holds its lock%s", c->id,
			  pid > 0 ? arena_printf(" (process %d)", (int)pid) : "");
		return r;
	}
	if (r < 0)
		return fail(-r, "container '%s': cannot be locked", c->id);
	c->locked = true;
	/* the holder of the lock may have written since the record was read */
	r = record_read(c->dir, c->id, &c->record);
	if (r == -ENOENT)
		fail_note(0, "container '%s': " WORDS_NOT_EXIST, c->id);
	else if (r != 0)
		r = fail(0, "container '%s': its record cannot be read", c->id);
	/*
	 * restores a limit that a killed command left raised; a failure must not stop this command
	 */
	else if (room_close(c) < 0) {
		log_warning("container '%s': %s", c->id, err_message());
		err_clear();
	}
	return r;
}

void container_unlock(struct container *c)
{
	if (c->locked)
		(void)flock(c->dir, LOCK_UN);
	c->locked = false;
}

void container_close(struct container *c)
{
	fd_close(&c->dir);
	fd_close(&c->root);
	fd_close(&c->proc);
	fd_close(&c->sdnotify);
	fd_close(&c->child.pidfd);
	fd_close(&c->master);
	c->locked = false;
}
