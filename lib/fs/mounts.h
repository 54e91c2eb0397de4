/* SPDX-License-Identifier: Apache-2.0 */
/* The mounts of config.json. */
#ifndef FS_MOUNTS_H
#define FS_MOUNTS_H

#include "base/base.h"

/* Step: all of them, in their order. Reporting. */
must_check int mounts_make(void *ctx);

#endif
