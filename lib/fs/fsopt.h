/* SPDX-License-Identifier: Apache-2.0 */
/* Sets one option of a file system context. */
#ifndef FS_FSOPT_H
#define FS_FSOPT_H

#include "base/base.h"

struct fsctx;
struct plan_option;

/*
 * Sets one option of the context fs. `shown` is its value in messages; NULL: none is shown.
 * Reporting.
 */
must_check int fsopt_set(const struct fsctx *ctx, int fs, const struct plan_option *o,
			 const char *shown);
/* Returns ": " and the last error message in the context's log, or "". In the arena. */
const char *fsopt_words(int fs);

#endif
