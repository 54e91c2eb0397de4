/* SPDX-License-Identifier: Apache-2.0 */
/* Named steps that tests let fail. */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include "base/base.h"

/* 0, or the error that a test asked for at this step (--enable-fault-injection builds only:
 * TAMIS_FAIL_AT=NAME fails before it, TAMIS_KILL_AT=NAME raises SIGKILL before it). */
must_check int fault_step(const char *name);

#endif
