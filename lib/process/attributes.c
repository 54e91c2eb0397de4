/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the kernel keeps of a process besides its credentials and hands on to the program: its
 * session, without a controlling terminal of the caller's (CVE-2017-5226), the execution domain,
 * the umask.
 */
#include "process/attributes.h"

#include "base/err.h"
#include "channel/box.h"
#include "plan/plan.h"

#include <errno.h>
#include <sys/personality.h>
#include <sys/stat.h>
#include <unistd.h>

int attributes_make_session(void *ctx)
{
	(void)ctx;
	return setsid() < 0 ? fail(errno, "make a session") : 0;
}

int attributes_set_personality(void *ctx)
{
	const struct plan_process *p = &((const struct box *)ctx)->plan->process;

	if (!p->set_personality)
		return 0;
	if (personality(p->personality) < 0 || personality(UINT32_MAX) != (int)p->personality)
		return fail(errno, "linux.personality: set it to %#x", p->personality);
	return 0;
}

int attributes_set_umask(void *ctx)
{
	const struct plan_process *p = &((struct box *)ctx)->plan->process;

	if (p->set_umask)
		umask(p->umask);
	return 0;
}
