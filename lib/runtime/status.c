/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a container is doing, from evidence, not from a word that somebody had to write in
 * time: whether init lives (identity), whether it still listens for a start (its socket is
 * close-on-exec), whether its cgroup is frozen, whether a create holds the lock.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/identity.h"
#include "base/log.h"
#include "base/words.h"
#include "box/start.h"
#include "cgroup/cgroup.h"
#include "oci/state.h"
#include "runtime/container.h"
#include "runtime/holder.h"
#include "runtime/lifecycle.h"
#include "runtime/room.h"
#include "runtime/statedir.h"

#include <errno.h>
#include <sys/file.h>

const char *status_word(enum status status)
{
	static const char *const words[] = {
		[STATUS_CREATING] = "creating", [STATUS_CREATED] = "created",
		[STATUS_RUNNING] = "running",	[STATUS_PAUSED] = "paused",
		[STATUS_STOPPED] = "stopped",	[STATUS_BROKEN] = "stopped",
		[STATUS_GONE] = "stopped",
	};

	return words[status];
}

/* Of a container whose record, when it was read, was a create's that had not done its work. */
static enum status create_status(struct container *c)
{
	struct record now;

	if (c->locked)
		return STATUS_BROKEN;
	if (statedir_is_locked(c->dir))
		return STATUS_CREATING;
	/* The lock is given back behind the last word that is written: this one is final. */
	int r = record_read(c->dir, c->id, &now);

	if (r == -ENOENT)
		return STATUS_GONE;
	if (r != 0 || !now.created)
		return STATUS_BROKEN;
	c->record = now;
	return STATUS_CREATED;
}

enum status container_status(struct container *c)
{
	const struct record *r = &c->record;
	struct cgroup cgroup;
	enum status creating = r->created ? STATUS_CREATED : create_status(c);

	if (creating != STATUS_CREATED)
		return creating;
	autofd pidfd = identity_open((pid_t)r->pid, r->start_time, r->boot_id);

	if (pidfd == -ESRCH)
		return STATUS_STOPPED;
	if (pidfd < 0)
		return STATUS_RUNNING; /* nobody knows; whoever removes it must find out */
	record_cgroup(r, &cgroup);
	if (cgroup_is_frozen(&cgroup) == 1)
		return STATUS_PAUSED;
	if (start_is_waiting(c->dir) != 1)
		return STATUS_RUNNING;
	/* What is inside may have become a writer of the FIFO, too, where it may trace init. */
	return start_has_executed(pidfd) ? STATUS_RUNNING : STATUS_CREATED;
}

static uint32_t state_of(enum status status)
{
	static const uint32_t states[] = {
		[STATUS_CREATING] = STATE_CREATING, [STATUS_CREATED] = STATE_CREATED,
		[STATUS_RUNNING] = STATE_RUNNING,   [STATUS_PAUSED] = STATE_PAUSED,
		[STATUS_STOPPED] = STATE_STOPPED,   [STATUS_BROKEN] = STATE_STOPPED,
		[STATUS_GONE] = STATE_STOPPED,
	};

	return states[status];
}

void container_describe(const struct container *c, enum status status, struct state *ret)
{
	const struct record *r = &c->record;
	bool alive = status < STATUS_STOPPED;

	*ret = (struct state){
		.oci_version = r->oci_version,
		.id = c->id,
		.status = state_of(status),
		.pid = alive ? (int32_t)r->pid : 0,
		.bundle = r->bundle,
		.annotations = r->annotations,
		.rootfs = r->rootfs,
		.created = r->created_at,
	};
}

char *container_state(const struct container *c, enum status status, bool full)
{
	struct state s;

	container_describe(c, status, &s);
	if (full)
		s.owner = c->record.owner ? arena_printf("%u", c->record.owner) : "";
	else
		s.rootfs = s.created = NULL;
	return state_encode(&s, full ? JSONW_PRETTY : JSONW_COMPACT).data;
}

/* What is there under that id, with what it could be read. */
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
	return statedir_is_ours(c->dir) ? OPEN_EMPTY : OPEN_ABSENT; /* or another runtime's */
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
	/* whoever held the lock may have written since we read */
	r = record_read(c->dir, c->id, &c->record);
	if (r == -ENOENT)
		fail_note(0, "container '%s': " WORDS_NOT_EXIST, c->id);
	else if (r != 0)
		r = fail(0, "container '%s': its record cannot be read", c->id);
	else if (room_close(c) < 0) { /* of one that was killed; not what is asked of us */
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
