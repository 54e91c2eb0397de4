/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes yajl allocate from the arena, which ends the process if there is no memory: yajl does not
 * check what its allocator returns.
 */
#ifndef OCI_YAJL_MEMORY_H
#define OCI_YAJL_MEMORY_H

#include <yajl/yajl_common.h>

extern yajl_alloc_funcs yajl_memory;

#endif
