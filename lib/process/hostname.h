/* SPDX-License-Identifier: Apache-2.0 */
/* hostname and domainname of config.json. */
#ifndef PROCESS_HOSTNAME_H
#define PROCESS_HOSTNAME_H

#include "base/base.h"

/* Step: sethostname(2) and setdomainname(2). Reporting. */
must_check int hostname_set(void *ctx);

#endif
