/* SPDX-License-Identifier: Apache-2.0 */
/* RFC 4648, section 4: strictly, so that one text means one value. */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include "base/base.h"
#include "base/io.h"

/* The bytes that text stands for, in the arena; -EINVAL for anything but groups of four of the
 * alphabet with the right padding and no bits behind the end. Silent. */
must_check int base64_decode(const char *text, struct text *ret);

#endif
