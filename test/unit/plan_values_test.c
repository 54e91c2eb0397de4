/* SPDX-License-Identifier: Apache-2.0 */
/* Compares values_cpu_weight() with the formula computed by libm, for every number of shares. */
#include "plan/values.h"

#include "unit/tap.h"

#include <math.h>

static uint64_t by_libm(uint64_t shares)
{
	double l = log2((double)shares);

	return (uint64_t)ceil(pow(10, (l * l + 125 * l) / 612 - 7.0 / 34) - 1e-9);
}

int main(void)
{
	uint64_t wrong = 0;

	is_int((intmax_t)values_cpu_weight(0), 1, "0 shares");
	is_int((intmax_t)values_cpu_weight(2), 1, "the smallest number of shares");
	is_int((intmax_t)values_cpu_weight(1024), 100, "the default");
	is_int((intmax_t)values_cpu_weight(262144), 10000, "the largest number of shares");
	is_int((intmax_t)values_cpu_weight(UINT64_MAX), 10000, "a larger number");
	for (uint64_t n = 2; n <= 262144 && !wrong; n++)
		if (values_cpu_weight(n) != by_libm(n))
			wrong = n;
	is_int((intmax_t)wrong, 0, "every number of shares gives the result of libm");
	return done();
}
