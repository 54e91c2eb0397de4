/* SPDX-License-Identifier: Apache-2.0 */
/* The containers below a --root. */
#ifndef OBSERVE_LIST_H
#define OBSERVE_LIST_H

#include "base/base.h"
#include "oci/state.h"

/*
 * Returns the states of all containers below root, sorted by id, with all members set, in the
 * arena. Directories that are not ours, or disappear in the meantime, are skipped. A container
 * whose record cannot be read is shown as "stopped" with what is known, so that it can be deleted.
 * If root does not exist there are no containers. Never waits. Reporting.
 */
must_check int container_list(const char *root, struct state **ret, size_t *ret_n);

#endif
