/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the reading of other processes. What must hold: everything comes from the kernel's procfs
 * and from process_vm_readv(2); no file that the process names is opened, and every text has a
 * limit.
 */
#include "observe/look.h"

#include "base/arena.h"
#include "base/fd.h"
#include "base/num.h"
#include "channel/procfs.h"
#include "observe/elf_symbol.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

enum {
	/* A process may have 65530 mappings (vm.max_map_count), most with short lines. */
	MAPS_BYTES_MAX = 32 << 20,
	MAPS_LINE_MAX = 1 << 16, /* a path has at most 4096 bytes, each of which may be escaped */
	REMOTE_MAX = 1 << 16,
	PAGE = 4096, /* the smallest page size of all architectures */
};

static void set_text(struct reader_text *t, const void *data, size_t n)
{
	t->state = n > READER_TEXT_MAX ? READER_CUT : READER_WHOLE;
	t->n = (uint16_t)(n > READER_TEXT_MAX ? READER_TEXT_MAX : n);
	memcpy(t->data, data, t->n);
}

/* --- names ---------------------------------------------------------------------------------- */

/* /proc/PID/comm ends with a line feed; the name itself may contain others. */
static void read_comm(int proc, pid_t pid, struct reader_text *ret)
{
	struct text text;

	if (procfs_read(proc, arena_printf("%d/comm", pid), &text) >= 0 && text.len > 0)
		set_text(ret, text.data, text.len - 1);
}

void look_names(int proc, pid_t tid, struct reader_facts *facts)
{
	char path[PATH_MAX];
	ssize_t n = readlinkat(proc, arena_printf("%d/exe", tid), path, sizeof(path));

	if (n >= 0)
		set_text(&facts->program, path, (size_t)n);
	read_comm(proc, tid, &facts->thread);
	facts->pid = procfs_process(proc, tid);
	if (facts->pid)
		read_comm(proc, facts->pid, &facts->comm);
}

/* --- memory --------------------------------------------------------------------------------- */

/* Reads up to n bytes; returns how many could be read, from the first on. */
static size_t read_memory(pid_t tid, uint64_t address, void *buf, size_t n)
{
	struct iovec local = { buf, n }, remote[REMOTE_MAX / PAGE + 1];
	size_t parts = 0;

	/* a part is read as a whole or not at all: process_vm_readv(2) */
	for (size_t done = 0; done < n && parts < ARRAY_LEN(remote); parts++) {
		uint64_t at = address + done;
		size_t part = PAGE - (size_t)(at % PAGE);

		if (part > n - done)
			part = n - done;
		if (at < address || at > UINTPTR_MAX)
			break;
		remote[parts] = (struct iovec){ (void *)(uintptr_t)at, part };
		done += part;
	}
	ssize_t got = process_vm_readv(tid, &local, 1, remote, parts, 0);

	return got < 0 ? 0 : (size_t)got;
}

void look_pointer(pid_t tid, uint64_t address, enum reader_kind kind, uint32_t size,
		  struct reader_text *ret)
{
	size_t want = kind == READER_BYTES && size < READER_TEXT_MAX ? size : READER_TEXT_MAX;
	size_t n = read_memory(tid, address, ret->data, want);
	bool is_whole = kind == READER_BYTES && n == size;

	if (kind == READER_PATH) {
		const unsigned char *end = memchr(ret->data, 0, n);

		is_whole = end != NULL;
		if (end)
			n = (size_t)(end - ret->data);
	}
	ret->n = (uint16_t)n;
	ret->state = is_whole ? READER_WHOLE : n > 0 ? READER_CUT : READER_UNREADABLE;
}

static size_t read_image(void *ctx, uint64_t address, void *buf, size_t n)
{
	return read_memory(*(const pid_t *)ctx, address, buf, n);
}

void look_symbol(pid_t tid, uint64_t base, uint64_t ip, struct reader_facts *facts)
{
	const struct elf_memory memory = { read_image, &tid };
	struct elf_symbol symbol;

	if (!elf_symbol_find(&memory, base, ip, &symbol))
		return;
	set_text(&facts->symbol, symbol.name, symbol.n);
	if (symbol.is_cut)
		facts->symbol.state = READER_CUT;
	facts->symbol_offset = symbol.offset;
}

/* --- mappings ------------------------------------------------------------------------------- */

/* A line of /proc/PID/maps. */
struct mapping {
	uint64_t start, end, offset, inode;
	const char *device, *path;
};

static bool parse_mapping(char *line, struct mapping *ret)
{
	char *start = strsep(&line, "-"), *end = strsep(&line, " ");

	(void)strsep(&line, " ");
	char *offset = strsep(&line, " ");

	ret->device = strsep(&line, " ");
	char *inode = strsep(&line, " ");

	if (!inode || num_parse_base(start, 16, &ret->start) < 0 ||
	    num_parse_base(end, 16, &ret->end) < 0 ||
	    num_parse_base(offset, 16, &ret->offset) < 0 || num_parse_u64(inode, &ret->inode) < 0)
		return false;
	ret->path = line ? line + strspn(line, " ") : "";
	return true;
}

/* The search for the mapping that contains an address. */
struct search {
	uint64_t address;
	/* the last mapping of the first page of a file */
	uint64_t base, inode;
	char device[24];
	bool is_found, has_image;
};

static void search_line(struct search *s, char *line, struct reader_facts *facts)
{
	struct mapping m;

	if (!parse_mapping(line, &m))
		return;
	if (m.offset == 0) {
		s->base = m.start;
		s->inode = m.inode;
		snprintf(s->device, sizeof(s->device), "%s", m.device);
	}
	if (s->address < m.start || s->address >= m.end)
		return;
	s->is_found = true;
	s->has_image =
		*m.path && s->base != 0 && m.inode == s->inode && strcmp(m.device, s->device) == 0;
	set_text(&facts->file, m.path, strlen(m.path));
	facts->offset = s->address - m.start + m.offset;
}

/* Takes the whole lines of the text. Returns the length of the rest. */
static size_t search_lines(struct search *s, char *text, size_t n, struct reader_facts *facts)
{
	char *line = text, *end;

	while (!s->is_found && (end = memchr(line, '\n', n - (size_t)(line - text)))) {
		*end = '\0';
		search_line(s, line, facts);
		line = end + 1;
	}
	n -= (size_t)(line - text);
	memmove(text, line, n);
	return n;
}

bool look_call_site(int proc, pid_t tid, uint64_t ip, struct reader_facts *facts,
		    uint64_t *ret_base)
{
	/* ip is behind the instruction, which may be the last one of the mapping */
	struct search s = { .address = ip - 1 };
	autofd fd = procfs_file(proc, arena_printf("%d/maps", tid), O_RDONLY);
	char *text = arena_alloc(MAPS_LINE_MAX);
	size_t n = 0, sum = 0;
	ssize_t got;

	while (fd >= 0 && !s.is_found && n < MAPS_LINE_MAX && sum < MAPS_BYTES_MAX &&
	       (got = read(fd, text + n, MAPS_LINE_MAX - n)) > 0) {
		sum += (size_t)got;
		n = search_lines(&s, text, n + (size_t)got, facts);
	}
	if (s.is_found)
		facts->offset++;
	*ret_base = s.base;
	return s.has_image;
}
