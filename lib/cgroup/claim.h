/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whose a leaf is while no record can tell: an extended attribute, set by the create that makes
 * the leaf or takes it over. The kernel lets one of several set it, and only those who may write
 * to the directory: an ordinary user cannot get in the way, as he could with a lock. Only
 * lib/cgroup includes this. All silent.
 */
#ifndef CGROUP_CLAIM_H
#define CGROUP_CLAIM_H

#include "base/base.h"
#include "cgroup/cgroup.h"

/* Sets the owner's claim on a leaf (open, not O_PATH). 0; 1: it was there already; -EEXIST: there
 * is another's. */
must_check int claim_set(int leaf, const struct cgroup_owner *owner);
/* The claim on a leaf (open, not O_PATH). -ENODATA: there is none. Arena. What does not read as
 * a claim of ours is one of nobody. */
must_check int claim_read(int leaf, struct cgroup_owner *ret);
/* Takes the claim away. */
void claim_clear(int leaf);
/* Whether both are of one container. */
bool claim_is_of(const struct cgroup_owner *claim, const struct cgroup_owner *owner);

#endif
