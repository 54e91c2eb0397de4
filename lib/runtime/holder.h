/* SPDX-License-Identifier: Apache-2.0 */
/* Who holds the lock (flock(2)) of a state directory. Silent. */
#ifndef RUNTIME_HOLDER_H
#define RUNTIME_HOLDER_H

#include "base/base.h"

#include <sys/types.h>

/* The pid of another process that holds it, 0: nobody, or it cannot be told. */
pid_t holder_find(int dir);
/* A pidfd of it. -ESRCH: nobody, or another one by now. */
must_check int holder_open(int dir);

#endif
