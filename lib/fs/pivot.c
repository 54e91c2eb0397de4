/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the only unmount by path. pivot_root(".", ".") stacks the old root on top of the new one, so
 * that "." then refers to the old root (pivot_root(2)). No path of the image is involved.
 */
#include "fs/pivot.h"

#include "base/sys.h"

#include <errno.h>
#include <sys/mount.h>

int pivot_to_cwd(void)
{
	if (sys_pivot_root(".", ".") < 0)
		return -errno;
	return umount2(".", MNT_DETACH) < 0 ? -errno : 0; /* lint: allow */
}
