/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A further process in a running container.
 *
 * A process with CAP_SYS_PTRACE in the container can trace every process of its PID namespace,
 * whether dumpable or not. It could take such a process's descriptors or make it act on its behalf
 * (CVE-2016-9962). Therefore an intermediate process, which is in all namespaces but the PID
 * namespace, does the work. It runs the same steps as init, reads the result back and closes the
 * descriptors of the host. Then it clones the process proper, which the container can see. That one
 * has its standard streams, the socket to the runtime and its final credentials. It loads the
 * filter and calls execve(2).
 */
#include "process/exec.h"

#include "base/err.h"
#include "base/steps.h"
#include "channel/box.h"
#include "channel/handles.h"
#include "channel/sync.h"
#include "fs/console.h"
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
#include "process/keyring.h"
#include "process/lsm.h"
#include "process/program.h"
#include "process/stdio.h"
#include "process/verify.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* setns(2) has changed "/" to the root of the container's mount namespace. */
static int root_open(void *ctx)
{
	struct box *box = ctx;

	umask(022);
	box->root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return box->root < 0 ? fail(errno, "open the container's root") : 0;
}

static int ready_say(void *ctx)
{
	int r = box_say(ctx, SYNC_READY);

	return r < 0 ? r : box_await(ctx, SYNC_COMMIT);
}

static const struct step enter_steps[] = {
	{ .name = "handles", .run = descriptors_keep_handles },
	{ .name = "cgroups", .run = cgroups_enter },
	{ .name = "affinity", .run = affinity_set },
	{ .name = "hello", .run = box_say_hello },
	{ .name = "root", .run = root_open },
	{ .name = "maps", .run = box_await_maps },
	{ .name = "user namespace", .run = creds_become_root },
	{ .name = "keyring", .run = keyring_join },
	{ .name = "stdio", .run = stdio_fix },
	{ .name = "console", .run = console_join },
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
	{ .name = "choice of the filter", .run = early_prepare },
	{ .name = "ready", .run = ready_say },
	/* final.h has the rest: it runs in the process that the container can see */
	{ .name = "filter", .run = early_load },
};

no_return no_instrument void exec_run(const struct plan *plan, struct handles *h)
{
	struct box box;

	box_begin(plan, h, &box);
	struct final final = {
		.plan = plan,
		.page = h->page,
		.clone = true,
		.session = !h->hook,
		.dies = h->hook,
		.sync = -1,
		.argv = plan->process.argv,
	};
	box.final = &final;
	int r = steps_run(enter_steps, ARRAY_LEN(enter_steps), &box, NULL);

	if (r < 0)
		box_failed(h->sync[1], r);
	final_run(&final);
}
