/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the search for audit records on this host. What must hold: a record is believed only if the
 * kernel wrote it. Programs may write into the kernel log, too; their lines have another facility.
 */
#include "observe/kernel_log.h"

#include "base/arena.h"
#include "base/fd.h"
#include "base/io.h"
#include "base/num.h"
#include "observe/tool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
	RECORDS_MAX = 50000,
	LINE_BYTES = 8192, /* the kernel's limit of a record of kmsg */
	FILE_BYTES_MAX = 16 << 20,
	JOURNAL_MS = 5000,
};

struct search {
	int64_t since_ms;
	size_t room;
	struct kernel_log *log;
};

/* Takes a line if it is a record of the time that was asked for. */
static void take_line(struct search *s, struct kernel_log_source *source, const char *line,
		      size_t n)
{
	struct arena_mark mark = arena_mark();
	struct kernel_log *log = s->log;
	struct audit_record record;
	int r = audit_parse(line, n, &record);

	log->n_damaged += r < 0;
	if (r <= 0 || record.time_ms < s->since_ms) {
		arena_release(mark, NULL, 0);
		return;
	}
	if (log->n == RECORDS_MAX) {
		source->is_partial = true;
		arena_release(mark, NULL, 0);
		return;
	}
	log->v = arena_grow(log->v, log->n, &s->room, sizeof(*log->v));
	log->v[log->n++] = record;
}

static void take_lines(struct search *s, struct kernel_log_source *source, const char *text,
		       size_t n)
{
	while (n) {
		const char *lf = memchr(text, '\n', n);
		size_t len = lf ? (size_t)(lf - text) : n;

		take_line(s, source, text, len);
		n -= len + (lf != NULL);
		text += len + (lf != NULL);
	}
}

/* --- the kernel log ------------------------------------------------------------------------- */

/* The time of a record: it has microseconds since the start of the kernel. */
static int64_t time_of(uint64_t usec)
{
	struct timespec now, up;

	clock_gettime(CLOCK_REALTIME, &now);
	clock_gettime(CLOCK_MONOTONIC, &up);
	return (int64_t)(now.tv_sec - up.tv_sec) * 1000 + (int64_t)(usec / 1000);
}

/*
 * "6,1234,53427891666,-;audit: ...": the priority has the facility above its low three bits, which
 * is 0 for the kernel. Lines behind the first are properties of the record. *ret_has_all: the first
 * record of this boot, or one from before the time that was asked for.
 */
static void take_kmsg(struct search *s, struct kernel_log_source *source, const char *line,
		      size_t n, bool *ret_has_all)
{
	const char *p, *text = memchr(line, ';', n), *lf = memchr(line, '\n', n);
	uint64_t priority, number, usec;

	if (!text || num_scan_u64(line, &p, &priority) < 0 || *p != ',' ||
	    num_scan_u64(p + 1, &p, &number) < 0 || *p != ',' || num_scan_u64(p + 1, &p, &usec) < 0)
		return;
	*ret_has_all |= number == 0 || time_of(usec) < s->since_ms;
	text++;
	if (!lf)
		lf = line + n;
	if (priority >> 3 == 0 && lf > text)
		take_line(s, source, text, (size_t)(lf - text));
}

/* Each read(2) returns one record; EPIPE means that some were overwritten before they were read. */
static void read_kmsg(struct search *s, const char *path, struct kernel_log_source *source)
{
	autofd fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	char line[LINE_BYTES + 1];
	bool has_all = false;
	ssize_t n = fd < 0 ? -1 : 0;

	source->error = fd < 0 ? -errno : 0;
	while (fd >= 0) {
		n = read(fd, line, LINE_BYTES);
		if (n < 0 && (errno == EINTR || errno == EPIPE))
			continue;
		if (n <= 0)
			break;
		line[n] = '\0';
		take_kmsg(s, source, line, (size_t)n, &has_all);
	}
	if (fd >= 0 && n < 0 && errno != EAGAIN)
		source->error = -errno;
	source->is_partial |= source->error == 0 && !has_all;
}

/* --- the journal ---------------------------------------------------------------------------- */

static void read_journal(struct search *s, const char *program, struct kernel_log_source *source)
{
	char *const argv[] = {
		arena_strdup("journalctl"),
		arena_strdup("--dmesg"),
		arena_strdup("--quiet"),
		arena_strdup("--no-pager"),
		arena_strdup("--output=short-unix"),
		arena_printf("--since=@%jd", (intmax_t)(s->since_ms / 1000)),
		NULL,
	};
	struct text text;

	source->error = tool_run(program, argv, JOURNAL_MS, FILE_BYTES_MAX, &text);
	if (source->error == -EFBIG) {
		source->error = 0;
		source->is_partial = true;
	}
	if (source->error == 0)
		take_lines(s, source, text.data, text.len);
}

/* --- the file of auditd --------------------------------------------------------------------- */

static void read_audit_log(struct search *s, const char *path, struct kernel_log_source *source)
{
	autofd fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct text text;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0) {
		source->error = -errno;
		return;
	}
	/* of a large file its end; the file may grow meanwhile */
	source->is_partial = st.st_size > FILE_BYTES_MAX / 2;
	if (source->is_partial && lseek(fd, -FILE_BYTES_MAX / 2, SEEK_END) < 0) {
		source->error = -errno;
		return;
	}
	int r = io_read_all(fd, FILE_BYTES_MAX, &text);

	source->error = r < 0 ? r : 0;
	if (r >= 0)
		take_lines(s, source, text.data, text.len);
}

/* --- all of them ---------------------------------------------------------------------------- */

static int by_time(const void *a, const void *b)
{
	const struct audit_record *x = a, *y = b;

	if (x->time_ms != y->time_ms)
		return x->time_ms < y->time_ms ? -1 : 1;
	return x->serial < y->serial ? -1 : x->serial > y->serial;
}

static void keep_each_once(struct kernel_log *log)
{
	size_t n = 0;

	if (log->n)
		qsort(log->v, log->n, sizeof(*log->v), by_time);
	for (size_t i = 0; i < log->n; i++)
		if (n == 0 || by_time(&log->v[n - 1], &log->v[i]) != 0)
			log->v[n++] = log->v[i];
	log->n = n;
}

void kernel_log_read(const struct kernel_log_paths *paths, int64_t since_ms, struct kernel_log *ret)
{
	struct search s = { .since_ms = since_ms, .log = ret };
	struct kernel_log_source *kmsg = &ret->sources[0], *journal = &ret->sources[1],
				 *audit = &ret->sources[2];

	*ret = (struct kernel_log){
		.sources = { { .name = "the kernel log", .error = -ENOENT },
			     { .name = "the journal", .error = -ENOENT },
			     { .name = "the file of auditd", .error = -ENOENT } },
	};
	if (paths->kmsg)
		read_kmsg(&s, paths->kmsg, kmsg);
	if (paths->journalctl && (kmsg->error < 0 || kmsg->is_partial))
		read_journal(&s, paths->journalctl, journal);
	if (paths->audit_log)
		read_audit_log(&s, paths->audit_log, audit);
	keep_each_once(ret);
}
