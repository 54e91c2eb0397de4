/* SPDX-License-Identifier: Apache-2.0 */
/* Which descriptors stay open at each stage. All reporting. */
#ifndef BOX_DESCRIPTORS_H
#define BOX_DESCRIPTORS_H

#include "base/base.h"

struct box;

/* Step: all go but the handles, above all the lock of the state directory. */
must_check int descriptors_keep_handles(void *ctx);
/* After the pivot: all go but 0 to 2, the preserved ones, those of struct box and handles.proc,
 * console, sdnotify, start and sync[1]: from here on none leads to a directory of the host. */
must_check int descriptors_close_host(struct box *box);
/* Step: what waiting needs stays, and what the program gets. */
must_check int descriptors_keep_last(void *ctx);

#endif
