/* SPDX-License-Identifier: Apache-2.0 */
/*
 * --log, --log-format, --debug; the only writer of diagnostics. Without --debug a command that
 * fails writes nothing but the one record of that (engines parse the whole file), and one that
 * succeeds writes its warnings, to --log only.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/base.h"

enum log_format { LOG_TEXT, LOG_JSON };

/*
 * Opens path (appending, created 0644) for the records to come; NULL: standard error only.
 * Reports an error.
 */
must_check int log_open(const char *path, enum log_format format);
/* Lets log_debug() write. */
void log_set_debug(bool on);
bool log_is_debug(void);
/* A line for developers, written under --debug only. */
void log_debug(const char *fmt, ...) printf_like(1, 2);
/* What was asked for and not done, though the command goes on: "--cap: left out, unknown: X".
 * Kept until log_success(); under --debug it is written at once, where debug lines go. */
void log_warning(const char *fmt, ...) printf_like(1, 2);
/* The command has succeeded: writes the warnings to the log, if there is one. */
void log_success(void);
/* Writes the one error record of this process to the log and "tamis: ..." to standard error.
 * The log gets level, msg and an RFC 3339 time in JSON (containerd decodes it as a Go time). */
void log_failure(const char *message);

#endif
