/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the table of mount options. What must hold: every word of runtime-spec 1.3 is here, so
 * that none of ours is passed to a file system by mistake, and one that weakens a mount
 * ("suid") undoes exactly the one that it contradicts.
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
#define ATTR(word, set, clear) \
	{ word, OPTION_ATTR, set, clear }, { "r" word, OPTION_REC_ATTR, set, clear }
#define SHARING(word, flag) \
	{ word, OPTION_SHARING, flag, 0 }, { "r" word, OPTION_SHARING, (flag) | MS_REC, 0 }

/*
 * atime is one field of three values, of which relatime is 0: whoever sets it clears the
 * others. What a word with "no" leaves is the kernel's default, which is relatime.
 */
static const struct mount_option table[] = {
	ATTR("ro", MOUNT_ATTR_RDONLY, 0),
	ATTR("rw", 0, MOUNT_ATTR_RDONLY),
	ATTR("nosuid", MOUNT_ATTR_NOSUID, 0),
	ATTR("suid", 0, MOUNT_ATTR_NOSUID),
	ATTR("nodev", MOUNT_ATTR_NODEV, 0),
	ATTR("dev", 0, MOUNT_ATTR_NODEV),
	ATTR("noexec", MOUNT_ATTR_NOEXEC, 0),
	ATTR("exec", 0, MOUNT_ATTR_NOEXEC),
	ATTR("nosymfollow", MOUNT_ATTR_NOSYMFOLLOW, 0),
	ATTR("symfollow", 0, MOUNT_ATTR_NOSYMFOLLOW),
	ATTR("nodiratime", MOUNT_ATTR_NODIRATIME, 0),
	ATTR("diratime", 0, MOUNT_ATTR_NODIRATIME),
	ATTR("relatime", MOUNT_ATTR_RELATIME, MOUNT_ATTR__ATIME),
	ATTR("norelatime", MOUNT_ATTR_RELATIME, MOUNT_ATTR__ATIME),
	ATTR("noatime", MOUNT_ATTR_NOATIME, MOUNT_ATTR__ATIME),
	ATTR("atime", MOUNT_ATTR_RELATIME, MOUNT_ATTR__ATIME),
	ATTR("strictatime", MOUNT_ATTR_STRICTATIME, MOUNT_ATTR__ATIME),
	ATTR("nostrictatime", MOUNT_ATTR_RELATIME, MOUNT_ATTR__ATIME),
	SHARING("private", MS_PRIVATE),
	SHARING("shared", MS_SHARED),
	SHARING("slave", MS_SLAVE),
	SHARING("unbindable", MS_UNBINDABLE),
	{ "bind", OPTION_BIND, 0, 0 },
	{ "rbind", OPTION_BIND, MS_REC, 0 },
	{ "idmap", OPTION_IDMAP, PLAN_IDMAP_TOP, 0 },
	{ "ridmap", OPTION_IDMAP, PLAN_IDMAP_RECURSIVE, 0 },
	{ "tmpcopyup", OPTION_COPY_UP, 0, 0 },
	{ "copyup", OPTION_COPY_UP, 0, 0 },
	/* vfs_parse_sb_flag() of the kernel knows these, whatever the file system. */
	{ "sync", OPTION_SUPER, 0, 0 },
	{ "async", OPTION_SUPER, 0, 0 },
	{ "dirsync", OPTION_SUPER, 0, 0 },
	{ "lazytime", OPTION_SUPER, 0, 0 },
	{ "nolazytime", OPTION_SUPER, 0, 0 },
	{ "mand", OPTION_SUPER, 0, 0 },
	{ "nomand", OPTION_SUPER, 0, 0 },
	/* Flags of mount(2) that say nothing: not of the VFS since long, or of its log. */
	{ "defaults", OPTION_NOTHING, 0, 0 },
	{ "acl", OPTION_NOTHING, 0, 0 },
	{ "noacl", OPTION_NOTHING, 0, 0 },
	{ "iversion", OPTION_NOTHING, 0, 0 },
	{ "noiversion", OPTION_NOTHING, 0, 0 },
	{ "silent", OPTION_NOTHING, 0, 0 },
	{ "loud", OPTION_NOTHING, 0, 0 },
	/* Would change a mount that is there: every mount of ours is made with what it needs. */
	{ "remount", OPTION_REFUSED, 0, 0 },
	{ NULL, OPTION_REFUSED, 0, 0 },
};
/* clang-format on */

const struct mount_option *mount_option_find(const char *name)
{
	for (const struct mount_option *o = table; o->name; o++)
		if (strcmp(o->name, name) == 0)
			return o;
	return NULL;
}

const char *mount_option_like(const char *name)
{
	struct name *names = arena_array(ARRAY_LEN(table), sizeof(*names));

	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		names[i].name = table[i].name;
	return name_like(names, name);
}

static bool is_listed(const struct mount_option *o)
{
	return o->kind != OPTION_REFUSED;
}

/* Selection by counting: the table is short, and `features` alone asks. */
const char *mount_option_name(size_t i)
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
