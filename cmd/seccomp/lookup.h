/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the program of a command line, and the exit codes of verbs that run one. */
#ifndef CMD_SECCOMP_LOOKUP_H
#define CMD_SECCOMP_LOOKUP_H

#include "base/base.h"

/* As those of env(1): our own failure; the command cannot be executed; there is none. */
enum { LOOKUP_EXIT_FAILED = 125, LOOKUP_EXIT_CANNOT = 126, LOOKUP_EXIT_NO_COMMAND = 127 };

/* The file that execvp(3) would execute for that word. Arena. NULL: there is none. */
const char *lookup_program(const char *name);

#endif
