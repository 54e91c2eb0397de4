/* SPDX-License-Identifier: Apache-2.0 */
/* The root file system of the container. All reporting. */
#ifndef FS_ROOTFS_H
#define FS_ROOTFS_H

#include "base/base.h"

/* Step: cuts the new mount namespace off from the host's: nothing we mount propagates to it. */
must_check int rootfs_detach_propagation(void *ctx);
/* Step: clones the root file system, attaches the clone on itself: box.root. Clones the bind
 * sources that the parent could not. Sets the umask to 022. */
must_check int rootfs_clone(void *ctx);
/* Step: pivot_root(2) onto box.root, old root unmounted, "/" checked to be ours; closes the host's
 * descriptors (descriptors.h). */
must_check int rootfs_pivot(void *ctx);
/* Step: root read-only and its final propagation. */
must_check int rootfs_finish(void *ctx);

#endif
