/* SPDX-License-Identifier: Apache-2.0 */
/* The device nodes and links of /dev. */
#ifndef FS_DEV_H
#define FS_DEV_H

#include "base/base.h"

/* Step: makes the device nodes and links of the plan. Reporting. */
must_check int dev_make(void *ctx);

#endif
