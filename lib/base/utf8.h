/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 according to RFC 3629: shortest forms only, no surrogates, nothing above U+10FFFF. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/base.h"

/*
 * Returns the length in bytes (1 to 4) of the character at s, of which n > 0 bytes may be read. 0:
 * invalid.
 */
size_t utf8_length(const void *s, size_t n);

#endif
