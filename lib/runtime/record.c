/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the format of the record. It is a field table like those of the config, read by the same
 * strict parser. So a truncated record is an error, and the previous one is used.
 */
#include "runtime/record.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/identity.h"
#include "base/io.h"
#include "oci/encode.h"
#include "oci/jsonw.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RECORD_MAX = 4 << 20, RECORD_VERSION = 1 };

static const struct field dir_fields[] = {
	REQUIRED(struct cgroup_dir, name, "name"),
	REQUIRED(struct cgroup_dir, mountpoint, "mountpoint"),
	REQUIRED(struct cgroup_dir, path, "path"),
	FIELD(struct cgroup_dir, v2, "v2"),
	FIELD(struct cgroup_dir, made, "made"),
	FIELD(struct cgroup_dir, inode, "inode"),
};
static const struct shape dir_shape = SHAPE(struct cgroup_dir, dir_fields);

static const struct field scope_fields[] = {
	FIELD(struct cgroup_scope, unit, "unit"),
	FIELD(struct cgroup_scope, user, "user"),
	FIELD(struct cgroup_scope, mark, "mark"),
};
static const struct shape scope_shape = SHAPE(struct cgroup_scope, scope_fields);

static const struct field record_fields[] = {
	RANGE(struct record, version, "version", RECORD_VERSION, RECORD_VERSION, .required = true),
	REQUIRED(struct record, id, "id"),
	REQUIRED(struct record, created, "created"),
	REQUIRED(struct record, oci_version, "ociVersion"),
	REQUIRED(struct record, bundle, "bundle"),
	REQUIRED(struct record, rootfs, "rootfs"),
	REQUIRED(struct record, created_at, "createdAt"),
	FIELD(struct record, owner, "owner"),
	REQUIRED(struct record, boot_id, "bootId"),
	REQUIRED(struct record, creator_pid, "creatorPid"),
	REQUIRED(struct record, creator_start, "creatorStartTime"),
	FIELD(struct record, pid, "pid"),
	FIELD(struct record, start_time, "startTime"),
	FIELD(struct record, namespaces, "namespaces"),
	FIELD(struct record, own_pid_namespace, "ownPidNamespace"),
	FIELD(struct record, terminal, "terminal"),
	FIELD(struct record, user_notif, "notify"),
	FIELD(struct record, listener_path, "listenerPath"),
	FIELD(struct record, listener_metadata, "listenerMetadata"),
	FIELD(struct record, filter_len, "filterLength"),
	FIELD(struct record, filter_flags, "filterFlags"),
	FIELD(struct record, agent_pid, "agentPid"),
	FIELD(struct record, agent_start, "agentStartTime"),
	FIELD(struct record, denials_log, "denialsLog"),
	FIELD(struct record, recorder_pid, "recorderPid"),
	FIELD(struct record, recorder_start, "recorderStartTime"),
	FIELD(struct record, keyring, "sessionKeyring"),
	FIELD(struct record, keep_groups, "keepGroups"),
	REQUIRED(struct record, program, "program"),
	FIELD(struct record, hooks_ran, "hooksRan"),
	FIELD(struct record, start_hooks, "startContainer"),
	FIELD(struct record, poststart, "poststart"),
	FIELD(struct record, poststop, "poststop"),
	LIST(struct record, cgroups, "cgroups", dir_shape),
	OBJECT(struct record, scope, "scope", scope_shape),
	FIELD(struct record, room.limit, "pidsLimit"),
	FIELD(struct record, room.raised, "pidsRaised"),
	FIELD(struct record, annotations, "annotations"),
};
static const struct shape record_shape = SHAPE(struct record, record_fields);

bool record_exists(int dir)
{
	struct stat st;

	return fstatat(dir, "record", &st, AT_SYMLINK_NOFOLLOW) == 0;
}

static int read_one(int dir, const char *name, const char *id, struct record *ret)
{
	struct text text;
	int r = io_read_file(dir, name, RECORD_MAX, &text);

	if (r < 0)
		return r;
	r = decode_text(name, &text, &record_shape, ret);
	if (r < 0)
		err_clear(); /* the previous version may be readable */
	return r < 0 || strcmp(ret->id, id) != 0 ? -EBADMSG : 0;
}

int record_read(int dir, const char *id, struct record *ret)
{
	int r = read_one(dir, "record", id, ret), old;

	if (r == 0)
		return 0;
	old = read_one(dir, "record.old", id, ret);
	if (old == 0)
		return RECORD_OLD;
	return r == -ENOENT && old == -ENOENT ? -ENOENT : -EBADMSG;
}

/* Renames through a third name, so that record.old always exists. */
static int keep_old(int dir)
{
	static const char next[] = ".record.next";
	int r = linkat(dir, "record", dir, next, 0);

	/* left by a command that was killed */
	if (r < 0 && errno == EEXIST && unlinkat(dir, next, 0) == 0)
		r = linkat(dir, "record", dir, next, 0);
	if (r < 0 && errno == ENOENT)
		return 0; /* this is the first record */
	return r < 0 || renameat(dir, next, dir, "record.old") < 0 ? -errno : 0;
}

int record_write(int dir, const struct record *record)
{
	struct jsonw *w = jsonw_new(JSONW_PRETTY);

	encode(w, &record_shape, record);
	struct text text = jsonw_finish(w);

	if (text.len > RECORD_MAX) /* a larger one could not be read again */
		return fail(0,
			    "record: found %zu bytes (large annotations?), expected at most %d MiB",
			    text.len, RECORD_MAX >> 20);
	int r = keep_old(dir);

	if (r == 0)
		r = io_replace_file(dir, "record", text.data, text.len, 0600);
	return r < 0 ? fail(-r, "record: cannot be written") : 0;
}

void record_set_cgroup(struct record *record, const struct cgroup *cgroup)
{
	record->cgroups.n = cgroup->n;
	record->cgroups.v = arena_array(PLAN_HIERARCHIES, sizeof(*record->cgroups.v));
	memcpy(record->cgroups.v, cgroup->v, sizeof(cgroup->v));
	record->scope = cgroup->scope;
}

void record_cgroup(const struct record *record, struct cgroup *ret)
{
	*ret = (struct cgroup){ 0 };
	/* cgroups of an earlier boot are gone, and their names may be used by others */
	if (!record->boot_id || !identity_is_this_boot(record->boot_id))
		return;
	for (; ret->n < record->cgroups.n && ret->n < PLAN_HIERARCHIES; ret->n++)
		ret->v[ret->n] = record->cgroups.v[ret->n];
	ret->scope = record->scope;
}
