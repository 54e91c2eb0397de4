/* SPDX-License-Identifier: Apache-2.0 */
/* The session keyring of a container. */
#ifndef PROCESS_KEYRING_H
#define PROCESS_KEYRING_H

#include "base/base.h"

/*
 * Step: joins the session keyring that the plan names. It is owned by the root user of the user
 * namespace. Reporting.
 */
must_check int keyring_join(void *ctx);

#endif
