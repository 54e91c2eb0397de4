/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the single unmount by path. pivot_root(2) with "." twice stacks the old root on the
 * new one, so that "." then names the old root: no path of the image takes part.
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
