/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Thaws a paused container. The lock is held, so that the container is not deleted in the meantime.
 */
#include "runtime/resume.h"

#include "base/err.h"
#include "base/words.h"
#include "cgroup/cgroup.h"
#include "cgroup/freeze.h"
#include "runtime/container.h"
#include "runtime/status.h"
#include "runtime/timeouts.h"

int container_resume(struct container *c)
{
	struct cgroup cgroup;
	int r = container_lock(c, LOCK_TIMEOUT_MS);

	if (r < 0)
		return r;
	enum status status = container_status(c);

	if (status != STATUS_PAUSED)
		return fail(0, "container '%s': " WORDS_NOT_PAUSED ": it is %s", c->id,
			    status_word(status));
	record_cgroup(&c->record, &cgroup);
	return cgroup_freeze(&cgroup, false, FREEZE_TIMEOUT_MS);
}
