/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A further process of a container. Who may trace in there (CAP_SYS_PTRACE) sees every process
 * of its pid namespace, non-dumpable or not, and could take its descriptors or make it act
 * (CVE-2016-9962). So all is done by a process that is in the other namespaces only: it gets
 * ready as init does, with init's steps, reads back, closes what is the host's, and then
 * clones the one that the container sees. That has nothing but its standard streams, the
 * socket to the runtime and the credentials with which it will run, loads the filter and execs.
 */
#include "box/box.h"

#include "base/err.h"
#include "base/fd.h"
#include "base/steps.h"
#include "base/sys.h"
#include "box/inner.h"
#include "box/start.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

/* setns(2) made "/" the root of the container's mount namespace. */
static int root_open(void *ctx)
{
	struct box *box = ctx;

	umask(022);
	box->root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return box->root < 0 ? fail(errno, "the container's root") : 0;
}

int process_follow(void *ctx)
{
	pid_t pid = sys_clone(CLONE_PARENT);

	(void)ctx;
	if (pid > 0)
		_exit(0);
	return pid < 0 ? fail(errno, "make the process in the container's PID namespace") : 0;
}

static const struct step exec_steps[] = {
	{ .name = "handles", .run = handles_keep },
	{ .name = "cgroups", .run = cgroups_enter },
	{ .name = "affinity", .run = affinity_set },
	{ .name = "hello", .run = hello_say },
	{ .name = "root", .run = root_open },
	{ .name = "maps", .run = maps_await },
	{ .name = "user namespace", .run = ids_become_root },
	{ .name = "keyring", .run = keyring_join },
	{ .name = "stdio", .run = stdio_fix },
	{ .name = "console", .run = console_join },
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
	{ .name = "ready", .run = ready_say },
	{ .name = "filter", .when = filter_comes_early, .run = filter_early },
	{ .name = "process", .run = process_follow },
};

/* What fork(2) does not hand on. */
static const struct step last_steps[] = {
	{ .name = "hello", .run = hello_say },
	{ .name = "session", .run = session_make },
	{ .name = "terminal", .run = console_control },
};

no_return static void run_last(struct box *box)
{
	const struct plan *plan = box->plan;
	const struct plan_hooks none = { 0 };
	const struct start_program program = {
		.path = box->program,
		.argv = plan->process.argv,
		.envp = box->envp,
		.process = &plan->process,
		.filter = filter_comes_early(box) ? NULL : plan->filter,
		.preserve_fds = plan->preserve_fds,
		.hooks = &none,
		.state = "",
	};
	int r = steps_run(last_steps, ARRAY_LEN(last_steps), box, NULL);

	if (r < 0)
		start_give_up(box->h->sync[1], r);
	start_now(box->h->sync[1], box->h->page, &program);
}

no_return void exec_run(const struct plan *plan, struct handles *h)
{
	struct box box;

	box_begin(plan, h, &box);
	box.followed = true;
	int r = steps_run(exec_steps, ARRAY_LEN(exec_steps), &box, NULL);

	if (r < 0)
		box_failed(&box, r);
	run_last(&box);
}
