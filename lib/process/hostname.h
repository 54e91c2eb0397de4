/* SPDX-License-Identifier: Apache-2.0 */
/* hostname and domainname */
#ifndef PROCESS_HOSTNAME_H
#define PROCESS_HOSTNAME_H

#include "base/base.h"

/* Step. Reporting. */
must_check int hostname_set(void *ctx);

#endif
