/* SPDX-License-Identifier: Apache-2.0 */
/* RFC 4648, section 4, in its strict form: each value has exactly one valid text. */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include "base/base.h"
#include "base/io.h"

/*
 * Decodes text into the arena. Returns -EINVAL unless it consists of groups of four characters of
 * the alphabet with correct padding and zero bits after the end. Silent.
 */
must_check int base64_decode(const char *text, struct text *ret);

#endif
