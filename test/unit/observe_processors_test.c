/* SPDX-License-Identifier: Apache-2.0 */
/* The numbers of processors. */
#include "observe/processors.h"

#include "unit/tap.h"

#include <sched.h>

static void limit_is(const char *text, int want)
{
	size_t n = 0;
	int r = processors_parse(text, &n);

	is_int(r < 0 ? -1 : (intmax_t)n, want, "%s", text);
}

int main(void)
{
	cpu_set_t own, one;
	size_t n = 0, again = 0;

	limit_is("0\n", 1);
	limit_is("0-1\n", 2);
	limit_is("0,2,4\n", 5);
	limit_is("0-3,8-11\n", 12);
	limit_is("", -1);
	limit_is("\n", -1);
	limit_is("0-\n", -1);
	limit_is("0-99999999\n", -1);
	is_int(processors_limit(&n), 0, "this host");
	ok(n > 0 && sched_getaffinity(0, sizeof(own), &own) == 0, "its processors");
	CPU_ZERO(&one);
	for (size_t i = 0; i < n && !CPU_COUNT(&one); i++)
		if (CPU_ISSET(i, &own))
			CPU_SET(i, &one);
	ok(sched_setaffinity(0, sizeof(one), &one) == 0 && processors_limit(&again) == 0 &&
		   again == n,
	   "are as many for a process that may run on one");
	return done();
}
