/* SPDX-License-Identifier: Apache-2.0 */
/* Removes a container. */
#ifndef RUNTIME_DELETE_H
#define RUNTIME_DELETE_H

#include "base/base.h"
#include "runtime/container.h"

/* Removes what is left of it: the steps of create, undone. force: kills it first, ends a
 * create that is still at work; what somebody else deletes meanwhile is done. */
must_check int container_delete(struct container *c, bool force);
/* Removes what is left of a damaged one: its cgroups by the saved config, its directory. */
must_check int container_delete_damaged(struct container *c);

#endif
