/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the reading of audit records about seccomp, as dmesg, journalctl, ausearch and audit.log
 * have them: a record is a line with type=1326 or type=SECCOMP, arch= and syscall=. Other lines
 * are passed over. Programs choose the text of comm= and exe=, so only the first arch= and
 * syscall= behind exe= count, where the kernel writes them.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/num.h"
#include "observe/recording.h"

#include <ctype.h>
#include <string.h>

static bool is_record(const char *line, size_t n)
{
	return memmem(line, n, "type=1326", 9) || memmem(line, n, "type=SECCOMP", 12);
}

/* Calls visit for each line until it fails. */
static int each_line(const struct text *text,
		     int (*visit)(void *ctx, const char *line, size_t n, size_t number), void *ctx)
{
	const char *end = text->data + text->len;
	size_t number = 1;
	int r = 0;

	for (const char *line = text->data; line < end && r == 0; number++) {
		const char *stop = memchr(line, '\n', (size_t)(end - line));
		size_t n = (size_t)((stop ? stop : end) - line);

		r = visit(ctx, line, n, number);
		line += n + 1;
	}
	return r;
}

static int stop_at_record(void *ctx not_used, const char *line, size_t n, size_t number not_used)
{
	return is_record(line, n);
}

bool recording_audit_is(const struct text *text)
{
	return each_line(text, stop_at_record, NULL) == 1;
}

/* The value behind "key=" at the start of a word, or NULL. */
static const char *find_value(const char *from, const char *key)
{
	size_t n = strlen(key);

	for (const char *p = from; (p = strstr(p, key)); p += n)
		if ((p == from || p[-1] == ' ') && p[n] == '=')
			return p + n + 1;
	return NULL;
}

/* The file of exe=, which is in quotes, or in hex if it has blanks or quotes. *ret_behind: what
 * follows. */
static const char *read_exe(const char *value, const char **ret_behind)
{
	size_t n = strcspn(value, value[0] == '"' ? "\n" : " ");
	char *name;

	if (value[0] == '"') {
		n = strcspn(value + 1, "\"");
		*ret_behind = value + 1 + n + (value[1 + n] == '"');
		return arena_memdup(value + 1, n);
	}
	*ret_behind = value + n;
	name = arena_alloc(n / 2 + 1);
	for (size_t i = 0; i + 1 < n; i += 2) {
		uint64_t byte;

		if (num_parse_base(arena_memdup(value + i, 2), 16, &byte) < 0)
			return "";
		name[i / 2] = (char)byte;
	}
	return name;
}

struct reading {
	struct recording *recording;
	const char *name;
};

static int parse_word(const char *value, unsigned int base, uint64_t *ret)
{
	return value ? num_parse_base(arena_memdup(value, strcspn(value, " \r")), base, ret) : -1;
}

static int read_record(void *ctx, const char *start, size_t n, size_t number)
{
	const struct reading *reading = ctx;
	struct recording_event event = { .count = 1 };
	const char *line = arena_memdup(start, n), *exe, *behind = line;
	const struct arch_abi *abi;
	uint64_t audit, nr;

	if (!is_record(start, n))
		return 0;
	exe = find_value(line, "exe");
	exe = exe ? read_exe(exe, &behind) : "";
	if (parse_word(find_value(behind, "arch"), 16, &audit) < 0 || audit > UINT32_MAX ||
	    parse_word(find_value(behind, "syscall"), 10, &nr) < 0 || nr > UINT32_MAX)
		return fail(0,
			    "%s:%zu: expected arch= and syscall= in numbers in an audit record of "
			    "seccomp",
			    reading->name, number);
	event.abi = arch_by_number((uint32_t)audit, (uint32_t)nr);
	if (event.abi == ABI_COUNT)
		return fail(0, "%s:%zu: arch=%llx is unknown", reading->name, number,
			    (unsigned long long)audit);
	abi = arch_abi(event.abi);
	event.nr = (uint32_t)nr & ~abi->nr_bit;
	event.program = recording_program(reading->recording, exe);
	recording_add(reading->recording, &event);
	return 0;
}

int recording_audit_read(struct recording *r, const char *name, const struct text *text)
{
	struct reading reading = { r, name };
	struct recording_run *run = recording_add_run(r, "audit");

	run->has_end = true;
	return each_line(text, read_record, &reading);
}
