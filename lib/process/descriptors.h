/* SPDX-License-Identifier: Apache-2.0 */
/* Closes the file descriptors that a stage no longer needs. All reporting. */
#ifndef PROCESS_DESCRIPTORS_H
#define PROCESS_DESCRIPTORS_H

#include "base/base.h"

/* Step: closes everything but the handles. Above all it closes the lock of the state directory. */
must_check int descriptors_keep_handles(void *ctx);
/*
 * Step, after pivot_root(2): keeps 0 to 2, those that preserve_fds counts, those of struct box, and
 * handles.proc, console, sdnotify, start and sync[1]. All others are closed. From here on no
 * descriptor leads to a directory of the host.
 */
must_check int descriptors_close_host(void *ctx);
/* Step: keeps what the wait for `start` needs and what the program inherits. */
must_check int descriptors_keep_last(void *ctx);

#endif
