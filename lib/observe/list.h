/* SPDX-License-Identifier: Apache-2.0 */
/* The containers below a --root. */
#ifndef OBSERVE_LIST_H
#define OBSERVE_LIST_H

#include "base/base.h"
#include "oci/state.h"

/*
 * The states of all containers below root, by id, with all members set; arena. What is not
 * ours, or goes while we look, is passed over; one whose record cannot be read is "stopped"
 * with what is known of it, so that it can be deleted. No root, no containers. Never waits.
 * Reporting.
 */
must_check int container_list(const char *root, struct state **ret, size_t *ret_n);

#endif
