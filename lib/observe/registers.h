/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Registers of a thread that this process traces and that is stopped (ptrace(2)). Elsewhere than on
 * x86_64 (with i386 and x32) and aarch64 all return -EOPNOTSUPP. All are silent.
 */
#ifndef OBSERVE_REGISTERS_H
#define OBSERVE_REGISTERS_H

#include "base/base.h"

#include <sys/types.h>

/*
 * Whether the kernel will repeat the interrupted call with number `nr`, which got LISTENER_RESTART
 * as its answer: 0, or -EINVAL, or another -errno.
 */
must_check int registers_check_restart(pid_t tid, int nr);
/* Changes the number of the call at whose entry the thread is stopped. Returns 0 or -errno. */
must_check int registers_set_number(pid_t tid, int nr);
/*
 * Sets the registers that a handler of SIGSYS finds: the number of the call in place of a result.
 * Returns 0 or -errno.
 */
must_check int registers_set_rolled_back(pid_t tid, int nr);

#endif
