/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The container's init until it becomes the user's program: the table of its steps and its side of
 * the conversation with the parent.
 *
 * What must hold: READY is sent only after every step has succeeded. If the parent ends before
 * COMMIT, init ends. While init waits, no descriptor is open but those of descriptors_keep_last()
 * (CVE-2024-21626).
 */
#include "process/init.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/msg.h"
#include "base/steps.h"
#include "base/sys.h"
#include "channel/box.h"
#include "channel/handles.h"
#include "channel/start.h"
#include "channel/sync.h"
#include "fs/console.h"
#include "fs/dev.h"
#include "fs/mask.h"
#include "fs/mounts.h"
#include "fs/rootfs.h"
#include "oci/config.h"
#include "oci/state.h"
#include "plan/plan.h"
#include "process/affinity.h"
#include "process/attributes.h"
#include "process/cgroups.h"
#include "process/creds.h"
#include "process/cwd.h"
#include "process/descriptors.h"
#include "process/early.h"
#include "process/environment.h"
#include "process/final.h"
#include "process/hooks.h"
#include "process/hostname.h"
#include "process/keyring.h"
#include "process/loopback.h"
#include "process/lsm.h"
#include "process/memory.h"
#include "process/namespaces.h"
#include "process/program.h"
#include "process/stdio.h"
#include "process/sysctl.h"
#include "process/verify.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * The State document for hooks that run inside. Its pid is that "as seen by the container"
 * (runtime-spec, runtime.md, State): 1 in a new PID namespace.
 */
static const char *state_text(const struct box *box, enum status status)
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
	return plan_hooks_exist(((const struct box *)ctx)->plan);
}

static int hooks_await(void *ctx)
{
	struct box *box = ctx;
	const struct plan_hooks *hooks = &box->plan->hooks[HOOK_CREATE_CONTAINER];
	int r = box_say(box, SYNC_MOUNTED);

	if (r == 0)
		r = box_await(box, SYNC_HOOKED);
	if (r < 0 || hooks->n == 0)
		return r;
	const struct hook_context context = { .state = state_text(box, STATUS_CREATING),
					      .cwd = box->root,
					      .envp = environ };

	return hooks_run(hooks, &context);
}

static void on_end(int sig)
{
	_exit(128 + sig);
}

/*
 * Signals that end a process by default end init while it waits ("kill ID TERM" of a created
 * container). The kernel does not deliver such a signal to pid 1 of a PID namespace unless it has a
 * handler (pid_namespaces(7)). execve(2) resets the handlers.
 */
static int signals_take(void *ctx not_used)
{
	static const int signals[] = { SIGHUP, SIGINT, SIGQUIT, SIGABRT, SIGTERM };
	const struct sigaction act = { .sa_handler = on_end };

	for (size_t i = 0; i < ARRAY_LEN(signals); i++)
		if (sigaction(signals[i], &act, NULL) < 0)
			return fail(errno, "install the handler of signal %d", signals[i]);
	return 0;
}

static bool is_followed(const void *ctx)
{
	return ((const struct box *)ctx)->final->clone;
}

static bool is_last(const void *ctx)
{
	return !is_followed(ctx);
}

/*
 * The parent may exit as soon as it has sent COMMIT, so the parent death signal is cleared before.
 * From here until COMMIT, end of file on the socket reports the parent's end.
 */
static int parent_outlive(void *ctx)
{
	(void)ctx;
	return prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0) < 0
		       ? fail(errno, "clear the parent death signal")
		       : 0;
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

/* The order is explained in init.h and spawn.h. */
static const struct step init_steps[] = {
	{ .name = "handles", .run = descriptors_keep_handles },
	{ .name = "cgroups", .run = cgroups_enter },
	{ .name = "affinity", .run = affinity_set },
	{ .name = "session", .run = attributes_make_session },
	{ .name = "cgroup namespace", .run = namespaces_make_cgroup },
	{ .name = "time namespace", .run = namespaces_make_time },
	{ .name = "hello", .run = box_say_hello },
	{ .name = "propagation", .run = rootfs_detach_propagation },
	{ .name = "root", .run = rootfs_clone },
	{ .name = "maps", .run = box_await_maps },
	{ .name = "user namespace", .run = creds_become_root },
	{ .name = "namespaces of that root", .run = namespaces_make },
	{ .name = "loopback", .run = loopback_up },
	{ .name = "keyring", .run = keyring_join },
	{ .name = "mounts", .run = mounts_make },
	{ .name = "devices", .run = dev_make },
	{ .name = "createContainer hooks", .when = has_hooks, .run = hooks_await },
	{ .name = "PID namespace", .when = is_followed, .run = namespaces_enter_pid },
	{ .name = "pivot", .run = rootfs_pivot },
	{ .name = "descriptors of the host", .run = descriptors_close_host },
	{ .name = "stdio", .run = stdio_fix },
	{ .name = "console", .run = console_make },
	{ .name = "hostname", .run = hostname_set },
	{ .name = "sysctls", .run = sysctl_write },
	{ .name = "working directory", .run = cwd_make },
	{ .name = "readonly paths", .run = mask_readonly_paths },
	{ .name = "masked paths", .run = mask_masked_paths },
	{ .name = "root flags", .run = rootfs_finish },
	{ .name = "environment", .run = environment_make },
	{ .name = "label", .run = lsm_label_set },
	{ .name = "umask", .run = attributes_set_umask },
	{ .name = "personality", .run = attributes_set_personality },
	{ .name = "enter", .run = cwd_enter },
	{ .name = "credentials", .run = creds_set },
	{ .name = "enter as user", .run = cwd_enter_as_user },
	{ .name = "program", .run = program_find },
	{ .name = "read back", .run = verify_confinement },
	{ .name = "last descriptors", .run = descriptors_keep_last },
	{ .name = "signals", .run = signals_take },
	{ .name = "parent", .when = is_last, .run = parent_outlive },
	{ .name = "choice of the filter", .run = early_prepare },
	{ .name = "memory", .when = waits, .run = memory_shrink },
	/* final.h has the rest: from here on other processes may see this one */
	{ .name = "filter", .run = early_load },
};

no_return no_instrument void init_run(const struct plan *plan, struct handles *h)
{
	struct box box;

	box_begin(plan, h, &box);
	struct final final = {
		.plan = plan,
		.page = h->page,
		.clone = plan_ns_joins_pid(plan),
		.session = plan_ns_joins_pid(plan),
		.sync = h->sync[1],
		.argv = plan->process.argv,
	};
	h->page->sdnotify = h->sdnotify;
	box.final = &final;
	int r = steps_run(init_steps, ARRAY_LEN(init_steps), &box, NULL);

	if (r < 0)
		box_failed(h->sync[1], r);
	final_run(&final);
}
