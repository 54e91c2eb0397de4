/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A procfs for our own use, never the container's (CVE-2019-16884, CVE-2025-52881).
 *
 * It is a detached mount if the kernel permits one. Otherwise it is the runtime's /proc, opened
 * before clone3(2) and checked by fstatfs(2). Files in it are opened with RESOLVE_BENEATH, NO_XDEV,
 * NO_SYMLINKS and NO_MAGICLINKS only.
 */
#ifndef CHANNEL_PROCFS_H
#define CHANNEL_PROCFS_H

#include "base/base.h"
#include "base/io.h"

#include <sys/types.h>

/* Returns an O_PATH descriptor of the directory. Reporting. */
must_check int procfs_open(void);
/* Opens path ("self/status", "123/uid_map") below it. Pids must be numeric. Silent. */
must_check int procfs_file(int proc, const char *path, int flags);
/* Writes text by one write(2); a short write is -EIO. Silent. */
must_check int procfs_write(int proc, const char *path, const char *text);
/* Reads the whole file. Silent. */
must_check int procfs_read(int proc, const char *path, struct text *ret);
/*
 * Returns the number of the process that a pidfd is of, 0: it has ended, or it cannot be read. The
 * kernel says it (fdinfo), so it cannot be that of another process. Silent.
 */
pid_t procfs_pidfd_process(int proc, int pidfd);
/* Returns the process that a thread is of, 0: it cannot be read. Silent. */
pid_t procfs_process(int proc, pid_t tid);

#endif
