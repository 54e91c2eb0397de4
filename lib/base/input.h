/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads files that the caller names: regular files, and what a shell may pass instead (a pipe of
 * "<(jq ...)", a FIFO, /dev/stdin on a pipe or a terminal).
 */
#ifndef BASE_INPUT_H
#define BASE_INPUT_H

#include "base/io.h"

/*
 * Reads `name` below dir (AT_FDCWD: the working directory) to its end. Waits for the writer of a
 * pipe; a signal ends the wait, either through interrupt.h or by ending the process. Returns
 * -EISDIR for a directory, -EFBIG above limit bytes, -EINTR after a signal, or another -errno.
 * Silent.
 */
must_check int input_read(int dir, const char *name, size_t limit, struct text *ret);

#endif
