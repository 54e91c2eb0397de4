/* SPDX-License-Identifier: Apache-2.0 */
/* /dev */
#ifndef FS_DEV_H
#define FS_DEV_H

#include "base/base.h"

/* Step: device nodes and links. Reporting. */
must_check int dev_make(void *ctx);

#endif
