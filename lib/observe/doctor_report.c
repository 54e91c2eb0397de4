/* SPDX-License-Identifier: Apache-2.0 */
/* The list to which the parts of doctor add their results. */
#include "observe/doctor.h"

#include "base/arena.h"

#include <stdarg.h>

void doctor_report_add(struct doctor *d, const char *area, const char *name, enum doctor_mark mark,
		       const char *advice, const char *found, ...)
{
	va_list ap;

	d->v = arena_grow(d->v, d->n, &d->room, sizeof(*d->v));
	va_start(ap, found);
	d->v[d->n++] = (struct doctor_check){ area, name, mark, arena_vprintf(found, ap), advice };
	va_end(ap);
}

void doctor_report_obstacle(struct doctor *d, const char *fmt, ...)
{
	va_list ap;

	if (d->obstacle)
		return;
	va_start(ap, fmt);
	d->obstacle = arena_vprintf(fmt, ap);
	va_end(ap);
}
