/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the form in which all instructions of a program are printed. */
#include "cmd/seccomp/listing.h"

#include "base/arena.h"
#include "cmd/seccomp/say.h"
#include "oci/jsonw.h"
#include "seccomp/annotate.h"
#include "seccomp/bpf.h"

void listing_print(const struct bpf_program *program)
{
	const char **notes = annotate_program(program);

	for (size_t pc = 0; pc < program->len; pc++)
		say_print(37, arena_printf("%5zu  %-29s %s", pc, bpf_format(program->code, pc),
					   notes[pc]));
}

void listing_write(struct jsonw *w, const struct bpf_program *program)
{
	const char **notes = annotate_program(program);

	jsonw_member_array(w, "program");
	for (size_t pc = 0; pc < program->len; pc++)
		jsonw_string(w, bpf_format(program->code, pc));
	jsonw_end(w);
	jsonw_member_array(w, "notes");
	for (size_t pc = 0; pc < program->len; pc++)
		jsonw_string(w, notes[pc]);
	jsonw_end(w);
}
