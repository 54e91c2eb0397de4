/* SPDX-License-Identifier: Apache-2.0 */
/* A plan as text, one fact a line, for golden tests. */
#ifndef GOLDEN_DUMP_H
#define GOLDEN_DUMP_H

struct plan;

/* Arena. */
char *dump_plan(const struct plan *plan);

#endif
