/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The container's init until it becomes the user's program: the table of its steps and its
 * side of the conversation with the parent. What must hold: no step is left out or failed
 * when the parent hears READY; the end of the parent is ours, at any time before COMMIT; and
 * no descriptor but those named in descriptors_close() is open while we wait (CVE-2024-21626).
 */
#include "box/box.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/msg.h"
#include "base/steps.h"
#include "base/sys.h"
#include "box/creds.h"
#include "box/hooks.h"
#include "box/inner.h"
#include "box/procns.h"
#include "box/start.h"
#include "oci/config.h"
#include "oci/state.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

size_t preserved_add(const struct box *box, int *keep, size_t n)
{
	for (int fd = 3; fd < 3 + (int)box->plan->preserve_fds; fd++) {
		int flags = fcntl(fd, F_GETFD);

		if (flags >= 0 && !(flags & FD_CLOEXEC))
			keep[n++] = fd;
	}
	return n;
}

/* All but the handles goes: above all the lock, which the parent must hold alone. */
int handles_keep(void *ctx)
{
	const struct box *box = ctx;
	const struct handles *h = box->h;
	size_t mounts = box->plan->n_mounts, n = 0;
	int *keep = arena_array(64 + box->plan->preserve_fds + 2 * mounts, sizeof(*keep));
	const int some[] = { h->proc,
			     h->bundle,
			     h->root,
			     h->sdnotify,
			     h->start,
			     h->sync[1],
			     procns_join(box->plan, h) };

	for (size_t i = 0; i < ARRAY_LEN(some); i++)
		keep[n++] = some[i];
	for (size_t i = 0; i < PLAN_HIERARCHIES; i++)
		keep[n++] = h->cgroup_leaves[i];
	for (size_t i = 0; i < h->n_tasks; i++)
		keep[n++] = h->tasks[i];
	for (size_t i = 0; i < mounts; i++) {
		keep[n++] = h->sources[i];
		keep[n++] = h->idmaps[i];
	}
	int r = fd_close_others(keep, preserved_add(box, keep, n));

	return r < 0 ? fail(-r, "close what the parent held") : 0;
}

/* What waiting needs. */
int descriptors_close(void *ctx)
{
	struct box *box = ctx;
	const int few[] = { box->h->sync[1], box->h->start, box->h->sdnotify };
	int *keep = arena_array(ARRAY_LEN(few) + box->plan->preserve_fds, sizeof(*keep));
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(few); i++)
		keep[n++] = few[i];
	int r = fd_close_others(keep, preserved_add(box, keep, n));

	if (r >= 0)
		r = fd_cloexec_from(3 + box->plan->preserve_fds);
	return r < 0 ? fail(-r, "close what the program must not have") : 0;
}

static int say(const struct box *box, uint32_t type)
{
	int r = msg_send(box->h->sync[1], type, 0, NULL, NULL, 0);

	return r < 0 ? fail(-r, "talk to the parent") : 0;
}

static int await(const struct box *box, uint32_t type)
{
	struct msg m;

	if (msg_recv(box->h->sync[1], &m) <= 0)
		_exit(1); /* the parent is dead, and nobody left to tell */
	if (m.type != type)
		return fail(0, "found message %u of the parent, expected %u", m.type, type);
	return 0;
}

int hello_say(void *ctx)
{
	return say(ctx, SYNC_HELLO);
}

int maps_await(void *ctx)
{
	return await(ctx, SYNC_MAPPED);
}

/* The State as hooks inside get it. Its pid is ours "as seen by the container" (runtime-spec,
 * runtime.md, State): 1 in a PID namespace of its own. */
static const char *state_text(const struct box *box, enum state_status status)
{
	const struct plan *plan = box->plan;
	struct state state = { .oci_version = plan->oci_version,
			       .id = plan->id,
			       .status = status,
			       .pid = getpid(),
			       .bundle = plan->bundle };

	if (plan->config)
		state.annotations = plan->config->annotations;
	return state_encode(&state, JSONW_COMPACT).data;
}

static bool has_hooks(const void *ctx)
{
	return plan_has_hooks(((const struct box *)ctx)->plan);
}

int hooks_await(void *ctx)
{
	struct box *box = ctx;
	const struct plan_hooks *hooks = &box->plan->hooks[HOOK_CREATE_CONTAINER];
	int r = say(box, SYNC_MOUNTED);

	if (r == 0)
		r = await(box, SYNC_HOOKED);
	if (r < 0 || hooks->n == 0)
		return r;
	const struct hook_context context = { .state = state_text(box, STATE_CREATING),
					      .cwd = box->root,
					      .envp = environ };

	return hooks_run(hooks, &context);
}

int umask_set(void *ctx)
{
	const struct plan_process *p = &((struct box *)ctx)->plan->process;

	if (p->set_umask)
		umask(p->umask);
	return 0;
}

static void on_end(int sig)
{
	_exit(128 + sig);
}

/*
 * What ends a process by default ends us while we wait ("kill ID TERM" of a created container):
 * in a PID namespace of our own the kernel would not deliver it without a handler. execve(2)
 * takes the handlers away.
 */
static int signals_take(void *ctx not_used)
{
	static const int signals[] = { SIGHUP, SIGINT, SIGQUIT, SIGABRT, SIGTERM };
	const struct sigaction act = { .sa_handler = on_end };

	for (size_t i = 0; i < ARRAY_LEN(signals); i++)
		if (sigaction(signals[i], &act, NULL) < 0)
			return fail(errno, "signal %d", signals[i]);
	return 0;
}

static bool is_followed(const void *ctx)
{
	return ((const struct box *)ctx)->final.clone;
}

static bool is_last(const void *ctx)
{
	return !is_followed(ctx);
}

/* The parent may exit as soon as it has said COMMIT, so the death signal goes before: from here
 * to COMMIT it is the end of file that tells of the parent's death. */
static int parent_outlive(void *ctx)
{
	(void)ctx;
	return prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0) < 0 ? fail(errno, "outlive the parent") : 0;
}

static bool waits(const void *ctx)
{
	return !((const struct box *)ctx)->h->at_once;
}

static int memory_shrink(void *ctx)
{
	(void)ctx;
	memory_drop();
	return 0;
}

/* The order is argued in inner.h and box.h. */
static const struct step init_steps[] = {
	{ .name = "handles", .run = handles_keep },
	{ .name = "cgroups", .run = cgroups_enter },
	{ .name = "affinity", .run = affinity_set },
	{ .name = "session", .run = session_make },
	{ .name = "cgroup namespace", .run = cgroupns_make },
	{ .name = "time namespace", .run = timens_make },
	{ .name = "hello", .run = hello_say },
	{ .name = "propagation", .run = root_detach_propagation },
	{ .name = "root", .run = root_clone },
	{ .name = "maps", .run = maps_await },
	{ .name = "user namespace", .run = ids_become_root },
	{ .name = "namespaces of that root", .run = namespaces_make },
	{ .name = "loopback", .run = loopback_up },
	{ .name = "keyring", .run = keyring_join },
	{ .name = "mounts", .run = mounts_make },
	{ .name = "devices", .run = dev_make },
	{ .name = "hooks", .when = has_hooks, .run = hooks_await },
	{ .name = "PID namespace", .when = is_followed, .run = pidns_enter },
	{ .name = "pivot", .run = root_pivot },
	{ .name = "stdio", .run = stdio_fix },
	{ .name = "console", .run = console_make },
	{ .name = "hostname", .run = hostname_set },
	{ .name = "sysctls", .run = sysctls_write },
	{ .name = "working directory", .run = cwd_make },
	{ .name = "readonly paths", .run = readonly_paths },
	{ .name = "masked paths", .run = masked_paths },
	{ .name = "root flags", .run = root_finish },
	{ .name = "environment", .run = environment_make },
	{ .name = "label", .run = lsm_label_set },
	{ .name = "umask", .run = umask_set },
	{ .name = "personality", .run = personality_set },
	{ .name = "enter", .run = cwd_enter },
	{ .name = "credentials", .run = creds_set },
	{ .name = "enter as user", .run = cwd_enter_as_user },
	{ .name = "program", .run = program_find },
	{ .name = "read back", .run = confinement_check },
	{ .name = "descriptors", .run = descriptors_close },
	{ .name = "signals", .run = signals_take },
	{ .name = "parent", .when = is_last, .run = parent_outlive },
	{ .name = "memory", .when = waits, .run = memory_shrink },
	/* final.h has the rest: from here on others may see the process */
	{ .name = "filter", .run = final_filter },
};

no_return void box_failed(const struct box *box, int code)
{
	(void)!msg_send(box->h->sync[1], SYNC_ERROR, code, err_message(), NULL, 0);
	_exit(1);
}

void box_begin(const struct plan *plan, struct handles *h, struct box *ret)
{
	box_init(plan, h, ret);
	/* The program begins with no signal blocked or ignored, whatever our caller had. */
	int r = sys_reset_signals(0);

	if (r < 0)
		box_failed(ret, fail(-r, "reset signals"));
	prctl(PR_SET_NAME, START_COMM, 0, 0, 0);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0)
		box_failed(ret, fail(errno, "die with the parent"));
}

no_return void init_run(const struct plan *plan, struct handles *h)
{
	struct box box;

	box_begin(plan, h, &box);
	box.final = (struct final){
		.plan = plan,
		.page = h->page,
		.clone = procns_is_joined(plan),
		.session = procns_is_joined(plan),
		.sync = h->sync[1],
		.argv = plan->process.argv,
	};
	h->page->sdnotify = h->sdnotify;
	int r = steps_run(init_steps, ARRAY_LEN(init_steps), &box, NULL);

	if (r < 0)
		box_failed(&box, r);
	final_run(&box.final);
}
