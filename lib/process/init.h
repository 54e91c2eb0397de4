/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The container's init until it becomes the user's program.
 *
 * Two points in time determine the order of its steps. Before creds_become_root() it has the file
 * system identity of the parent, so it can open host paths that only the parent may search. Before
 * rootfs_pivot() the host's paths exist.
 */
#ifndef PROCESS_INIT_H
#define PROCESS_INIT_H

#include "base/base.h"

struct handles;
struct plan;

/* Body of the process that spawn_init() made. Does not return. */
no_return void init_run(const struct plan *plan, struct handles *h);

#endif
