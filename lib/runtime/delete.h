/* SPDX-License-Identifier: Apache-2.0 */
/* Removes a container. */
#ifndef RUNTIME_DELETE_H
#define RUNTIME_DELETE_H

#include "base/base.h"
#include "runtime/container.h"

/*
 * Removes what is left of the container by undoing the steps of create. force: kills the container
 * first and ends a create that is still at work; a container that another command deletes in the
 * meantime is no error. Reporting.
 */
must_check int container_delete(struct container *c, bool force);
/*
 * Removes what is left of a container with a damaged record: its cgroups, which the saved config
 * names, and its directory. Reporting.
 */
must_check int container_delete_damaged(struct container *c);

#endif
