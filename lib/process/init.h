/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The container's init until it becomes the user's program. Two clocks matter for the order of its
 * steps: before creds_become_root() it still has the file system identity of the parent, so host
 * paths that only the parent may search can be opened; before rootfs_pivot() host paths exist at
 * all.
 */
#ifndef PROCESS_INIT_H
#define PROCESS_INIT_H

#include "base/base.h"

struct handles;
struct plan;

/* The process that spawn_init() made. */
no_return void init_run(const struct plan *plan, struct handles *h);

#endif
