/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a program of the host and reads what it prints: ps(1), journalctl(1). Example:
 *
 *     const char *file = tool_find("journalctl");
 *     char *const args[] = { "journalctl", "-k", NULL };
 *
 *     int r = file ? tool_run(file, args, 5000, LIMIT, &text) : -ENOENT;
 */
#ifndef OBSERVE_TOOL_H
#define OBSERVE_TOOL_H

#include "base/base.h"
#include "base/io.h"

/* Returns PATH as the environment has it, or a default. */
const char *tool_path(void);
/* Returns the program in the first absolute directory of PATH that has it, or NULL. Arena. */
const char *tool_find(const char *name);
/*
 * Runs the program with these arguments, argv[0] included, and reads both of its outputs.
 * Its environment is PATH and a locale, whatever ours is. Returns 0; 1 if it failed; or
 * -errno: -ETIMEDOUT after timeout_ms (-1: no limit), -EFBIG if it printed more than limit bytes.
 * The program has ended then. *ret has what was read in any case. Silent.
 */
must_check int tool_run(const char *file, char *const *argv, int timeout_ms, size_t limit,
			struct text *ret);

#endif
