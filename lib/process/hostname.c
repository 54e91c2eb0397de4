/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the names of a UTS namespace. What must hold: the host is never renamed. The plan refuses a
 * hostname without a UTS namespace for the container; this file checks it again.
 */
#include "process/hostname.h"

#include "base/err.h"
#include "channel/box.h"
#include "plan/plan.h"

#include <errno.h>
#include <linux/sched.h>
#include <string.h>
#include <unistd.h>

int hostname_set(void *ctx)
{
	const struct plan *plan = ((const struct box *)ctx)->plan;

	if (!plan->hostname && !plan->domainname)
		return 0;
	if (!((plan->ns.made | plan->ns.joined) & CLONE_NEWUTS))
		return fail(0, "hostname: needs a UTS namespace of the container's own");
	if (plan->hostname && sethostname(plan->hostname, strlen(plan->hostname)) < 0)
		return fail(errno, "hostname %s", plan->hostname);
	if (plan->domainname && setdomainname(plan->domainname, strlen(plan->domainname)) < 0)
		return fail(errno, "domainname %s", plan->domainname);
	return 0;
}
