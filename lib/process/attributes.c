/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Process attributes, other than credentials, that survive execve(2): the session, the execution
 * domain and the umask. A session of its own means that the container has no controlling terminal
 * of the caller (CVE-2017-5226).
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
	return setsid() < 0 ? fail(errno, "start a new session (setsid)") : 0;
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
