/* SPDX-License-Identifier: Apache-2.0 */
/* The one place that unmounts by path. */
#ifndef FS_PIVOT_H
#define FS_PIVOT_H

#include "base/base.h"

/* Makes the working directory, a mount's root, the root, and detaches the old one. Silent. */
must_check int pivot_to_cwd(void);

#endif
