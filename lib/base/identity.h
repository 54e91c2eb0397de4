/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Identifies a process. A pid may have been reused for another process. The pid, the start time and
 * the boot id together identify a process for ever. It is acted on by pidfd only. Example:
 *
 *     autofd pidfd = identity_open(pid, start_time, boot_id);
 *
 *     if (pidfd == -ESRCH)
 *             return 0;                                it has ended
 *     if (pidfd < 0)
 *             return fail(-pidfd, "init");             unknown: never treat as ended
 *     sys_pidfd_send_signal(pidfd, SIGKILL);
 */
#ifndef BASE_IDENTITY_H
#define BASE_IDENTITY_H

#include "base/base.h"

#include <sys/types.h>

/* Returns the id of this boot, 36 characters, which is read once. Silent. */
must_check int identity_boot(const char **ret);
/*
 * Returns a pidfd of pid. -ESRCH: there is no process of that number, though there may be a thread
 * (the kernel then returns EINVAL, since Linux 6.15 ENOENT). Any other -errno means that it is
 * unknown. Silent.
 */
must_check int identity_pidfd(pid_t pid);
/*
 * Stores the start time of pid in clock ticks since boot (proc(5) stat, field 22). -ESRCH if there
 * is no such process. Silent.
 */
must_check int identity_start_time(pid_t pid, uint64_t *ret);
/*
 * Returns field n >= 3 of the text of /proc/PID/stat (proc(5)), up to the end of the text, or NULL.
 * Field 2, the name, may contain brackets and blanks.
 */
const char *identity_stat_field(const char *stat, unsigned int n);
/*
 * Returns the value of a line "Key:\tvalue" of the text of /proc/PID/status (proc(5)), or NULL if
 * there is no such line. In the arena.
 */
const char *identity_status_field(const char *status, const char *key);
/*
 * Returns a pidfd of exactly that process: it is opened first, then the start time is compared.
 * -ESRCH: it has ended, is a zombie, a different process or a thread, or of an earlier boot. Any
 * other -errno means that it is unknown. Silent.
 */
must_check int identity_open(pid_t pid, uint64_t start_time, const char *boot_id);
/* Whether boot_id is that of this boot; also true if that cannot be read. */
bool identity_is_this_boot(const char *boot_id);
/*
 * Waits until the process behind pidfd has ended with all its threads. Returns 0, or -ETIMEDOUT if
 * it is alive. Any other -errno means that it is unknown. Silent.
 */
must_check int identity_wait(int pidfd, int timeout_ms);

#endif
