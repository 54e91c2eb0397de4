/* SPDX-License-Identifier: Apache-2.0 */
/* Owns how the way of a call through a filter is found and printed. */
#include "cmd/seccomp/path.h"

#include "base/arena.h"
#include "oci/jsonw.h"

#include <linux/seccomp.h>
#include <stdio.h>

static void note_step(void *ctx, const struct bpf_step *step)
{
	struct path *path = ctx;

	path->steps[path->n++] = *step;
}

void path_follow(const struct bpf_program *program, const struct seccomp_data *data,
		 struct path *ret)
{
	/* every jump goes forward, so no instruction is run twice */
	*ret = (struct path){ 0, arena_array(program->len, sizeof(*ret->steps)), 0 };
	ret->action = bpf_trace(program->code, program->len, data, note_step, ret);
}

/* "A = 0x27", "to 17", "". */
static const char *say_step(const struct sock_filter *f, const struct bpf_step *step)
{
	switch (BPF_CLASS(f->code)) {
	case BPF_LD:
	case BPF_ALU:
	case BPF_MISC:
		return arena_printf("A = 0x%x", step->a);
	case BPF_JMP:
		return arena_printf("to %zu", step->next);
	default:
		return "";
	}
}

void path_print(const struct bpf_program *program, const struct path *path)
{
	for (size_t i = 0; i < path->n; i++) {
		const struct bpf_step *step = &path->steps[i];
		const char *text = say_step(&program->code[step->index], step);

		printf("%5zu  %-*s%s\n", step->index, *text ? 36 : 0,
		       bpf_format(program->code, step->index), text);
	}
}

void path_write(struct jsonw *w, const struct bpf_program *program, const struct path *path)
{
	jsonw_member_array(w, "path");
	for (size_t i = 0; i < path->n; i++) {
		const struct bpf_step *step = &path->steps[i];

		jsonw_object(w);
		jsonw_member_u64(w, "index", step->index);
		jsonw_member_string(w, "instruction", bpf_format(program->code, step->index));
		jsonw_member_u64(w, "accumulator", step->a);
		jsonw_end(w);
	}
	jsonw_end(w);
}
