/* SPDX-License-Identifier: Apache-2.0 */
/* The AppArmor profile or the SELinux label. */
#ifndef PROCESS_LSM_H
#define PROCESS_LSM_H

#include "base/base.h"

/* Step: sets the label that the program gets at execve(2). Reporting. */
must_check int lsm_label_set(void *ctx);

#endif
