/* SPDX-License-Identifier: Apache-2.0 */
/* The mounts of config.json. */
#ifndef FS_MOUNTS_H
#define FS_MOUNTS_H

#include "base/base.h"

/* Step: makes all mounts of the plan in their order. Reporting. */
must_check int mounts_make(void *ctx);

#endif
