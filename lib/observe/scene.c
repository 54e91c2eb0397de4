/* SPDX-License-Identifier: Apache-2.0 */
/* Owns what is asked about a stopped process, and how the answers are printed. */
#include "observe/scene.h"

#include "base/arena.h"
#include "base/printable.h"
#include "observe/reader.h"
#include "seccomp/params.h"

enum { READ_MS = 100, TEXT_COLUMNS = 256, STRING_COLUMNS = 80 };

static void wish_for(pid_t tid, const struct denial *d, struct reader_wish *ret,
		     unsigned int index_of[READER_POINTERS])
{
	unsigned int n = d->id < 0 ? 0 : params_count(d->abi, (unsigned int)d->id);

	*ret = (struct reader_wish){ .tid = tid, .ip = d->call.instruction_pointer };
	for (unsigned int i = 0; i < n && i < READER_POINTERS; i++) {
		if (!denial_is_string(d, i))
			continue;
		index_of[ret->n_pointers] = i;
		ret->pointers[ret->n_pointers].address = d->call.args[i];
		ret->pointers[ret->n_pointers++].kind = READER_PATH;
	}
}

static const char *text_of(const struct reader_text *t)
{
	return t->state == READER_UNREADABLE ? "" : printable_text(t->data, t->n, TEXT_COLUMNS);
}

struct denial_scene scene_unknown(pid_t tid)
{
	return (struct denial_scene){
		.pid = tid, .tid = tid, .program = "", .thread = "", .file = "", .symbol = ""
	};
}

void scene_read(struct reader *reader, pid_t tid, const struct denial *d, struct denial_scene *ret)
{
	struct reader_facts *facts = arena_alloc(sizeof(*facts));
	unsigned int index_of[READER_POINTERS];
	struct reader_wish wish;

	wish_for(tid, d, &wish, index_of);
	/* after an error the facts have what could be read */
	(void)!reader_ask(reader, &wish, READ_MS, facts);

	*ret = (struct denial_scene){
		.pid = facts->pid ? facts->pid : tid,
		.tid = tid,
		.program = text_of(&facts->program),
		.thread = text_of(&facts->thread),
		.file = text_of(&facts->file),
		.offset = facts->offset,
		.symbol = "",
	};
	if (facts->symbol.state != READER_UNREADABLE && facts->symbol.n)
		ret->symbol = arena_printf("%s+%#jx", text_of(&facts->symbol),
					   (uintmax_t)facts->symbol_offset);
	for (size_t i = 0; i < wish.n_pointers; i++) {
		const struct reader_text *t = &facts->pointers[i];

		if (t->state != READER_UNREADABLE)
			ret->strings[index_of[i]] = printable_quoted(t->data, t->n, STRING_COLUMNS,
								     t->state == READER_CUT);
	}
}
