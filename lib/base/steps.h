/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Work as an ordered table of steps. A step that fails must have cleaned up after itself; the steps
 * before it are undone in reverse order. undo is idempotent: it is no error if there is nothing to
 * undo. It needs only the saved record, so the same code is used after a failure, after a crash and
 * by `delete`. Example:
 *
 *     static const struct step steps[] = {
 *             { "state directory", NULL, make_statedir, undo_statedir, .after_rest = true },
 *             { "cgroup", has_cgroup, make_cgroup, undo_cgroup },
 *     };
 *
 *     r = steps_run(steps, ARRAY_LEN(steps), &create, &container);
 */
#ifndef BASE_STEPS_H
#define BASE_STEPS_H

#include "base/base.h"

struct step {
	/* prefix of its errors; tests refer to the step by this name */
	const char *name;
	bool (*when)(const void *ctx); /* whether to run it; NULL: always */
	int (*run)(void *ctx);	       /* reporting */
	int (*undo)(void *saved);      /* reporting; NULL: nothing to undo */
	bool after_rest;	       /* undone only if all later steps could be undone */
};

/*
 * Runs the steps. After a failure undoes the earlier steps, with `saved`, and returns the error,
 * prefixed with the name of the step. Reporting.
 */
must_check int steps_run(const struct step *steps, size_t n, void *ctx, void *saved);
/*
 * Undoes all steps from the last to the first and continues after an error. Returns the first
 * error. After an error, steps with after_rest are not undone: above all the record stays, so that
 * the next attempt knows what exists. Reporting.
 */
must_check int steps_undo(const struct step *steps, size_t n, void *saved);

#endif
