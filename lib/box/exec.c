/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A further process of a container, from the moment in which it is in there until it becomes
 * the user's program. Its steps are those of init that concern a process. What must hold: it
 * is non-dumpable from before it was in the container, whose processes may be allowed to trace
 * (CVE-2016-9962); it takes nothing from the container by name but below its root; and it has
 * the credentials, limits, label and filter that were asked for, read back, before it runs.
 */
#include "box/box.h"

#include "base/err.h"
#include "base/fd.h"
#include "base/steps.h"
#include "box/inner.h"
#include "box/start.h"

#include <errno.h>
#include <fcntl.h>
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

static const struct step exec_steps[] = {
	{ .name = "handles", .run = handles_keep },
	{ .name = "cgroups", .run = cgroups_enter },
	{ .name = "session", .run = session_make },
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
	{ .name = "enter", .run = cwd_enter },
	{ .name = "credentials", .run = creds_set },
	{ .name = "enter as user", .run = cwd_enter_as_user },
	{ .name = "program", .run = program_find },
	{ .name = "read back", .run = confinement_check },
	{ .name = "descriptors", .run = descriptors_close },
	{ .name = "ready", .run = ready_say },
};

no_return void exec_run(const struct plan *plan, struct handles *h)
{
	struct box box;

	box_begin(plan, h, &box);
	int r = steps_run(exec_steps, ARRAY_LEN(exec_steps), &box, NULL);

	if (r < 0)
		box_failed(&box, r);
	const struct plan_hooks none = { 0 };
	const struct start_program program = {
		.path = box.program,
		.argv = plan->process.argv,
		.envp = box.envp,
		.process = &plan->process,
		.filter = plan->filter,
		.preserve_fds = plan->preserve_fds,
		.hooks = &none,
		.state = "",
	};

	start_now(h->sync[1], h->page, &program);
}
