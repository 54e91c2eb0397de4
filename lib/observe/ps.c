/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the list of a container's processes. What must hold: rows of other processes are never
 * shown.
 */
#include "observe/ps.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/num.h"
#include "cgroup/cgroup.h"
#include "cgroup/pids.h"
#include "observe/tool.h"
#include "runtime/container.h"
#include "runtime/status.h"
#include "runtime/timeouts.h"

#include <stdlib.h>
#include <string.h>

#define BLANKS " \t"

enum { PS_OUTPUT_MAX = 64 << 20, PS_ARGS_MAX = 1024 };

int container_ps_pids(struct container *c, pid_t **ret, size_t *ret_n)
{
	struct cgroup cgroup;

	record_cgroup(&c->record, &cgroup);
	if (cgroup.n == 0 && container_status(c) != STATUS_STOPPED)
		return fail(0, "container '%s' has no cgroup, so its processes cannot be listed",
			    c->id);
	return cgroup_pids(&cgroup, ret, ret_n);
}

/* Runs ps and reads both of its outputs. If it fails they are part of the message. */
static int run_ps(char *const *args, struct text *ret)
{
	const char *file = tool_find("ps");
	char *argv[PS_ARGS_MAX + 2] = { arena_strdup("ps") };
	size_t n = 1;

	if (!file)
		return fail(0, "ps: found no program ps in the absolute directories of PATH=%s",
			    tool_path());
	if (!*args)
		argv[n++] = arena_strdup("-ef");
	for (; *args && n <= PS_ARGS_MAX; args++)
		argv[n++] = *args;
	int r = tool_run(file, argv, -1, PS_OUTPUT_MAX, ret);

	if (r < 0)
		return fail(-r, "ps: read its output");
	if (r > 0)
		return fail(0, "%s failed: %.*s", file, (int)strcspn(ret->data, "\n"), ret->data);
	return 0;
}

/* Returns word number i of a line, or "" if it has fewer. */
static const char *word_at(const char *line, size_t i)
{
	for (;; i--) {
		line += strspn(line, BLANKS);
		if (i == 0)
			return line;
		line += strcspn(line, BLANKS "\n");
	}
}

static int pid_column(const char *header, size_t *ret)
{
	for (size_t i = 0;; i++) {
		const char *word = word_at(header, i);
		size_t n = strcspn(word, BLANKS "\n");

		if (n == 0)
			return fail(0, "ps: expected a column PID in its header, found '%.*s'",
				    (int)strcspn(header, "\n"), header);
		if (n == 3 && strncmp(word, "PID", 3) == 0) {
			*ret = i;
			return 0;
		}
	}
}

static int by_value(const void *a, const void *b)
{
	pid_t x = *(const pid_t *)a, y = *(const pid_t *)b;

	return (x > y) - (x < y);
}

static int is_ours(const char *row, size_t column, const pid_t *pids, size_t n)
{
	const char *end, *word = word_at(row, column);
	uint64_t v;

	if (num_scan_u64(word, &end, &v) < 0 || v > INT32_MAX || !strchr(BLANKS "\n", *end))
		return fail(0, "ps: expected a pid in column %zu, found '%.*s'", column + 1,
			    (int)strcspn(row, "\n"), row);
	pid_t pid = (pid_t)v;

	return n && bsearch(&pid, pids, n, sizeof(pid), by_value);
}

int container_ps(struct container *c, char *const *args, struct text *ret)
{
	struct text all = { .data = (char[]){ "" } };
	pid_t *pids = NULL;
	size_t n = 0, column = 0;
	int r = container_ps_pids(c, &pids, &n);

	if (r >= 0)
		r = run_ps(args, &all);
	if (r >= 0)
		r = pid_column(all.data, &column);
	if (r < 0)
		return r;
	ret->data = arena_alloc(all.len + 2);
	ret->len = 0;
	for (const char *line = all.data; *line;) {
		size_t len = strcspn(line, "\n");

		r = line == all.data ? 1 : len ? is_ours(line, column, pids, n) : 0;
		if (r < 0)
			return r;
		if (r) {
			memcpy(ret->data + ret->len, line, len);
			ret->len += len;
			ret->data[ret->len++] = '\n';
		}
		line += len + (line[len] == '\n');
	}
	return 0;
}
