/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Changes the limits of existing cgroups. After an error the values that were written before it are
 * restored.
 */
#include "cgroup/update.h"

#include "base/err.h"
#include "cgroup/cgroup.h"
#include "cgroup/devices.h"
#include "cgroup/leaves.h"
#include "cgroup/scope.h"
#include "cgroup/values.h"

int cgroup_update(const struct plan_cgroup *plan, const struct cgroup *cgroup)
{
	struct leaves leaves;

	leaves_init(&leaves, cgroup);
	struct values_before before = { 0 };
	int r = values_write(plan, &leaves, &before);

	if (r == 0)
		r = devices_apply(plan, &leaves, false);
	if (r == 0 && cgroup->scope.unit) {
		r = scope_update(plan, cgroup);
		if (r >= 0) /* systemd has written the files, too, with rounded values */
			r = values_write(plan, &leaves, NULL);
	}
	if (r < 0 && values_restore(&before) < 0)
		r = wrap(r, "done only in part, and not all values could be restored");
	leaves_close(&leaves);
	return r;
}
