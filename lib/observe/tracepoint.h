/* SPDX-License-Identifier: Apache-2.0 */
/* The tracepoint raw_syscalls:sys_enter, by which system calls are recorded. */
#ifndef OBSERVE_TRACEPOINT_H
#define OBSERVE_TRACEPOINT_H

#include "base/base.h"

/*
 * Its id, read from tracefs where that is mounted. -ENOENT: it is not mounted; -EACCES: it may not
 * be read; -EINVAL: it has another form than expected. Silent.
 */
must_check int tracepoint_find(uint64_t *ret_id);
/* NULL if this process can record by the tracepoint, else why it cannot, in words. */
const char *tracepoint_missing(void);

#endif
