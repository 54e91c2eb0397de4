/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The only parsers of numbers. They accept no blanks, no sign but '-', and no overflow. All silent:
 * -EINVAL, or -ERANGE for a number that does not fit; nothing is written then.
 */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include "base/base.h"

/*
 * Parses the number at the start of s, at least one digit; *ret_end is behind it. Returns -EINVAL
 * or -ERANGE on error.
 */
must_check int num_scan_u64(const char *s, const char **ret_end, uint64_t *ret);
/* Parse all of s. */
must_check int num_parse_u64(const char *s, uint64_t *ret);
must_check int num_parse_u32(const char *s, uint32_t *ret);
must_check int num_parse_i64(const char *s, int64_t *ret);
/* Parses all of s as digits of a base from 2 to 16, without a prefix. */
must_check int num_parse_base(const char *s, unsigned int base, uint64_t *ret);
/* Parses all of s as C writes numbers: "10", "0x1f", "017", "-1". *ret is without the sign. */
must_check int num_parse_c(const char *s, uint64_t *ret, bool *ret_negative);

#endif
