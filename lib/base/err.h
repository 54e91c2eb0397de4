/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The error record of a process. There is only one.
 *
 * There are two kinds of functions. Silent ones return >= 0 or -errno and record nothing. Reporting
 * ones return >= 0, or -errno after recording a message with fail(). The first message is kept, so
 * the root cause cannot be overwritten. wrap() adds context in front of it; it is used only at the
 * boundaries of steps, files and processes. A positive result has a meaning that is specific to the
 * function and is never passed on. Example:
 *
 *     static int read_config(int dir, struct text *ret)        Reporting.
 *     {
 *             int r = io_read_file(dir, "config.json", MAX, ret);     Silent.
 *
 *             return r < 0 ? fail(-r, "config.json: cannot be read") : 0;
 *     }
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/base.h"

/*
 * Records the message and returns -code. code is an errno value, whose words are appended to the
 * message, or 0: nothing is appended and -EINVAL is returned. Reporting.
 */
must_check int fail(int code, const char *fmt, ...) printf_like(2, 3);
/* Puts "prefix: " in front of the recorded message and returns r. Reporting. */
must_check int wrap(int r, const char *fmt, ...) printf_like(2, 3);
/* As fail(), for a caller that cannot return the error: a destructor, or a loop that continues. */
void fail_note(int code, const char *fmt, ...) printf_like(2, 3);
/*
 * Records a message that was recorded in another process of ours, unchanged. Returns code, which is
 * negative. Reporting.
 */
must_check int fail_received(int code, const char *message);
/* Returns the recorded message, or NULL. */
const char *err_message(void);
/* Removes the message: for "try A, else B", tests and fuzzers. */
void err_clear(void);
/*
 * Replaces the message by an earlier result of err_message(), which may be NULL. Used around work
 * whose failure does not matter, when an error may have been recorded already.
 */
void err_restore(const char *earlier);
/*
 * Returns words for an errno value. They avoid the words that engines search for in any message:
 * Docker and Podman take "no such file or directory" and "permission denied" as an error of the
 * user's program (exit codes 127, 126), so these are used for that program and its mounts only.
 * See base/words.h.
 */
const char *err_words(int code);

#endif
