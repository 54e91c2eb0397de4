/* SPDX-License-Identifier: Apache-2.0 */
#include "base/num.h"

#include "unit/tap.h"

#include <errno.h>

int main(void)
{
	static const char *const bad[] = { "", " 1", "1 ", "+1", "-", "1.5", "1e1", "0x1", "a" };
	uint64_t u = 7;
	uint32_t w = 7;
	int64_t i = 7;

	for (size_t k = 0; k < ARRAY_LEN(bad); k++) {
		is_int(num_parse_u64(bad[k], &u), -EINVAL, "u64 '%s'", bad[k]);
		is_int(num_parse_i64(bad[k], &i), -EINVAL, "i64 '%s'", bad[k]);
	}
	ok(u == 7 && i == 7, "nothing written on failure");
	is_int(num_parse_u64("-1", &u), -EINVAL, "u64 -1");
	ok(num_parse_u64("18446744073709551615", &u) == 0 && u == UINT64_MAX, "u64 max");
	is_int(num_parse_u64("18446744073709551616", &u), -ERANGE, "u64 max + 1");
	ok(num_parse_u32("4294967295", &w) == 0 && w == UINT32_MAX, "u32 max");
	is_int(num_parse_u32("4294967296", &w), -ERANGE, "u32 max + 1");
	ok(num_parse_i64("-9223372036854775808", &i) == 0 && i == INT64_MIN, "i64 min");
	is_int(num_parse_i64("9223372036854775808", &i), -ERANGE, "i64 max + 1");

	bool negative = false;

	ok(num_parse_base("fFff", 16, &u) == 0 && u == 0xffff, "digits of base 16");
	is_int(num_parse_base("8", 8, &u), -EINVAL, "8 is no digit of base 8");
	is_int(num_parse_base("", 16, &u), -EINVAL, "no digit");
	is_int(num_parse_base("10000000000000000", 16, &u), -ERANGE, "2^64 in base 16");
	ok(u == 0xffff, "nothing written on failure");
	ok(num_parse_c("0x1f", &u, &negative) == 0 && u == 31 && !negative, "0x1f");
	ok(num_parse_c("017", &u, &negative) == 0 && u == 15 && !negative, "017");
	ok(num_parse_c("-10", &u, &negative) == 0 && u == 10 && negative, "-10");
	ok(num_parse_c("0", &u, &negative) == 0 && u == 0 && !negative, "0");
	is_int(num_parse_c("0x", &u, &negative), -EINVAL, "0x without digits");
	is_int(num_parse_c("+1", &u, &negative), -EINVAL, "no sign but -");
	return done();
}
