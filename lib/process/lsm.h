/* SPDX-License-Identifier: Apache-2.0 */
/* AppArmor profile or SELinux label. */
#ifndef PROCESS_LSM_H
#define PROCESS_LSM_H

#include "base/base.h"

/* Step: for the execve. Reporting. */
must_check int lsm_label_set(void *ctx);

#endif
