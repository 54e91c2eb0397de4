/* SPDX-License-Identifier: Apache-2.0 */
/* Hosts of the golden tests: fixed, so that a plan is the same wherever it is tested. */
#ifndef TEST_GOLDEN_HOSTS_H
#define TEST_GOLDEN_HOSTS_H

#include "plan/host.h"

/* The host of that name ("v1", "v2" ...); false if there is none. */
bool golden_host(const char *name, struct host *ret);

#endif
