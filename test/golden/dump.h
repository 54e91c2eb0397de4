/* SPDX-License-Identifier: Apache-2.0 */
/* Prints a plan as text, one fact in each line, for golden tests. */
#ifndef GOLDEN_DUMP_H
#define GOLDEN_DUMP_H

struct plan;

/* Arena. */
char *dump_plan(const struct plan *plan);

#endif
