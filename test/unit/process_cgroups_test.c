/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lib/process/cgroups.c: the error names the hierarchy that could not be joined. On a hybrid host
 * the v2 hierarchy is in the same array as those of v1 and has no `tasks`.
 */
#include "base/err.h"
#include "channel/box.h"
#include "channel/handles.h"
#include "plan/plan.h"
#include "process/cgroups.h"
#include "unit/tap.h"

#include <fcntl.h>

int main(void)
{
	static const struct plan plan = { .cgroup = { .n = 3,
						      .v = { { .name = "unified", .v2 = true },
							     { .name = "cpu,cpuacct" },
							     { .name = "memory" } } } };
	struct handles h = { .n_tasks = 2 };
	const struct box box = { .plan = &plan, .h = &h };

	h.tasks[0] = open("/dev/null", O_WRONLY | O_CLOEXEC);
	h.tasks[1] = open("/dev/null", O_RDONLY | O_CLOEXEC); /* cannot be written */
	ok(cgroups_enter((void *)(uintptr_t)&box) < 0, "a hierarchy that cannot be joined");
	ok(strstr(err_message(), "hierarchy memory"), "is named: %s", err_message());
	return done();
}
