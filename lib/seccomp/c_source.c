/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the form in which programs are compiled into other programs. The numbers are those of the
 * instructions; names are in comments only, so that the text needs no header but linux/filter.h.
 */
#include "seccomp/c_source.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "seccomp/annotate.h"
#include "seccomp/bpf.h"

#include <string.h>

/* Text that does not end the comment that it stands in. */
static const char *in_comment(const char *text)
{
	char *copy = arena_strdup(text);

	for (char *p = copy; *p; p++)
		if ((unsigned char)*p < ' ' || (p[0] == '*' && p[1] == '/'))
			*p = '?';
	return copy;
}

struct text c_source_write(const char *name, const struct bpf_program *program)
{
	const char **notes = annotate_program(program);
	struct buffer b = { 0 };

	buffer_print(&b,
		     "/* %s: a filter for seccomp(2), %u instructions */\n"
		     "#include <linux/filter.h>\n\n"
		     "static const struct sock_filter filter[] = {\n",
		     in_comment(name), program->len);
	for (size_t i = 0; i < program->len; i++) {
		const struct sock_filter *f = &program->code[i];
		const char *note = notes[i], *gap = *note ? ": " : "";

		buffer_print(&b, "\t{ 0x%02x, %u, %u, 0x%x }, /* %zu: %s%s%s */\n", f->code, f->jt,
			     f->jf, f->k, i, bpf_format(program->code, i), gap, in_comment(note));
	}
	buffer_print(&b, "};\n");
	return buffer_text(&b);
}
