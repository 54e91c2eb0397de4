/* SPDX-License-Identifier: Apache-2.0 */
/* Named steps that tests can make fail. */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include "base/base.h"

/*
 * Returns 0, or the error that a test asked for at this step. Only in builds with
 * --enable-fault-injection: TAMIS_FAIL_AT=NAME fails before the step, TAMIS_KILL_AT=NAME raises
 * SIGKILL before it. Reporting.
 */
must_check int fault_step(const char *name);

#endif
