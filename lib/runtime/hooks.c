/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hooks of the saved config: those that run in the namespaces of the runtime, and those of
 * startContainer, which run as processes of the container.
 */
#include "runtime/hooks.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/num.h"
#include "channel/procfs.h"
#include "process/hooks.h"
#include "runtime/container.h"
#include "runtime/exec.h"
#include "runtime/load.h"
#include "runtime/state.h"
#include "runtime/timeouts.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Reads the hooks of all kinds from the saved config. Reporting. */
static int load_hooks(const struct container *c, struct plan_hooks ret[HOOK_KINDS])
{
	struct config config;
	struct text text;
	int r = load_config(c->dir, "config.json", &text, &config);

	return r < 0 ? r : plan_hooks_make(&config, ret);
}

int container_hooks(struct container *c, enum hook_kind kind, enum status status)
{
	struct plan_hooks hooks[HOOK_KINDS] = { { 0 } };
	int r = load_hooks(c, hooks);

	if (r < 0 || hooks[kind].n == 0)
		return r;
	autofd bundle = open(c->record.bundle, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (bundle < 0) /* a missing bundle must not prevent poststop hooks from running */
		bundle = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	const struct hook_context context = { .state = container_state(c, status, false),
					      .cwd = bundle,
					      .envp = environ,
					      .goes_on = kind == HOOK_POSTSTOP };

	return hooks_run(&hooks[kind], &context);
}

static void run_inside(const struct plan_hook *hook, const void *c)
{
	container_exec_hook(c, hook);
}

/*
 * Reads the pid of init in its own PID namespace: the last number in NSpid of /proc/PID/status
 * (proc(5)).
 */
static int read_inner_pid(const struct container *c, int64_t *ret)
{
	const char *path = arena_printf("%jd/status", (intmax_t)c->record.pid);
	autofd proc = procfs_open();
	struct text text;
	uint64_t pid = 0;
	int r = proc < 0 ? proc : procfs_read(proc, path, &text);
	const char *at = r < 0 ? NULL : strstr(text.data, "\nNSpid:");

	if (proc < 0)
		return proc;
	if (at)
		at += strlen("\nNSpid:");
	while (at && *at == '\t')
		if (num_scan_u64(at + 1, &at, &pid) < 0)
			break;
	*ret = (int64_t)pid;
	return pid ? 0
		   : fail(0, "container '%s': cannot read the pid of init in its own namespace",
			  c->id);
}

/* startContainer hooks are processes of the container, with its environment and files. */
int container_hooks_start(struct container *c)
{
	struct container inside = *c;
	struct plan_hooks hooks[HOOK_KINDS] = { { 0 } };
	int r = load_hooks(c, hooks);

	if (r >= 0)
		r = read_inner_pid(c, &inside.record.pid);
	if (r < 0)
		return r;
	const struct hook_context context = { .state = container_state(&inside, STATUS_CREATED,
								       false),
					      .cwd = -1,
					      .become = run_inside,
					      .ctx = c };

	return hooks_run(&hooks[HOOK_START_CONTAINER], &context);
}
