/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Freezes a container. What must hold: a freeze that is not complete in time is undone
 * (lib/cgroup), so a container is never partly frozen. The lock is held, so that the container is
 * not deleted in the meantime.
 */
#include "runtime/pause.h"

#include "base/err.h"
#include "base/words.h"
#include "cgroup/cgroup.h"
#include "cgroup/freeze.h"
#include "runtime/container.h"
#include "runtime/status.h"
#include "runtime/timeouts.h"

int container_pause(struct container *c)
{
	struct cgroup cgroup;
	int r = container_lock(c, LOCK_TIMEOUT_MS);

	if (r < 0)
		return r;
	enum status status = container_status(c);

	if (status != STATUS_RUNNING && status != STATUS_CREATED)
		return fail(0, "container '%s': " WORDS_NOT_RUNNING ": it is %s", c->id,
			    status_word(status));
	record_cgroup(&c->record, &cgroup);
	return cgroup_freeze(&cgroup, true, FREEZE_TIMEOUT_MS);
}
