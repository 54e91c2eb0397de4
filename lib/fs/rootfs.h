/* SPDX-License-Identifier: Apache-2.0 */
/* The root file system of the container. All reporting. */
#ifndef FS_ROOTFS_H
#define FS_ROOTFS_H

#include "base/base.h"

/*
 * Step: makes the mounts of the new mount namespace slaves or private, so that no mount made here
 * propagates to the host.
 */
must_check int rootfs_detach_propagation(void *ctx);
/*
 * Step: clones the root file system and attaches the clone on itself; this is box.root. Clones the
 * bind sources that the parent had no privilege for. Sets the umask to 022.
 */
must_check int rootfs_clone(void *ctx);
/* Step: pivot_root(2) to box.root, unmounts the old root and checks that "/" is the clone. */
must_check int rootfs_pivot(void *ctx);
/* Step: makes the root read-only where asked for, and sets its final propagation. */
must_check int rootfs_finish(void *ctx);

#endif
