/* SPDX-License-Identifier: Apache-2.0 */
/* A BPF program as source text in C: an array of struct sock_filter. */
#ifndef SECCOMP_C_SOURCE_H
#define SECCOMP_C_SOURCE_H

#include "base/io.h"
#include "seccomp/emit.h"

/* name is for the comment at the top. The program must have passed bpf_first_bad(). Arena. */
struct text c_source_write(const char *name, const struct bpf_program *program);

#endif
