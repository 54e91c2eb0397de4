/* SPDX-License-Identifier: Apache-2.0 */
/* Owns what --attach names: a container's processes, or a process with its descendants. */
#include "cmd/seccomp/record_attach.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/identity.h"
#include "base/io.h"
#include "base/num.h"
#include "cmd/seccomp/installed.h"
#include "cmd/seccomp/subject.h"
#include "observe/perf_attach.h"
#include "observe/ps.h"
#include "runtime/container.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>

enum { CMDLINE_MAX = 1 << 20 };

/* "pid:12", and "12" if no container has that name. */
static pid_t pid_of(const char *word)
{
	uint32_t pid;

	if (installed_pid(word))
		return installed_pid(word);
	if (num_parse_u32(word, &pid) < 0 || !pid || pid > INT_MAX ||
	    installed_has(subject_root(), word))
		return 0;
	return (pid_t)pid;
}

/* The arguments that the process was started with. */
static void note_command(struct recorder *r, pid_t pid)
{
	struct strings *command = arena_alloc(sizeof(*command));
	struct text text;
	size_t room = 0;

	if (io_read_file(AT_FDCWD, arena_printf("/proc/%d/cmdline", pid), CMDLINE_MAX, &text) < 0)
		return;
	*command = (struct strings){ 0 };
	for (size_t at = 0; at < text.len; at += strlen(text.data + at) + 1) {
		command->v = arena_grow(command->v, command->n, &room, sizeof(*command->v));
		command->v[command->n++] = text.data + at;
	}
	r->run->command = command;
}

static int attach_process(struct recorder *r, pid_t pid)
{
	const struct perf_attach_processes processes = { perf_attach_list_tree, &pid, NULL };
	autofd pidfd = identity_pidfd(pid);

	if (pidfd < 0)
		return fail(-pidfd, "--attach: process %d", pid);
	note_command(r, pid);
	return perf_attach_record(r, &processes);
}

static int list_container(void *ctx, pid_t **ret, size_t *ret_n)
{
	return container_ps_pids(ctx, ret, ret_n);
}

static int attach_container(struct recorder *r, const char *id)
{
	struct container c;
	struct perf_attach_processes processes = { list_container, &c, NULL };
	struct perf_cgroup cgroup;
	struct cgroup leaves;
	int ret = container_open_sound(subject_root(), id, &c);

	if (ret < 0)
		return ret;
	const pid_t pid = (pid_t)c.record.pid;
	autofd init = identity_open(pid, c.record.start_time, c.record.boot_id);

	r->run->container = c.id;
	note_command(r, pid);
	record_cgroup(&c.record, &leaves);
	if (init >= 0 && perf_cgroup_of(&leaves, pid, init, &cgroup) >= 0)
		processes.cgroup = &cgroup;
	ret = perf_attach_record(r, &processes);
	container_close(&c);
	return ret;
}

int record_attach(struct recorder *r, const char *word)
{
	const char *id = installed_id(word);
	pid_t pid = pid_of(word);

	r->run->attached = true;
	if (pid)
		return attach_process(r, pid);
	if (!subject_root())
		return fail(0, "--attach %s: there is no default for --root; expected --root",
			    word);
	return attach_container(r, id ? id : word);
}
