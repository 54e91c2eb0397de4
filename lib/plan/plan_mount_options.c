/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the combined effect of mounts[].options. What must hold: the mount has the flags that runc
 * gives it. An option that undoes another undoes only that one. An option that is not understood is
 * never ignored if it might restrict something.
 */
#include "base/arena.h"
#include "base/log.h"
#include "base/sys.h"
#include "oci/json.h"
#include "plan/make.h"
#include "plan/mount_options.h"

#include <linux/mount.h>
#include <linux/sched.h>
#include <string.h>
#include <sys/mount.h>

/*
 * Effect of the options so far: MOUNT_ATTR_* and OPTION_ATTR_RELATIME. A bit is in at most one
 * member.
 */
struct words {
	uint64_t set, undone;
};

struct state {
	const struct mount_spec *spec;
	struct plan_mount *m;
	struct plan_option *options;
	struct plan_propagation *propagations;
	struct words top, all; /* of the topmost mount, of the whole tree */
	bool has_flags;	       /* there is an option about the topmost mount or the superblock */
};

enum { ATIME_WORDS = MOUNT_ATTR_NOATIME | MOUNT_ATTR_STRICTATIME | OPTION_ATTR_RELATIME };

/* Flags that a bind mount inherits from its source unless an option says otherwise. */
#define SOURCE_FLAGS                                                                    \
	(MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC | \
	 MOUNT_ATTR_NOSYMFOLLOW)

/*
 * Options that engines leave on bind mounts, for which mount(2) ignores data options: those of
 * tmpfs and SELinux, and those that the engine has handled itself (relabel, change the owner, fill
 * a new volume).
 */
static const char *const ignored_on_binds[] = {
	"size=",    "mode=", "uid=", "gid=", "nr_blocks=", "nr_inodes=",
	"context=", "z",     "Z",    "U",    "copy",	   "nocopy",
};

static bool starts_with(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

static bool is_ignored_on_binds(const char *text)
{
	for (size_t k = 0; k < ARRAY_LEN(ignored_on_binds); k++) {
		const char *word = ignored_on_binds[k];

		if (strchr(word, '=') ? starts_with(text, word) : strcmp(text, word) == 0)
			return true;
	}
	return false;
}

static void add_option(struct state *s, const char *text)
{
	const char *equals = strchr(text, '=');
	struct plan_option *o = &s->options[s->m->n_options++];

	o->key = equals ? arena_memdup(text, (size_t)(equals - text)) : text;
	o->value = equals ? equals + 1 : NULL;
}

/*
 * Handles an option that is not in the table. For a new file system it is one of that file system.
 * A bind mount has no use for it, and a misspelt restriction ("noxec") must not be ignored.
 */
static int apply_unknown(struct state *s, size_t i)
{
	const char *text = s->spec->options.v[i];
	const struct plan_mount *m = s->m;

	if (starts_with(text, "x-") || starts_with(text, "X-")) /* mount(8): for user space */
		return 0;
	if (!*text) /* `buildah run -v /a:/b` writes an empty option */
		return 0;
	if (m->kind == PLAN_MOUNT_FS) {
		add_option(s, text);
		return 0;
	}
	if (m->kind == PLAN_MOUNT_BIND && is_ignored_on_binds(text)) {
		log_debug("%s: \"%s\" has no effect on a bind mount", m->place, text);
		return 0;
	}
	/* the options of the host's hierarchies cannot be changed */
	if (m->kind == PLAN_MOUNT_CGROUP) {
		log_debug("%s: \"%s\" has no effect on a cgroup mount", m->place, text);
		return 0;
	}
	const char *like = mount_options_like(text);

	return json_fail_element(
		s->spec->at, "options", i, "expected a mount option, found \"%s\"%s%s%s", text,
		like ? ", did you mean \"" : "", like ? like : "", like ? "\"?" : "");
}

static void apply_attr(struct words *w, const struct mount_option *o)
{
	w->set = o->undo ? w->set & ~o->value : w->set | o->value;
	w->undone = o->undo ? w->undone | o->value : w->undone & ~o->value;
}

static void add_propagation(struct state *s, uint64_t flags)
{
	s->propagations[s->m->n_propagations++] =
		(struct plan_propagation){ .type = flags & ~(uint64_t)MS_REC,
					   .recursive = flags & MS_REC };
}

static int apply_option(struct state *s, size_t i)
{
	const char *text = s->spec->options.v[i];
	const struct mount_option *o = mount_options_find(text);
	struct plan_mount *m = s->m;

	if (!o)
		return apply_unknown(s, i);
	s->has_flags |= o->kind == OPTION_ATTR || o->kind == OPTION_SUPER;
	switch (o->kind) {
	case OPTION_ATTR:
		apply_attr(&s->top, o);
		break;
	case OPTION_REC_ATTR: /* a new mount has no mounts below it */
		apply_attr(m->kind == PLAN_MOUNT_BIND ? &s->all : &s->top, o);
		break;
	case OPTION_SHARING:
		add_propagation(s, o->value);
		break;
	case OPTION_SUPER:
		if (m->kind == PLAN_MOUNT_FS)
			add_option(s, text);
		break;
	case OPTION_IDMAP:
		m->idmap = (enum plan_idmap)o->value;
		break;
	case OPTION_COPY_UP:
		m->copy_up = m->kind == PLAN_MOUNT_FS && strcmp(m->fstype, "tmpfs") == 0;
		break;
	case OPTION_COPY_LINK:
		m->copy_link = m->kind == PLAN_MOUNT_BIND;
		break;
	case OPTION_BIND: /* handled earlier: it determines the kind */
	case OPTION_NOTHING:
		break;
	case OPTION_REFUSED:
		return json_fail_element(s->spec->at, "options", i,
					 "expected what a new mount can have, found \"%s\"", text);
	}
	return 0;
}

/* --- words to masks ----------------------------------------------------------------------- */

/* If there are several, chooses the one that path_mount() of the kernel prefers. */
static uint64_t atime_value(uint64_t set)
{
	if (set & MOUNT_ATTR_STRICTATIME)
		return MOUNT_ATTR_STRICTATIME;
	return set & MOUNT_ATTR_NOATIME ? MOUNT_ATTR_NOATIME : MOUNT_ATTR_RELATIME;
}

static uint64_t attrs_of(uint64_t set)
{
	return (set & ~(uint64_t)ATIME_WORDS) | atime_value(set);
}

/*
 * Sets the flags of the topmost mount of a bind. As in runc since 1.2 and in mount(8), an option
 * about one flag implies all flags: those that the source's mount has in addition are cleared,
 * except for access times. In a user namespace such flags are locked by the host, so only what an
 * option asks for is attempted. Without any option they stay unchanged.
 */
static void make_bind_attrs(const struct state *s, bool userns)
{
	const struct words *w = &s->top;
	struct plan_mount *m = s->m;

	m->attr_clear = w->undone & ~(uint64_t)ATIME_WORDS;
	if (s->has_flags && !userns)
		m->attr_clear |= SOURCE_FLAGS & ~w->set;
	m->attr_undo = w->undone & (MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
	m->attr_set = w->set & ~(uint64_t)ATIME_WORDS;
	/* the atime field is set as a whole: path_mount() */
	if (w->set & (ATIME_WORDS | MOUNT_ATTR_NODIRATIME)) {
		m->attr_clear |= MOUNT_ATTR__ATIME | (MOUNT_ATTR_NODIRATIME & ~w->set);
		m->attr_set |= atime_value(w->set);
	} else {
		m->attr_undo |= w->undone & (MOUNT_ATTR_NOATIME | MOUNT_ATTR_STRICTATIME);
	}
}

/* Sets the flags of the whole tree, whose mounts may differ: an undone option means the default. */
static void make_tree_attrs(const struct words *w, struct plan_mount *m)
{
	m->rec_set = w->set & ~(uint64_t)ATIME_WORDS;
	m->rec_clear = w->undone & ~(uint64_t)ATIME_WORDS;
	if (w->set & ATIME_WORDS || w->undone & (MOUNT_ATTR_NOATIME | MOUNT_ATTR_STRICTATIME)) {
		m->rec_clear |= MOUNT_ATTR__ATIME;
		m->rec_set |= atime_value(w->set);
	}
}

int plan_mount_options_make(const struct mount_spec *spec, const struct plan *plan,
			    struct plan_mount *m)
{
	size_t n = spec->options.n;
	struct state s = { .spec = spec, .m = m };

	s.options = arena_array(n + 1, sizeof(*s.options));
	s.propagations = arena_array(n + 1, sizeof(*s.propagations));
	m->options = s.options;
	m->propagations = s.propagations;
	for (size_t i = 0; i < n; i++) {
		int r = apply_option(&s, i);

		if (r < 0)
			return r;
	}
	if (m->kind == PLAN_MOUNT_BIND) {
		make_bind_attrs(&s, plan_owns(plan, CLONE_NEWUSER));
		make_tree_attrs(&s.all, m);
		return 0;
	}
	m->attr_set = attrs_of(s.top.set);
	m->attr_clear =
		s.top.undone & ~(uint64_t)ATIME_WORDS; /* a cgroup mount is a bind of the host's */
	/*
	 * "ro" applies to the mount and not to its superblock, which others may share (sysfs,
	 * mqueue). A block device is the exception: a read-only device cannot be mounted otherwise.
	 */
	if (m->kind == PLAN_MOUNT_FS && (m->attr_set & MOUNT_ATTR_RDONLY) && m->source &&
	    m->source[0] == '/')
		add_option(&s, "ro");
	return 0;
}
