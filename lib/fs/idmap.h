/* SPDX-License-Identifier: Apache-2.0 */
/* User namespaces for id-mapped mounts. */
#ifndef FS_IDMAP_H
#define FS_IDMAP_H

#include "base/base.h"

struct handles;
struct plan;
struct plan_mount;

/* A user namespace with these maps (n 0: the container's); lives by its descriptor. Needs
 * handles.proc and handles.joins. Reporting. */
must_check int idmap_open(const struct plan *plan, const struct plan_mount *m,
			  const struct handles *h);

#endif
