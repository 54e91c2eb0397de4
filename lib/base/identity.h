/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who a process is: a pid alone may have been given to a stranger since. pid + start time +
 * boot id name it for good; it is acted on by pidfd only.
 */
#ifndef BASE_IDENTITY_H
#define BASE_IDENTITY_H

#include "base/base.h"

#include <sys/types.h>

/* Of this boot, 36 characters; read once. -errno. Silent. */
must_check int identity_boot(const char **ret);
/*
 * A pidfd of pid. -ESRCH: there is no process of that number, though there may be a thread of
 * another process (the kernel tells that by EINVAL, since 6.15 by ENOENT). Any other -errno
 * means that nobody knows. Silent.
 */
must_check int identity_pidfd(pid_t pid);
/* Start time of pid in clock ticks since boot (proc(5) stat, field 22). -ESRCH if there is
 * none. Silent. */
must_check int identity_start_time(pid_t pid, uint64_t *ret);
/* Field n >= 3 of the text of proc(5) stat, numbered as there, up to the end of the text; NULL if
 * there are not so many. The second, the name, may hold anything, brackets and blanks too. */
const char *identity_stat_field(const char *stat, unsigned int n);
/*
 * A pidfd of exactly that process: opened first, start time compared after. -ESRCH if it is
 * gone, a zombie, another process, a thread of one, or of an earlier boot; any other -errno
 * means that nobody knows. Silent.
 */
must_check int identity_open(pid_t pid, uint64_t start_time, const char *boot_id);
/* Whether the record's boot is this one; also true where that cannot be read. */
bool identity_is_this_boot(const char *boot_id);
/* Waits until the process behind pidfd has ended, all its threads. 0; -ETIMEDOUT: it lives; any
 * other -errno means that nobody knows. Silent. */
must_check int identity_wait(int pidfd, int timeout_ms);

#endif
