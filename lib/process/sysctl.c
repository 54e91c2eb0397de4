/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns linux.sysctl. What must hold: each write goes to the kernel's own table, through a procfs
 * that nobody else can mount over (CVE-2025-52881), and is complete or an error. The plan decides
 * which keys a container may set. In the tables of network, IPC and UTS namespaces the kernel
 * selects the namespace of the process that opens the file, which is init.
 */
#include "process/sysctl.h"

#include "base/arena.h"
#include "base/err.h"
#include "channel/box.h"
#include "channel/handles.h"
#include "channel/procfs.h"
#include "plan/plan.h"

int sysctl_write(void *ctx)
{
	const struct box *box = ctx;

	for (size_t i = 0; i < box->plan->n_sysctls; i++) {
		const struct plan_sysctl *s = &box->plan->sysctls[i];
		int r = procfs_write(box->h->proc, arena_printf("sys/%s", s->path), s->value);

		if (r < 0)
			return fail(-r, "linux.sysctl: %s = %s", s->key, s->value);
	}
	return 0;
}
