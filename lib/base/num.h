/* SPDX-License-Identifier: Apache-2.0 */
/* The one parser of decimal numbers: exact, no blanks, no sign but '-', no overflow. Silent. */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include "base/base.h"

/* The number at the start of s, at least one digit, ending at *ret_end; -EINVAL or -ERANGE. */
must_check int num_scan_u64(const char *s, const char **ret_end, uint64_t *ret);
/* All of s. */
must_check int num_parse_u64(const char *s, uint64_t *ret);
must_check int num_parse_u32(const char *s, uint32_t *ret);
must_check int num_parse_i64(const char *s, int64_t *ret);

#endif
