/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text whose bytes another program has chosen (a path, the name of a process), for a terminal or a
 * log. Printable characters of UTF-8 stay. Others are written as in C: control characters, bytes
 * that are not UTF-8, characters that change the direction of text or are invisible, and the
 * backslash. So the result is one line, and different bytes give different results. Example:
 *
 *     printable_quoted("/tmp/\33[2J", 9, 40, false)         "/tmp/\033[2J"
 *     printable_text("a long name", 11, 8)                  a lon...
 */
#ifndef BASE_PRINTABLE_H
#define BASE_PRINTABLE_H

#include "base/base.h"

/* Returns the n bytes in at most `columns` >= 8 columns; "..." stands for the rest. In the arena.
 */
const char *printable_text(const void *text, size_t n, size_t columns);
/*
 * As printable_text(), for text that was made printable before, possibly by another program:
 * backslashes stay as they are, everything else is escaped.
 */
const char *printable_again(const void *text, size_t n, size_t columns);
/*
 * As printable_text(), in double quotes, which count as columns. is_cut: the text is longer than
 * these n bytes, so "..." follows the quotes in any case.
 */
const char *printable_quoted(const void *text, size_t n, size_t columns, bool is_cut);

#endif
