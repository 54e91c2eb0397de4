/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The only parser of decimal numbers. It accepts no blanks, no sign but '-', and no overflow. All
 * silent.
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

#endif
