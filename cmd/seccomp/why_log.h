/* SPDX-License-Identifier: Apache-2.0 */
/* What a log of denials says, for people and as JSON. */
#ifndef CMD_SECCOMP_WHY_LOG_H
#define CMD_SECCOMP_WHY_LOG_H

#include "observe/denial_log.h"

/* Prints the most frequent denials that fit on a screen; is_all: all, unknown numbers, too. */
void why_log_print(const char *name, const struct denial_log *log, bool is_all);
/* Prints all of them as JSON. */
void why_log_print_json(const char *name, const struct denial_log *log);
/* Whether there is a denial that is more than an unknown number. */
bool why_log_has_denials(const struct denial_log *log);

#endif
