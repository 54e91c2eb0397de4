/* SPDX-License-Identifier: Apache-2.0 */
/* The value that takes a write back. */
#ifndef CGROUP_RESTORE_H
#define CGROUP_RESTORE_H

#include "base/base.h"
#include "cgroup/leaves.h"

/* What makes file say `shown` again after `written` was written to it; arena. */
const char *restore_value(const char *file, const char *shown, const char *written);

#endif
