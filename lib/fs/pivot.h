/* SPDX-License-Identifier: Apache-2.0 */
/* pivot_root(2), and the only unmount by path. */
#ifndef FS_PIVOT_H
#define FS_PIVOT_H

#include "base/base.h"

/*
 * Makes the working directory, which is the root of a mount, the root directory, and detaches the
 * old root. Silent.
 */
must_check int pivot_to_cwd(void);

#endif
