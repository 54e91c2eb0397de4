/* SPDX-License-Identifier: Apache-2.0 */
/* Owns running a table of steps forwards and backwards. */
#include "base/steps.h"

#include "base/err.h"
#include "base/fault.h"
#include "base/interrupt.h"
#include "base/log.h"

static int undo_from(const struct step *steps, size_t n, void *saved)
{
	int first = 0;

	while (n-- > 0) {
		if (!steps[n].undo || (first < 0 && steps[n].after_rest))
			continue;
		log_debug("undo %s", steps[n].name);
		int r = steps[n].undo(saved);

		if (r < 0 && first == 0)
			first = r;
	}
	return first;
}

int steps_run(const struct step *steps, size_t n, void *ctx, void *saved)
{
	for (size_t i = 0; i < n; i++) {
		if (steps[i].when && !steps[i].when(ctx))
			continue;
		log_debug("step %s", steps[i].name);
		int r = fault_step(steps[i].name);

		if (r >= 0)
			r = steps[i].run(ctx);
		if (r >= 0)
			continue;
		r = wrap(r, "%s", steps[i].name);
		interrupt_take();
		(void)!undo_from(steps, i, saved);
		return r;
	}
	return 0;
}

int steps_undo(const struct step *steps, size_t n, void *saved)
{
	return undo_from(steps, n, saved);
}
