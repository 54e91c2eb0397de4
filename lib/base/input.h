/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files that the caller names: regular ones, and what a shell puts in their place (a pipe of
 * "<(jq ...)", a FIFO, /dev/stdin on a pipe or a terminal).
 */
#ifndef BASE_INPUT_H
#define BASE_INPUT_H

#include "base/io.h"

/*
 * Reads name below dir (AT_FDCWD: from the working directory) to its end. Who writes may take
 * his time, and be waited for; a signal that interrupts (interrupt.h) or ends us ends the wait.
 * -EISDIR for a directory, -EFBIG above limit bytes, -EINTR after a signal, other -errno. Silent.
 */
must_check int input_read(int dir, const char *name, size_t limit, struct text *ret);

#endif
