/* SPDX-License-Identifier: Apache-2.0 */
/* Computes the value that undoes a write to a cgroup file. */
#ifndef CGROUP_RESTORE_H
#define CGROUP_RESTORE_H

#include "base/base.h"
#include "cgroup/leaves.h"

/*
 * Returns the text to write so that `file` has its earlier content `shown` again, after `written`
 * was written to it. In the arena.
 */
const char *restore_value(const char *file, const char *shown, const char *written);

#endif
