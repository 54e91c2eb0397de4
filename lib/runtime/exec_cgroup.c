/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns --cgroup of `exec`. What must hold: the process stays below the container's cgroup. ".." is
 * refused here, and lib/cgroup opens with RESOLVE_BENEATH.
 */
#include "runtime/exec_cgroup.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "base/path.h"
#include "channel/procfs.h"

#include <limits.h>
#include <string.h>

static bool is_inside(const char *path)
{
	size_t n;

	for (const char *p = path; *p; p += n + (p[n] == '/')) {
		n = strcspn(p, "/");
		if (n == 2 && strncmp(p, "..", 2) == 0)
			return false;
	}
	return strlen(path) < PATH_MAX;
}

/* Whether the hierarchy has one of the comma-separated controllers. */
static bool has_controller(const struct cgroup_dir *dir, const char *words, size_t len)
{
	for (size_t at = 0, n; at < len; at += n + 1) {
		n = strcspn(words + at, ",:");
		for (const char *p = dir->name; *p;
		     p += strcspn(p, ",") + (p[strcspn(p, ",")] != 0)) {
			const char *name = strncmp(p, "name=", 5) == 0 ? p + 5 : p;

			if (strcspn(name, ",") == n && strncmp(name, words + at, n) == 0)
				return true;
		}
	}
	return false;
}

static int take_word(const char *word, struct cgroup *cgroup)
{
	const char *colon = strchr(word, ':');
	const char *path = colon ? colon + 1 : word;
	bool found = false;

	if (!is_inside(path))
		return fail(0, "--cgroup: expected a path below the container's cgroup, found '%s'",
			    word);
	for (size_t i = 0; i < cgroup->n; i++) {
		struct cgroup_dir *dir = &cgroup->v[i];

		if (colon && !has_controller(dir, word, (size_t)(colon - word)))
			continue;
		dir->below =
			path_clean(arena_printf("/%s/%s", dir->below ? dir->below : "", path)) + 1;
		found = true;
	}
	return found ? 0 : fail(0, "--cgroup: found no hierarchy for '%s'", word);
}

/* Returns the path in the line "0::/path" of /proc/PID/cgroup. */
static const char *unified_path(int proc, pid_t pid)
{
	struct text text;
	const char *line;

	if (procfs_read(proc, arena_printf("%d/cgroup", pid), &text) < 0)
		return NULL;
	for (line = text.data; *line; line += strcspn(line, "\n") + 1) {
		if (strncmp(line, "0::/", 4) == 0)
			return arena_memdup(line + 3, strcspn(line + 3, "\n"));
		if (!line[strcspn(line, "\n")])
			break;
	}
	return NULL;
}

static void follow_init(int proc, pid_t init, struct cgroup_dir *dir)
{
	const char *now = unified_path(proc, init);
	size_t n = strlen(dir->path);

	if (now && strncmp(now, dir->path, n) == 0 && now[n] == '/' && is_inside(now))
		dir->below = now + n + 1;
}

int exec_cgroup(const struct strings *words, int proc, pid_t init, struct cgroup *cgroup)
{
	for (size_t i = 0; i < words->n; i++) {
		int r = take_word(words->v[i], cgroup);

		if (r < 0)
			return r;
	}
	for (size_t i = 0; i < cgroup->n && words->n == 0; i++)
		if (cgroup->v[i].v2)
			follow_init(proc, init, &cgroup->v[i]);
	return 0;
}
