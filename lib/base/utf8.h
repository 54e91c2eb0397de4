/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 as RFC 3629 has it: shortest form only, no surrogates, nothing above U+10FFFF. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/base.h"

/* Bytes (1..4) of the character at s, of which n > 0 bytes may be read; 0 if it is none. */
size_t utf8_length(const void *s, size_t n);

#endif
