/* SPDX-License-Identifier: Apache-2.0 */
/* What a shell may propose for the last word of a command line. */
#ifndef CMD_SECCOMP_COMPLETE_H
#define CMD_SECCOMP_COMPLETE_H

#include "base/base.h"

struct command;

/*
 * words are those behind "tamis seccomp", the last of which is not finished. Prints one proposal a
 * line; a first line "+files" says that files are proposed, too.
 */
void complete_print(const struct command *const *verbs, int n, char **words);

#endif
