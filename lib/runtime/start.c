/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Starts a created container and runs the hooks around it. What must hold: 0 means that the
 * container's program runs; poststart hooks come after that, never before.
 */
#include "box/start.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/identity.h"
#include "base/interrupt.h"
#include "base/num.h"
#include "box/hooks.h"
#include "box/procfs.h"
#include "oci/jsonw.h"
#include "runtime/connect.h"
#include "runtime/container.h"
#include "runtime/exec.h"
#include "runtime/lifecycle.h"
#include "runtime/load.h"
#include "runtime/sdnotify.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

const char *container_process_state(const struct container *c, enum status status, pid_t pid)
{
	struct jsonw *w = jsonw_new(JSONW_COMPACT);
	struct text state = { container_state(c, status, false), 0 };
	const struct json *tree;

	state.len = strlen(state.data);
	if (json_parse("state", &state, &tree) < 0)
		return NULL;
	jsonw_object(w);
	jsonw_member_string(w, "ociVersion", c->record.oci_version);
	jsonw_member_array(w, "fds");
	jsonw_string(w, "seccompFd");
	jsonw_end(w);
	jsonw_member_i64(w, "pid", pid);
	if (c->record.listener_metadata)
		jsonw_member_string(w, "metadata", c->record.listener_metadata);
	jsonw_key(w, "state");
	jsonw_json(w, tree);
	jsonw_end(w);
	return jsonw_finish(w).data;
}

/* The hooks of all kinds, from the saved config. Reporting. */
static int load_hooks(const struct container *c, struct plan_hooks ret[HOOK_KINDS])
{
	struct config config;
	struct text text;
	int r = load_config(c->dir, "config.json", &text, &config);

	return r < 0 ? r : plan_hooks_make(&config, ret);
}

int container_hooks(struct container *c, enum plan_hook_kind kind, enum status status)
{
	struct plan_hooks hooks[HOOK_KINDS] = { { 0 } };
	int r = load_hooks(c, hooks);

	if (r < 0 || hooks[kind].n == 0)
		return r;
	autofd bundle = open(c->record.bundle, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (bundle < 0) /* a bundle that is gone must not keep poststop hooks from running */
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

/* The pid of init in its own PID namespace: the last of proc(5) status, NSpid. */
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

/* startContainer hooks are processes of the container: what they get and see is its. */
static int run_start_hooks(struct container *c)
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

static int check_startable(struct container *c)
{
	enum status status = container_status(c);

	if (status == STATUS_CREATED)
		return 0;
	if (status >= STATUS_STOPPED)
		return fail(0, "container '%s' has stopped: it cannot be started again", c->id);
	return fail(0, "container '%s' is %s: only a created one can be started", c->id,
		    status_word(status));
}

/* A pidfd of init where the container waits for its start. Reporting. */
static int open_startable(struct container *c)
{
	const struct record *r = &c->record;
	int e = c->locked ? 0 : container_lock(c, LOCK_TIMEOUT_MS);

	if (e >= 0)
		e = check_startable(c);
	if (e < 0)
		return e;
	int pidfd = identity_open((pid_t)r->pid, r->start_time, r->boot_id);

	if (pidfd == -ESRCH)
		return fail(0, "container '%s' has stopped: it cannot be started", c->id);
	return pidfd < 0 ? fail(-pidfd, "container '%s': init", c->id) : pidfd;
}

/* runtime-spec, lifecycle 10: one that fails is an error, and the container is stopped. So it is
 * when a signal ends one that hangs; our caller sees to that where it made the container. */
static int run_poststart(struct container *c, bool fresh)
{
	int r = fresh ? 0 : interrupt_begin();

	if (r >= 0)
		r = container_hooks(c, HOOK_POSTSTART, STATUS_RUNNING);
	int came = fresh ? 0 : interrupt_report();

	r = came < 0 ? came : r;
	if (r < 0)
		(void)!container_end(c);
	if (!fresh)
		interrupt_default();
	return r;
}

int container_start(struct container *c)
{
	const struct record *r = &c->record;
	/* Our own child, locked since it was made: nobody else can have started or paused it. */
	bool fresh = c->locked && c->child.pidfd >= 0;
	autofd opened = fresh ? -1 : open_startable(c), agent = -1;
	int e;

	if (!fresh && opened < 0)
		return opened;
	struct start_request request = {
		.statedir = c->dir,
		.pidfd = fresh ? c->child.pidfd : opened,
		.agent = r->notify ? &agent : NULL,
		.process_state =
			r->notify ? container_process_state(c, STATUS_CREATING, (pid_t)r->pid)
				  : NULL,
		.timeout_ms = LOCK_TIMEOUT_MS,
		.program = r->program,
		.sdnotify = sdnotify_host() ? &c->sdnotify : NULL,
		.closing = &c->proc,
	};

	if (r->notify &&
	    (e = connect_socket("linux.seccomp.listenerPath", r->listener_path, &agent)) < 0)
		return e;
	e = r->start_hooks ? run_start_hooks(c) : 0;
	if (e < 0) { /* runtime-spec, lifecycle 8: an error, and the container is stopped */
		(void)!container_end(c);
		return e;
	}
	e = start_go(&request);
	interrupt_watch(INTERRUPT_INIT, -1); /* it is the user's program now */
	return e < 0 || !r->poststart ? e : run_poststart(c, fresh);
}

int container_await_ready(struct container *c)
{
	const struct record *rec = &c->record;

	if (c->sdnotify < 0)
		return 0;
	container_unlock(c);
	autofd pidfd = identity_open((pid_t)rec->pid, rec->start_time, rec->boot_id);

	return pidfd < 0 ? 0 : sdnotify_await(c->sdnotify, pidfd, (pid_t)rec->pid);
}
