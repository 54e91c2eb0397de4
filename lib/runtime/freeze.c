/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Freezes and thaws a container. What must hold: a freeze that is not complete in time is undone
 * (lib/cgroup), so a container is never partly frozen. The lock is held, so that the container is
 * not deleted in the meantime.
 */
#include "runtime/freeze.h"

#include "base/err.h"
#include "base/words.h"
#include "cgroup/cgroup.h"
#include "cgroup/freeze.h"
#include "runtime/container.h"
#include "runtime/status.h"
#include "runtime/timeouts.h"

int container_freeze(struct container *c, bool freeze)
{
	struct cgroup cgroup;
	int r = container_lock(c, LOCK_TIMEOUT_MS);

	if (r < 0)
		return r;
	enum status status = container_status(c);
	bool fits = freeze ? status == STATUS_RUNNING || status == STATUS_CREATED
			   : status == STATUS_PAUSED;

	if (!fits)
		return fail(0, "container '%s': %s: it is %s", c->id,
			    freeze ? WORDS_NOT_RUNNING : WORDS_NOT_PAUSED,
			    names_of(state_status_names, status));
	record_cgroup(&c->record, &cgroup);
	return cgroup_freeze(&cgroup, freeze, FREEZE_TIMEOUT_MS);
}
