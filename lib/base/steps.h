/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ordered work as a table. A step that fails has cleaned up after itself; those before it
 * are undone in reverse. undo is idempotent (absent = done) and needs nothing but the saved
 * record, so that it serves a failure, a crash and `delete` alike.
 */
#ifndef BASE_STEPS_H
#define BASE_STEPS_H

#include "base/base.h"

struct step {
	const char *name;	       /* context of its errors; tests stop at it by this name */
	bool (*when)(const void *ctx); /* NULL: always */
	int (*run)(void *ctx);	       /* reporting */
	int (*undo)(void *record);     /* NULL: nothing to undo; reporting */
	bool after_rest;	       /* undone only if all later steps could be */
};

/* Runs the table; on failure undoes what was done, with `record`, and returns the first
 * error, its message prefixed with the step's name. Reporting. */
must_check int steps_run(const struct step *steps, size_t n, void *ctx, void *record);
/* Undoes the whole table from its end, going on after an error; the first one is returned. What
 * must come after the rest is left then: above all the record, which tells another try what
 * there is. */
must_check int steps_undo(const struct step *steps, size_t n, void *record);

#endif
