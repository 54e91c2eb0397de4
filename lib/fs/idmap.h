/* SPDX-License-Identifier: Apache-2.0 */
/* User namespaces for id-mapped mounts. */
#ifndef FS_IDMAP_H
#define FS_IDMAP_H

#include "base/base.h"

struct handles;
struct plan;
struct plan_mount;

/*
 * Returns a descriptor of a user namespace with the id maps of m, or of the container if m has
 * none. No process has to stay in the namespace. Needs handles.proc and handles.joins. Reporting.
 */
must_check int idmap_open(const struct plan *plan, const struct plan_mount *m,
			  const struct handles *h);

#endif
