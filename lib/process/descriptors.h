/* SPDX-License-Identifier: Apache-2.0 */
/* Which descriptors stay open at each stage. All reporting. */
#ifndef PROCESS_DESCRIPTORS_H
#define PROCESS_DESCRIPTORS_H

#include "base/base.h"

/* Step: all go but the handles, above all the lock of the state directory. */
must_check int descriptors_keep_handles(void *ctx);
/* Step, after the pivot: all go but 0 to 2, the preserved ones, those of struct box and
 * handles.proc, console, sdnotify, start and sync[1]: from here on none leads to a directory of the
 * host. */
must_check int descriptors_close_host(void *ctx);
/* Step: what waiting needs stays, and what the program gets. */
must_check int descriptors_keep_last(void *ctx);

#endif
