/* SPDX-License-Identifier: Apache-2.0 */
/* Hosts for the golden tests. They are constant, so that a plan is the same on every machine. */
#ifndef TEST_GOLDEN_HOSTS_H
#define TEST_GOLDEN_HOSTS_H

#include "plan/host.h"

/* Finds a host by its name ("v1", "v2" ...); false if there is none. */
bool golden_host(const char *name, struct host *ret);

#endif
