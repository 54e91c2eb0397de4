/* SPDX-License-Identifier: Apache-2.0 */
/* Writes a graph of tests as instructions. */
#ifndef SECCOMP_EMIT_H
#define SECCOMP_EMIT_H

#include "base/base.h"
#include "seccomp/tree.h"

#include <linux/filter.h>

struct bpf_program {
	const struct sock_filter *code;
	uint16_t len; /* at most BPF_MAXINSNS */
};

/*
 * Writes the graph that starts at `first`. `place` is that of the profile, for the message if the
 * program would be too long. Reporting.
 */
must_check int emit(const struct tree *tree, const struct node *first, const char *place,
		    struct bpf_program *ret);

#endif
