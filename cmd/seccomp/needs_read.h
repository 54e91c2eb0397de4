/* SPDX-License-Identifier: Apache-2.0 */
/* Which calls programs need, from the files that a user names. */
#ifndef CMD_SECCOMP_NEEDS_READ_H
#define CMD_SECCOMP_NEEDS_READ_H

#include "observe/needs.h"

/*
 * Reads the files into needs that needs_init() has made: recordings, logs of denials, what strace
 * prints, audit records (recording_read_text()), and profiles that others recorded
 * (needs_profile.h). "-" is standard input. What makes them incomplete is printed on standard
 * error. portable: fills siblings. Reporting.
 */
must_check int needs_read(char *const *words, size_t n, bool portable, struct needs *ret);

#endif
