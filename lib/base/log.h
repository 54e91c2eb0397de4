/* SPDX-License-Identifier: Apache-2.0 */
/*
 * --log, --log-format and --debug. This is the only code that writes diagnostics. Without --debug a
 * failing command writes exactly one record, its error, because engines parse the whole file. A
 * successful command writes its warnings, to --log only.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/base.h"

enum log_format { LOG_TEXT, LOG_JSON };

/* Opens path for appending; it is created with mode 0644. NULL: standard error only. Reporting. */
must_check int log_open(const char *path, enum log_format format);
/* log_set_debug() enables log_debug(); log_is_debug() tells whether it is enabled. */
void log_set_debug(bool on);
bool log_is_debug(void);
/* Writes a line for developers, with --debug only. */
void log_debug(const char *fmt, ...) printf_like(1, 2);
/*
 * Reports something that was requested but not done, while the command continues: "--cap: unknown
 * capability, ignored: X". It is kept until log_success(); with --debug it is written immediately.
 */
void log_warning(const char *fmt, ...) printf_like(1, 2);
/* Forgets these warnings: before arena_reset(), in whose memory they are. */
void log_discard(void);
/* The command has succeeded: writes the warnings to the log, if there is one. */
void log_success(void);
/*
 * Writes the error record of this process to the log, and "tamis: ..." to standard error. In JSON
 * the record has level, msg and an RFC 3339 time (containerd decodes it as a Go time).
 */
void log_failure(const char *message);

#endif
