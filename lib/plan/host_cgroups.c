/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns reading the host's cgroup hierarchies from mountinfo and /proc/self/cgroup. What must hold:
 * each hierarchy is taken once, from the mount that administrators use. mountinfo contains escaped
 * names that others choose. It is parsed by its rules, and a line that does not match them is
 * ignored.
 */
#include "plan/host.h"

#include "base/arena.h"
#include "base/err.h"
#include "plan/cgroup_dir.h"

#include <string.h>

struct mount_line {
	const char *root, *mountpoint, *fstype, *super;
};

/* Removes the next word from *text, up to sep or the end. Returns NULL if none is left. */
static char *cut(char **text, char sep)
{
	char *start = *text;

	if (!start)
		return NULL;
	char *end = strchr(start, sep);

	if (end)
		*end++ = 0;
	*text = end;
	return start;
}

/* Decodes the kernel's octal escapes ("\040" is a blank) in place. */
static char *unescape(char *s)
{
	char *out = s;

	for (const char *p = s; *p; out++) {
		if (p[0] == '\\' && p[1] >= '0' && p[1] <= '3' && p[2] >= '0' && p[2] <= '7' &&
		    p[3] >= '0' && p[3] <= '7') {
			*out = (char)((p[1] - '0') << 6 | (p[2] - '0') << 3 | (p[3] - '0'));
			p += 4;
		} else {
			*out = *p++;
		}
	}
	*out = 0;
	return s;
}

/* Parses "ID PARENT DEV ROOT MOUNTPOINT OPTIONS [TAG...] - FSTYPE SOURCE SUPER". */
static bool parse_mount(char *line, struct mount_line *ret)
{
	char *word[6];

	for (size_t i = 0; i < ARRAY_LEN(word); i++)
		if (!(word[i] = cut(&line, ' ')))
			return false;
	const char *tag;

	do
		tag = cut(&line, ' ');
	while (tag && strcmp(tag, "-") != 0);
	const char *fstype = cut(&line, ' ');
	const char *source = cut(&line, ' ');

	if (!fstype || !source || !line)
		return false;
	*ret = (struct mount_line){ unescape(word[3]), unescape(word[4]), fstype, line };
	return true;
}

bool host_cgroups_list_has(const char *list, const char *word, size_t n)
{
	for (const char *p = list;; p++) {
		size_t len = strcspn(p, ",");

		if (len == n && memcmp(p, word, n) == 0)
			return true;
		p += len;
		if (!*p)
			return false;
	}
}

/* Whether the mount is of this hierarchy: the options of its superblock name the controllers. */
static bool shows(const struct mount_line *m, const struct host_hierarchy *h)
{
	if (h->own.v2)
		return strcmp(m->fstype, "cgroup2") == 0;
	return strcmp(m->fstype, "cgroup") == 0 &&
	       host_cgroups_list_has(m->super, h->own.name, strcspn(h->own.name, ","));
}

static bool is_usual(const char *mountpoint)
{
	static const char usual[] = "/sys/fs/cgroup";

	return strncmp(mountpoint, usual, sizeof(usual) - 1) == 0 &&
	       (mountpoint[sizeof(usual) - 1] == '/' || !mountpoint[sizeof(usual) - 1]);
}

/*
 * Chooses between several mounts of one hierarchy. A later one on the same mount point hides the
 * earlier; one below /sys/fs/cgroup is preferred to all others.
 */
static void offer(const struct mount_line *m, struct host_hierarchy *h)
{
	const char *now = h->own.mountpoint;
	bool better = !now || strcmp(now, m->mountpoint) == 0 ||
		      (is_usual(m->mountpoint) && !is_usual(now));

	if (!better || !shows(m, h))
		return;
	h->own.mountpoint = m->mountpoint;
	h->root = m->root;
}

/* Parses lines "ID:CONTROLLERS:PATH". */
static int parse_own(char *text, struct host_hierarchy *v, size_t *ret_n)
{
	size_t n = 0;

	for (char *line; (line = cut(&text, '\n'));) {
		const char *id = cut(&line, ':'), *controllers = cut(&line, ':');

		if (!id || !controllers || !line)
			continue;
		if (n == PLAN_HIERARCHIES)
			return fail(0, "/proc/self/cgroup: found more than %d cgroup hierarchies",
				    PLAN_HIERARCHIES);
		v[n++].own = (struct cgroup_dir){
			.name = *controllers ? controllers : "unified",
			.v2 = !*controllers,
			.path = line,
		};
	}
	*ret_n = n;
	return 0;
}

static enum host_cgroups mode_of(const struct host_hierarchy *v, size_t n)
{
	bool v1 = false, v2 = false;

	for (size_t i = 0; i < n; i++)
		*(v[i].own.v2 ? &v2 : &v1) = true;
	if (v1)
		return v2 ? HOST_CGROUP_HYBRID : HOST_CGROUP_V1;
	return v2 ? HOST_CGROUP_V2 : HOST_CGROUP_NONE;
}

int host_cgroups_parse(const char *mountinfo, const char *cgroup, struct host *ret)
{
	struct host_hierarchy *v = arena_array(PLAN_HIERARCHIES, sizeof(*v));
	char *mounts = arena_strdup(mountinfo);
	size_t n = 0, mounted = 0;
	int r = parse_own(arena_strdup(cgroup), v, &n);

	if (r < 0)
		return r;
	for (char *line; (line = cut(&mounts, '\n'));) {
		struct mount_line m;

		if (!strstr(line, " - cgroup") || !parse_mount(line, &m) || m.mountpoint[0] != '/')
			continue;
		for (size_t i = 0; i < n; i++)
			offer(&m, &v[i]);
	}
	for (size_t i = 0; i < n; i++)
		if (v[i].own.mountpoint)
			v[mounted++] = v[i];
	ret->cgroups = mode_of(v, mounted);
	ret->n_hierarchies = mounted;
	ret->hierarchies = v;
	return 0;
}
