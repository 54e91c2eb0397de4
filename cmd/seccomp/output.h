/* SPDX-License-Identifier: Apache-2.0 */
/* Writes a file that the caller names, in place of what it was. */
#ifndef CMD_SECCOMP_OUTPUT_H
#define CMD_SECCOMP_OUTPUT_H

#include "base/io.h"

/*
 * Replaces the file, or makes it: a reader sees either all of the old or all of the new. Mode and
 * owner of an existing file stay; a symbolic link is followed. What is no regular file (a pipe,
 * /dev/stdout) is written to. Reporting.
 */
must_check int output_write(const char *path, const struct text *text);

#endif
