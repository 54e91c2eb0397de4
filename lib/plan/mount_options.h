/* SPDX-License-Identifier: Apache-2.0 */
/* The words of mounts[].options (runtime-spec config.md, mount(8)) and what they mean. */
#ifndef PLAN_MOUNT_OPTIONS_H
#define PLAN_MOUNT_OPTIONS_H

#include "base/base.h"
#include "base/names.h"

struct mount_spec;
struct plan;
struct plan_mount;

enum mount_option_kind {
	OPTION_ATTR,	 /* value: one MOUNT_ATTR_* of the top mount */
	OPTION_REC_ATTR, /* value: one MOUNT_ATTR_* of the whole tree */
	OPTION_SHARING,	 /* value: one of MS_SHARED ..., | MS_REC */
	OPTION_SUPER,	 /* a flag of the superblock, in fsconfig(2)'s words; nothing for binds */
	OPTION_BIND,	 /* value: MS_REC or 0 */
	OPTION_IDMAP,	 /* value: enum plan_idmap */
	OPTION_COPY_UP,
	OPTION_COPY_LINK,
	OPTION_NOTHING, /* has no effect on this kernel, or never had one */
	OPTION_REFUSED,
};

struct mount_option {
	const char *name;
	enum mount_option_kind kind;
	uint64_t value;
	bool undo; /* OPTION_ATTR, OPTION_REC_ATTR: takes value away */
};

/*
 * How "relatime" is told from no word about access times: MOUNT_ATTR_RELATIME is 0. A value of
 * the field MOUNT_ATTR__ATIME that the kernel does not use.
 */
#define OPTION_ATTR_RELATIME 0x00000040

/* The row called name (exact case), or NULL: the file system's own word. */
const struct mount_option *mount_options_find(const char *name);
/* The option most like name, for messages; NULL if none is near. */
const char *mount_options_like(const char *name);
/* The i-th name, NULL behind the last one: for `features`, sorted, without those refused. */
const char *mount_options_name(size_t i);

/* mounts[].options as members of m, whose kind and type are there: flags, propagation, options
 * of the superblock. Reporting. */
must_check int plan_mount_options_make(const struct mount_spec *spec, const struct plan *plan,
				       struct plan_mount *m);

#endif
