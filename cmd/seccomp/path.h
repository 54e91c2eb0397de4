/* SPDX-License-Identifier: Apache-2.0 */
/* The way of one call through a filter, instruction by instruction. */
#ifndef CMD_SECCOMP_PATH_H
#define CMD_SECCOMP_PATH_H

#include "base/base.h"
#include "seccomp/bpf.h"
#include "seccomp/emit.h"

struct jsonw;

struct path {
	size_t n;
	struct bpf_step *steps;
	uint32_t action;
};

/* Runs the program for `data`. Arena. */
void path_follow(const struct bpf_program *program, const struct seccomp_data *data,
		 struct path *ret);
/* Prints the instructions with what each one did. */
void path_print(const struct bpf_program *program, const struct path *path);
/* Writes them as member "path" of an object. */
void path_write(struct jsonw *w, const struct bpf_program *program, const struct path *path);

#endif
