/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the table of mount options. What must hold: every option of runtime-spec 1.3 is here, so
 * none is passed to a file system by mistake. An option that weakens a mount ("suid") undoes
 * exactly the one that it contradicts.
 */
#include "plan/mount_options.h"

#include "base/arena.h"
#include "base/sys.h"
#include "plan/plan.h"

#include <linux/mount.h>
#include <string.h>

#ifndef MS_REC
#define MS_REC 16384
#define MS_PRIVATE (1 << 18)
#define MS_SLAVE (1 << 19)
#define MS_SHARED (1 << 20)
#define MS_UNBINDABLE (1 << 17)
#endif

/* clang-format off */
#define ATTR(word, attr) \
	{ word, OPTION_ATTR, attr, false }, { "r" word, OPTION_REC_ATTR, attr, false }
#define UNDO(word, attr) \
	{ word, OPTION_ATTR, attr, true }, { "r" word, OPTION_REC_ATTR, attr, true }
#define SHARING(word, flag) \
	{ word, OPTION_SHARING, flag, false }, { "r" word, OPTION_SHARING, (flag) | MS_REC, false }

static const struct mount_option table[] = {
	ATTR("ro", MOUNT_ATTR_RDONLY),
	UNDO("rw", MOUNT_ATTR_RDONLY),
	ATTR("nosuid", MOUNT_ATTR_NOSUID),
	UNDO("suid", MOUNT_ATTR_NOSUID),
	ATTR("nodev", MOUNT_ATTR_NODEV),
	UNDO("dev", MOUNT_ATTR_NODEV),
	ATTR("noexec", MOUNT_ATTR_NOEXEC),
	UNDO("exec", MOUNT_ATTR_NOEXEC),
	ATTR("nosymfollow", MOUNT_ATTR_NOSYMFOLLOW),
	UNDO("symfollow", MOUNT_ATTR_NOSYMFOLLOW),
	ATTR("nodiratime", MOUNT_ATTR_NODIRATIME),
	UNDO("diratime", MOUNT_ATTR_NODIRATIME),
	ATTR("relatime", OPTION_ATTR_RELATIME),
	UNDO("norelatime", OPTION_ATTR_RELATIME),
	ATTR("noatime", MOUNT_ATTR_NOATIME),
	UNDO("atime", MOUNT_ATTR_NOATIME),
	ATTR("strictatime", MOUNT_ATTR_STRICTATIME),
	UNDO("nostrictatime", MOUNT_ATTR_STRICTATIME),
	SHARING("private", MS_PRIVATE),
	SHARING("shared", MS_SHARED),
	SHARING("slave", MS_SLAVE),
	SHARING("unbindable", MS_UNBINDABLE),
	{ "bind", OPTION_BIND, 0, false },
	{ "rbind", OPTION_BIND, MS_REC, false },
	{ "idmap", OPTION_IDMAP, PLAN_IDMAP_TOP, false },
	{ "ridmap", OPTION_IDMAP, PLAN_IDMAP_RECURSIVE, false },
	{ "tmpcopyup", OPTION_COPY_UP, 0, false },
	{ "copyup", OPTION_COPY_UP, 0, false },
	{ "copy-symlink", OPTION_COPY_LINK, 0, false },
	/* vfs_parse_sb_flag() of the kernel knows these for every file system. */
	{ "sync", OPTION_SUPER, 0, false },
	{ "async", OPTION_SUPER, 0, false },
	{ "dirsync", OPTION_SUPER, 0, false },
	{ "lazytime", OPTION_SUPER, 0, false },
	{ "nolazytime", OPTION_SUPER, 0, false },
	{ "mand", OPTION_SUPER, 0, false },
	{ "nomand", OPTION_SUPER, 0, false },
	/* Flags of mount(2) without effect: no longer flags of the VFS, or only about its log. */
	{ "defaults", OPTION_NOTHING, 0, false },
	{ "acl", OPTION_NOTHING, 0, false },
	{ "noacl", OPTION_NOTHING, 0, false },
	{ "iversion", OPTION_NOTHING, 0, false },
	{ "noiversion", OPTION_NOTHING, 0, false },
	{ "silent", OPTION_NOTHING, 0, false },
	{ "loud", OPTION_NOTHING, 0, false },
	/* Would change an existing mount. Every mount is made with its final options. */
	{ "remount", OPTION_REFUSED, 0, false },
	{ NULL, OPTION_REFUSED, 0, false },
};
/* clang-format on */

const struct mount_option *mount_options_find(const char *name)
{
	for (const struct mount_option *o = table; o->name; o++)
		if (strcmp(o->name, name) == 0)
			return o;
	return NULL;
}

const char *mount_options_like(const char *name)
{
	struct name *names = arena_array(ARRAY_LEN(table), sizeof(*names));

	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		names[i].name = table[i].name;
	return names_like(names, name);
}

static bool is_listed(const struct mount_option *o)
{
	return o->kind != OPTION_REFUSED;
}

/* Selects by counting: the table is short, and only `features` calls this. */
const char *mount_options_name(size_t i)
{
	for (const struct mount_option *o = table; o->name; o++) {
		size_t before = 0;

		for (const struct mount_option *p = table; p->name; p++)
			before += is_listed(p) && strcmp(p->name, o->name) < 0;
		if (is_listed(o) && before == i)
			return o->name;
	}
	return NULL;
}
