/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tamis seccomp why: which calls of a container were denied, why, and what would allow them. It
 * reads the log of --explain-denials; without one, what the kernel has recorded.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/input.h"
#include "base/num.h"
#include "cmd/cmd.h"
#include "cmd/seccomp/installed.h"
#include "cmd/seccomp/subject.h"
#include "cmd/seccomp/verbs.h"
#include "cmd/seccomp/why_kernel.h"
#include "cmd/seccomp/why_log.h"
#include "observe/ps.h"
#include "observe/tool.h"
#include "runtime/container.h"
#include "runtime/denials.h"
#include "runtime/statedir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { HOUR_MS = 3600 * 1000 };

static struct why_options {
	bool all, json;
	const char *since, *container;
} values;

static const struct opt options[] = {
	{ "all", 0, OPT_BOOL, offsetof(struct why_options, all), NULL,
	  "print everything, not only what fits on a screen" },
	{ "container", 0, OPT_STRING, offsetof(struct why_options, container), "NAME",
	  "only what a log says of this container" },
	{ "json", 0, OPT_BOOL, offsetof(struct why_options, json), NULL, "print JSON" },
	{ "since", 0, OPT_STRING, offsetof(struct why_options, since), "TIME",
	  "how far back the kernel's records are read: 90s, 10m, 2h, 1d (1h)" },
	OPT_END,
};

static int parse_since(const char *text, int64_t *ret_ms)
{
	static const struct {
		char unit;
		int64_t ms;
	} units[] = { { 's', 1000 }, { 'm', 60000 }, { 'h', HOUR_MS }, { 'd', 24 * HOUR_MS } };
	const char *end;
	uint64_t n;

	if (num_scan_u64(text, &end, &n) >= 0 && n <= 100000 && end[0] && !end[1])
		for (size_t i = 0; i < ARRAY_LEN(units); i++)
			if (units[i].unit == *end) {
				*ret_ms = (int64_t)n * units[i].ms;
				return 0;
			}
	return fail(0, "--since: expected a number and s, m, h or d, as in 10m; found '%s'", text);
}

/* --- the log -------------------------------------------------------------------------------- */

/* The text of the log of denials `name`; of `container`, if it is not NULL. */
static int tell_log(const struct text *text, const char *name, const char *container)
{
	struct denial_log log;

	denial_log_parse(text, container, &log);
	if (log.n_lines && log.n_lines == log.n_damaged)
		return fail(0, "%s: expected a log of denials (JSON Lines of tamis-denial/1)",
			    name);
	if (values.json)
		why_log_print_json(name, &log);
	else
		why_log_print(name, &log, values.all);
	return why_log_has_denials(&log) ? EXIT_NO : EXIT_YES;
}

static int tell_file(const char *name)
{
	struct text text;
	int r = input_read(AT_FDCWD, strcmp(name, "-") == 0 ? "/dev/stdin" : name,
			   DENIAL_LOG_BYTES_MAX, &text);

	return r < 0 ? fail(-r, "%s", name) : tell_log(&text, name, values.container);
}

/* The log may be anywhere, and what is now under its name anything. Only a file keeps lines. */
static int tell_log_of(const struct container *c)
{
	const char *file = denials_log_of(c);
	autofd fd = openat(c->dir, file, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct text text;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return fail(errno, "the log of denials of container '%s', %s", c->id, file);
	if (!S_ISREG(st.st_mode))
		return fail(0, "the log of denials of container '%s', %s: expected a file", c->id,
			    file);
	int r = io_read_all(fd, DENIAL_LOG_BYTES_MAX, &text);

	return r < 0 ? fail(-r, "the log of denials of container '%s', %s", c->id, file)
		     : tell_log(&text, c->id, c->id);
}

/* --- the kernel ----------------------------------------------------------------------------- */

static int tell_kernel(struct why_question *q)
{
	const struct kernel_log_paths paths = {
		.kmsg = "/dev/kmsg",
		.journalctl = tool_find("journalctl"),
		.audit_log = "/var/log/audit/audit.log",
	};
	int64_t span = HOUR_MS;
	struct kernel_log log;
	struct timespec now;
	int r = values.since ? parse_since(values.since, &span) : 0;

	if (r < 0)
		return r;
	clock_gettime(CLOCK_REALTIME, &now);
	q->since_ms = (int64_t)now.tv_sec * 1000 - span;
	if (q->since_ms < 0)
		q->since_ms = 0;
	kernel_log_read(&paths, q->since_ms, &log);
	size_t n = values.json ? why_kernel_print_json(q, &log)
			       : why_kernel_print(q, &log, values.all);

	return n ? EXIT_NO : EXIT_YES;
}

static int tell_container(const char *root, const char *id)
{
	struct why_question q = { .name = arena_printf("container %s", id) };
	struct container c;
	pid_t *pids = NULL;
	int r = container_open_sound(root, id, &c);

	if (r < 0)
		return r;
	if (denials_log_of(&c)) {
		if (denials_lost_agent(&c))
			fputs("tamis seccomp: tamis-agent was killed: later denials are not in the "
			      "log\n",
			      stderr);
		r = tell_log_of(&c);
		container_close(&c);
		return r;
	}
	r = container_ps_pids(&c, &pids, &q.n_pids);
	container_close(&c);
	if (r < 0)
		return r;
	q.pids = pids;
	q.all = q.n_pids == 0;
	return tell_kernel(&q);
}

/* --- the verb ------------------------------------------------------------------------------- */

static int why(const struct global *g, int argc, char **argv)
{
	const char *word = argc ? argv[0] : NULL;
	const char *root = g->root ? g->root : statedir_default_root();
	const pid_t pid = word ? installed_pid(word) : 0;
	struct why_question q = { .all = true };

	if (!word)
		return tell_kernel(&q);
	if (pid) {
		q = (struct why_question){ .name = arena_printf("process %d", pid),
					   .n_pids = 1,
					   .pids = &pid };
		return tell_kernel(&q);
	}
	if (installed_id(word))
		return tell_container(root, installed_id(word));
	if (strcmp(word, "-") != 0 && access(word, F_OK) < 0) {
		if (installed_has(root, word))
			return tell_container(root, word);
		return fail(0,
			    "'%s': expected a log of denials, the id of a container, or pid:N; "
			    "there is no such file or container",
			    word);
	}
	return tell_file(word);
}

const struct command seccomp_why = {
	.name = "why",
	.arguments = "[FILE|CONTAINER]",
	.summary = "tell which calls were denied, why, and what would allow them",
	.options = options,
	.values = &values,
	.min_args = 0,
	.max_args = 1,
	.run = why,
};
