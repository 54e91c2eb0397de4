/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the reading of numbers. The parsers of the C library skip blanks, accept signs and ignore
 * what follows. "1 " or "-1" must not be accepted as a user id (CVE-2026-30892 was caused by a
 * lenient parser).
 */
#include "base/num.h"

#include <errno.h>

int num_scan_u64(const char *s, const char **ret_end, uint64_t *ret)
{
	uint64_t n = 0;
	const char *p = s;

	for (; *p >= '0' && *p <= '9'; p++)
		if (__builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, (uint64_t)(*p - '0'), &n))
			return -ERANGE;
	if (p == s)
		return -EINVAL;
	*ret_end = p;
	*ret = n;
	return 0;
}

int num_parse_u64(const char *s, uint64_t *ret)
{
	const char *end;
	uint64_t n;
	int r = num_scan_u64(s, &end, &n);

	if (r < 0)
		return r;
	if (*end)
		return -EINVAL;
	*ret = n;
	return 0;
}

int num_parse_u32(const char *s, uint32_t *ret)
{
	uint64_t n;
	int r = num_parse_u64(s, &n);

	if (r < 0)
		return r;
	if (n > UINT32_MAX)
		return -ERANGE;
	*ret = (uint32_t)n;
	return 0;
}

int num_parse_i64(const char *s, int64_t *ret)
{
	bool negative = *s == '-';
	uint64_t n;
	int r = num_parse_u64(s + negative, &n);

	if (r < 0)
		return r;
	if (n > (uint64_t)INT64_MAX + negative)
		return -ERANGE;
	*ret = negative ? (int64_t)(0 - n) : (int64_t)n;
	return 0;
}

int num_parse_base(const char *s, unsigned int base, uint64_t *ret)
{
	uint64_t n = 0;

	if (!*s)
		return -EINVAL;
	for (; *s; s++) {
		unsigned int digit = *s >= '0' && *s <= '9'   ? (unsigned int)(*s - '0')
				     : *s >= 'a' && *s <= 'f' ? (unsigned int)(*s - 'a') + 10
				     : *s >= 'A' && *s <= 'F' ? (unsigned int)(*s - 'A') + 10
							      : base;

		if (digit >= base)
			return -EINVAL;
		if (__builtin_mul_overflow(n, base, &n) || __builtin_add_overflow(n, digit, &n))
			return -ERANGE;
	}
	*ret = n;
	return 0;
}

int num_parse_c(const char *s, uint64_t *ret, bool *ret_negative)
{
	bool negative = *s == '-';
	unsigned int base = 10;

	s += negative;
	if (s[0] == '0' && (s[1] == 'x' || s[1] == 'X')) {
		base = 16;
		s += 2;
	} else if (s[0] == '0' && s[1]) {
		base = 8;
		s++;
	}
	int r = num_parse_base(s, base, ret);

	if (r == 0)
		*ret_negative = negative;
	return r;
}
