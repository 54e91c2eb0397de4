/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the reading of audit records about seccomp as a recording: dmesg, the journal or audit.log.
 * A record says which call was logged or denied, without its arguments. Other lines are passed
 * over, but those by which the kernel says that it has left records out, and so are calls whose
 * number only the log of --explain-denials has.
 */
#include "base/arena.h"
#include "base/err.h"
#include "observe/audit.h"
#include "observe/recording.h"
#include "seccomp/notifying.h"

#include <string.h>

struct reading {
	struct recording *recording; /* NULL: it is only asked whether there is a record */
	const char *name;
	bool found;
	bool has_losses;
};

/* "kauditd_printk_skb: 12 callbacks suppressed", "audit: audit_lost=3 audit_rate_limit=0 ..." */
static bool is_loss(const char *line, size_t n)
{
	static const char suppressed[] = "callbacks suppressed", lost[] = "audit_lost=";

	return (memmem(line, n, "audit", strlen("audit")) &&
		memmem(line, n, suppressed, strlen(suppressed))) ||
	       memmem(line, n, lost, strlen(lost));
}

static int read_line(struct reading *reading, const char *line, size_t n, size_t number)
{
	struct recording_event event = { .count = 1 };
	struct audit_record record;
	int r = audit_parse(line, n, &record);

	reading->found |= r != 0;
	reading->has_losses |= r == 0 && is_loss(line, n);
	if (r == 0 || !reading->recording)
		return 0;
	if (r < 0)
		return fail(0, "%s:%zu: an audit record of seccomp that lacks a part",
			    reading->name, number);
	if (notifying_is_number(record.nr))
		return 0;
	event.abi = arch_by_number(record.arch, record.nr);
	if (event.abi == ABI_COUNT)
		return fail(0, "%s:%zu: arch=%x is unknown", reading->name, number, record.arch);
	event.nr = record.nr & ~arch_abi(event.abi)->nr_bit;
	event.program =
		recording_program(reading->recording, record.exe.data ? record.exe.data : "");
	recording_add(reading->recording, &event);
	return 0;
}

static int read_lines(struct reading *reading, const struct text *text)
{
	const char *end = text->data + text->len;
	size_t number = 1;
	int r = 0;

	for (const char *line = text->data; line < end && r >= 0; number++) {
		const char *stop = memchr(line, '\n', (size_t)(end - line));
		size_t n = (size_t)((stop ? stop : end) - line);

		r = read_line(reading, line, n, number);
		line += n + 1;
		if (reading->found && !reading->recording)
			break;
	}
	return r;
}

bool recording_audit_is(const struct text *text)
{
	struct reading reading = { .name = "" };

	return read_lines(&reading, text) >= 0 && reading.found;
}

int recording_audit_read(struct recording *r, const char *name, const struct text *text)
{
	struct reading reading = { .recording = r, .name = name };
	struct recording_run *run = recording_add_run(r, "audit");

	run->has_end = true;
	int ret = read_lines(&reading, text);

	if (reading.has_losses)
		recording_add_uncertain(run, "calls whose audit records the kernel has left out");
	return ret;
}
