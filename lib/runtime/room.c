/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the note that a limit is raised. What must hold: the note is in the record before pids.max
 * is raised and until it is restored. So the next command that takes the lock and reads the record
 * restores what a killed command left raised.
 */
#include "runtime/room.h"

#include "cgroup/cgroup.h"
#include "cgroup/room.h"
#include "runtime/timeouts.h"

static int note(struct container *c, struct cgroup_room room)
{
	c->record.room = room;
	return record_write(c->dir, &c->record);
}

int room_open(struct container *c, unsigned int n)
{
	struct cgroup cgroup;

	record_cgroup(&c->record, &cgroup);
	const struct cgroup_room room = cgroup_room_wanted(&cgroup, n);

	if (!room.raised)
		return 0;
	int r = note(c, room);

	if (r >= 0)
		cgroup_room_open(&cgroup, &room);
	return r;
}

int room_close(struct container *c)
{
	const struct cgroup_room room = c->record.room;
	struct cgroup cgroup;

	if (!room.raised)
		return 0;
	record_cgroup(&c->record, &cgroup);
	int r = cgroup_room_close(&cgroup, &room);

	return r < 0 ? r : note(c, (struct cgroup_room){ 0 });
}
