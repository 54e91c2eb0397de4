/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tells which container a leaf belongs to while no record does. A claim is an extended attribute on
 * the leaf, set by the create that makes the leaf or takes it over. If several creates try, the
 * kernel lets one set it (XATTR_CREATE). Only a user who may write to the directory can set it; a
 * flock(2) could be taken by any user who may read it. Only lib/cgroup includes this. All silent.
 */
#ifndef CGROUP_CLAIM_H
#define CGROUP_CLAIM_H

#include "base/base.h"
#include "cgroup/cgroup.h"

/*
 * Sets the owner's claim on a leaf, which must be open without O_PATH. Returns 0, 1 if the same
 * claim was there already, or -EEXIST if there is another one.
 */
must_check int claim_set(int leaf, const struct cgroup_owner *owner);
/*
 * Reads the claim on a leaf, which must be open without O_PATH, into the arena. Returns -ENODATA if
 * there is none. An attribute that is not a valid claim is returned as a claim without owner.
 */
must_check int claim_read(int leaf, struct cgroup_owner *ret);
/* Removes the claim. */
void claim_clear(int leaf);
/* Whether the claim belongs to the owner's container. */
bool claim_is_of(const struct cgroup_owner *claim, const struct cgroup_owner *owner);

#endif
