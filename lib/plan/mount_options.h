/* SPDX-License-Identifier: Apache-2.0 */
/* The words of mounts[].options (runtime-spec config.md, mount(8)) and what they mean. */
#ifndef PLAN_MOUNT_OPTIONS_H
#define PLAN_MOUNT_OPTIONS_H

#include "base/base.h"
#include "base/names.h"

enum mount_option_kind {
	OPTION_ATTR,	 /* set and clear: MOUNT_ATTR_* of the top mount */
	OPTION_REC_ATTR, /* set and clear: MOUNT_ATTR_* of the whole tree */
	OPTION_SHARING,	 /* set: one of MS_SHARED ..., | MS_REC */
	OPTION_SUPER,	 /* a flag of the superblock, in fsconfig(2)'s words; nothing for binds */
	OPTION_BIND,	 /* set: MS_REC or 0 */
	OPTION_IDMAP,	 /* set: enum plan_idmap */
	OPTION_COPY_UP,
	OPTION_NOTHING, /* has no effect on this kernel, or never had one */
	OPTION_REFUSED,
};

struct mount_option {
	const char *name;
	enum mount_option_kind kind;
	uint64_t set, clear;
};

/* The row called name (exact case), or NULL: the file system's own word. */
const struct mount_option *mount_option_find(const char *name);
/* The option most like name, for messages; NULL if none is near. */
const char *mount_option_like(const char *name);
/* The i-th name, NULL behind the last one: for `features`, sorted, without those refused. */
const char *mount_option_name(size_t i);

#endif
