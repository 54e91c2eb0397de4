/* SPDX-License-Identifier: Apache-2.0 */
/* linux.maskedPaths and linux.readonlyPaths. All reporting. */
#ifndef FS_MASK_H
#define FS_MASK_H

#include "base/base.h"

/* Steps: make readonlyPaths read-only, cover maskedPaths. */
must_check int mask_readonly_paths(void *ctx);
must_check int mask_masked_paths(void *ctx);

#endif
