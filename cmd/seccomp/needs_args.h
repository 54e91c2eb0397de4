/* SPDX-License-Identifier: Apache-2.0 */
/* Rules that allow calls only with the values that were recorded. */
#ifndef CMD_SECCOMP_NEEDS_ARGS_H
#define CMD_SECCOMP_NEEDS_ARGS_H

#include "observe/needs_rules.h"

/*
 * by_args: by id, the calls that are asked for. Those whose values are not known or too many get no
 * rule and are false afterwards, and a line on standard error says so.
 */
void needs_args_add(const struct needs *needs, enum abi native, bool *by_args,
		    struct needs_rules *ret);

#endif
