/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one error record of a process.
 *
 * Two kinds of function: silent ones return >= 0 or -errno and say nothing; reporting ones
 * return >= 0 or -errno after they recorded a message with fail(). The first message wins,
 * so that nothing can overwrite the root cause; wrap() puts context in front of it and is
 * used at step, file and process boundaries only. A positive return is a named outcome of
 * that one function and is never forwarded.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/base.h"

/*
 * Records the message and returns -code. code is an errno value, whose words are put behind
 * the message, or 0: no words, and -EINVAL is returned.
 */
must_check int fail(int code, const char *fmt, ...) printf_like(2, 3);
/* Puts "prefix: " before the recorded message and returns r. */
must_check int wrap(int r, const char *fmt, ...) printf_like(2, 3);
/* As fail, for a caller that cannot return it (a destructor, a loop that goes on). */
void fail_note(int code, const char *fmt, ...) printf_like(2, 3);
/* Records a message that another process of ours recorded, whole. Returns code (negative). */
must_check int fail_received(int code, const char *message);
/* The message, or NULL. */
const char *err_message(void);
/* Forgets the message: for "try A, else B", tests and fuzzers. */
void err_clear(void);
/* Puts back what err_message() gave (or NULL), in place of the one there is: around what may
 * fail without a consequence, while there may be an error already. */
void err_restore(const char *earlier);
/*
 * Words for an errno value, without those that engines parse out of any message: Docker and
 * Podman read "no such file or directory" and "permission denied" as being about the user's
 * program (exit 127, 126), so they are said of nothing else. See base/words.h.
 */
const char *err_words(int code);

#endif
