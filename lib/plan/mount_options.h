/* SPDX-License-Identifier: Apache-2.0 */
/* The words of mounts[].options (runtime-spec config.md, mount(8)) and their meaning. */
#ifndef PLAN_MOUNT_OPTIONS_H
#define PLAN_MOUNT_OPTIONS_H

#include "base/base.h"
#include "base/names.h"

struct mount_spec;
struct plan;
struct plan_mount;

enum mount_option_kind {
	OPTION_ATTR,	 /* value: one MOUNT_ATTR_* of the topmost mount */
	OPTION_REC_ATTR, /* value: one MOUNT_ATTR_* of the whole tree */
	OPTION_SHARING,	 /* value: one of MS_SHARED ..., with MS_REC for recursive */
	/* a flag of the superblock, with fsconfig(2)'s name; ignored for bind mounts */
	OPTION_SUPER,
	OPTION_BIND,  /* value: MS_REC or 0 */
	OPTION_IDMAP, /* value: enum plan_idmap */
	OPTION_COPY_UP,
	OPTION_COPY_LINK,
	OPTION_NOTHING, /* has no effect, or none on this kernel */
	OPTION_REFUSED,
};

struct mount_option {
	const char *name;
	enum mount_option_kind kind;
	uint64_t value;
	bool undo; /* OPTION_ATTR, OPTION_REC_ATTR: removes value */
};

/*
 * Distinguishes "relatime" from no option about access times, because MOUNT_ATTR_RELATIME is 0. It
 * is a value of the field MOUNT_ATTR__ATIME that the kernel does not use.
 */
#define OPTION_ATTR_RELATIME 0x00000040

/* Returns the row with this exact name, or NULL: an option of the file system. */
const struct mount_option *mount_options_find(const char *name);
/* Returns the most similar option, for messages; NULL if none is similar. */
const char *mount_options_like(const char *name);
/*
 * Returns the i-th name in sorted order without the refused ones, NULL after the last: for
 * `features`.
 */
const char *mount_options_name(size_t i);

/*
 * Converts mounts[].options to members of m, whose kind and type are set: flags, propagation,
 * superblock options. Reporting.
 */
must_check int plan_mount_options_make(const struct mount_spec *spec, const struct plan *plan,
				       struct plan_mount *m);

#endif
