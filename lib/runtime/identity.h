/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who a process is: a pid alone may have been given to a stranger since. pid + start time +
 * boot id name it for good; it is acted on by pidfd only.
 */
#ifndef RUNTIME_IDENTITY_H
#define RUNTIME_IDENTITY_H

#include "base/base.h"

#include <sys/types.h>

/* Of this boot, 36 characters; read once. -errno. Silent. */
must_check int identity_boot(const char **ret);
/* Start time of pid in clock ticks since boot (proc(5) stat, field 22). -ESRCH if there is
 * none. Silent. */
must_check int identity_start_time(pid_t pid, uint64_t *ret);
/*
 * A pidfd of exactly that process: opened first, start time compared after. -ESRCH if it is
 * gone, a zombie, another process, or of an earlier boot; any other -errno means that nobody
 * knows. Silent.
 */
must_check int identity_open(pid_t pid, uint64_t start_time, const char *boot_id);
/* Waits until the process behind pidfd has ended, all its threads. 0, or -ETIMEDOUT. Silent. */
must_check int identity_wait(int pidfd, int timeout_ms);

#endif
