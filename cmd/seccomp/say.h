/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls, arguments, values and actions as people write them: both to print them and to read them
 * from the command line. All text is in the arena.
 */
#ifndef CMD_SECCOMP_SAY_H
#define CMD_SECCOMP_SAY_H

#include "base/base.h"
#include "seccomp/arch.h"
#include "seccomp/profile.h"
#include "seccomp/regions.h"

#include <stdio.h>

/* "ALLOW", "ERRNO(EPERM)", "TRACE(7)". */
const char *say_action(uint32_t action);
/* The ABI of a name: people's, of uname(2), Docker or libseccomp; ABI_COUNT if there is none. */
enum abi say_find_abi(const char *word);
/* The call of a change: "mkdir", "number 1234", "numbers 470 to 1234"; and where it is made. */
struct change;
const char *say_numbers(const struct change *c);
const char *say_place(const struct change *c);
/* "flags" or "argument 0". id -1: of an unknown call. */
const char *say_param(enum abi abi, int id, unsigned int index);
/* The parameter of that name ("flags", "0", "arg0") of a call, or -1. */
int say_param_index(enum abi abi, int id, const char *name);
/* A value of that parameter: "8", "0x7e020000". */
const char *say_value(enum abi abi, int id, unsigned int index, uint64_t value);
/* The value of a number or of the kernel's words: "0x10", "-1", "PROT_READ|PROT_EXEC". Reporting.
 */
must_check int say_parse_value(enum abi abi, int id, unsigned int index, const char *text,
			       uint64_t *ret);
/* "flags & 0x7e020000 == 0 and tls is 1 to 7", "" for every argument. */
const char *say_region(enum abi abi, int id, const struct region *region);
/* The conditions of a rule: "flags & 0x7e020000 == 0"; NULL: it has none. */
const char *say_conditions(enum abi abi, int id, const struct rule *rule);

/* Text as a cell of a table of Markdown: no line break, and nothing that is markup. */
const char *say_cell(const char *text);

/* Prints text, broken at 79 columns behind blanks and '|'; further lines begin at indent. */
void say_print(int indent, const char *text);
void say_print_to(FILE *to, int indent, const char *text);

#endif
