/* SPDX-License-Identifier: Apache-2.0 */
/* Reads back what the container was given. */
#ifndef PROCESS_VERIFY_H
#define PROCESS_VERIFY_H

#include "base/base.h"

/* Step: from handles.proc, what was asked for. Reporting. */
must_check int verify_confinement(void *ctx);

#endif
