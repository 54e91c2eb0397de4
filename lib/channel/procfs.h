/* SPDX-License-Identifier: Apache-2.0 */
/*
 * procfs for our own use, never the container's (CVE-2019-16884, CVE-2025-52881): a detached
 * mount where the kernel grants one, else the runtime's own /proc opened before clone3 and
 * checked by fstatfs. Files in it are opened with RESOLVE_BENEATH | NO_XDEV | NO_SYMLINKS |
 * NO_MAGICLINKS only.
 */
#ifndef CHANNEL_PROCFS_H
#define CHANNEL_PROCFS_H

#include "base/base.h"
#include "base/io.h"

/* O_PATH directory. Reporting. */
must_check int procfs_open(void);
/* Opens path ("self/status", "123/uid_map") below it, numeric pids only. Silent. */
must_check int procfs_file(int proc, const char *path, int flags);
/* One write(2); a short one is -EIO. Silent. */
must_check int procfs_write(int proc, const char *path, const char *text);
/* The whole file. Silent. */
must_check int procfs_read(int proc, const char *path, struct text *ret);

#endif
