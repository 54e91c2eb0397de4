/* SPDX-License-Identifier: Apache-2.0 */
/* The instructions of a program, each with what it is about. */
#ifndef CMD_SECCOMP_LISTING_H
#define CMD_SECCOMP_LISTING_H

#include "seccomp/emit.h"

struct jsonw;

/* Prints a line for each instruction, broken at 79 columns. */
void listing_print(const struct bpf_program *program);
/* Writes them as members of an object, two arrays of texts: "program" and "notes". */
void listing_write(struct jsonw *w, const struct bpf_program *program);

#endif
