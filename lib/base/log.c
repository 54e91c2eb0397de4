/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the log descriptor. It avoids what engines cannot handle: a second record in the JSON log
 * (Podman reads the whole file as one object), a time that is not RFC 3339 (containerd then loses
 * the message), and other output on standard error.
 */
#include "base/log.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "base/utc.h"
#include "base/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 4095 };

struct warning {
	struct warning *next;
	const char *text;
};

static int log_fd = -1;
static enum log_format log_form;
static bool debug;
static struct warning *warnings, **last_warning = &warnings;

int log_open(const char *path, enum log_format format)
{
	log_form = format;
	if (!path)
		return 0;
	if (log_fd >= 0)
		close(log_fd);
	/*
	 * O_NONBLOCK: opening a FIFO must not wait for a reader. It is cleared below;
	 * io_write_best() does not need it.
	 */
	log_fd =
		open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0644);
	if (log_fd < 0 && errno == ENXIO)
		return fail(0, "--log %s: found a FIFO without a reader", path);
	if (log_fd < 0)
		return fail(errno, "--log %s: cannot be opened", path);
	return fcntl(log_fd, F_SETFL, O_APPEND) < 0 ? fail(errno, "--log %s", path) : 0;
}

void log_set_debug(bool on)
{
	debug = on;
}

bool log_is_debug(void)
{
	return debug;
}

/*
 * Returns s escaped for a JSON string. A byte that is not UTF-8 (in an argument or a file name)
 * becomes U+FFFD; otherwise the record would not be valid JSON.
 */
static char *json_escaped(const char *s)
{
	char *out = arena_alloc(6 * strlen(s) + 1), *o = out;

	for (size_t left = strlen(s), n; left; s += n, left -= n) {
		unsigned char c = (unsigned char)*s;

		n = utf8_length(s, left);
		if (c == '"' || c == '\\') {
			*o++ = '\\';
			*o++ = (char)c;
		} else if (n == 0) {
			o += snprintf(o, 7, "\\ufffd");
			n = 1;
		} else if (c < 0x20 || c == 0x7f) {
			o += snprintf(o, 7, "\\u%04x", c);
		} else {
			memcpy(o, s, n);
			o += n;
		}
	}
	*o = 0;
	return out;
}

static void write_record(const char *level, const char *message)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	const char *when = utc_text(ts.tv_sec);
	const char *line =
		log_form == LOG_JSON
			? arena_printf("{\"level\":\"%s\",\"msg\":\"%s\",\"time\":\"%sZ\"}\n",
				       level, json_escaped(message), when)
			: arena_printf("time=\"%sZ\" level=%s msg=\"%s\"\n", when, level,
				       json_escaped(message));
	io_write_best(log_fd, line, strlen(line));
}

static void write_line(const char *level, const char *text)
{
	if (log_fd >= 0) {
		write_record(level, text);
		return;
	}
	const char *line = arena_printf("tamis: %s: %s\n", level, text);

	io_write_best(STDERR_FILENO, line, strlen(line));
}

void log_debug(const char *fmt, ...)
{
	va_list ap;

	if (!debug)
		return;
	va_start(ap, fmt);
	write_line("debug", arena_vprintf(fmt, ap));
	va_end(ap);
}

void log_warning(const char *fmt, ...)
{
	struct warning *w = arena_alloc(sizeof(*w));
	va_list ap;

	va_start(ap, fmt);
	w->text = arena_vprintf(fmt, ap);
	va_end(ap);
	if (debug) {
		write_line("warning", w->text);
		return;
	}
	*last_warning = w;
	last_warning = &w->next;
}

void log_discard(void)
{
	warnings = NULL;
	last_warning = &warnings;
}

void log_success(void)
{
	for (const struct warning *w = warnings; w && log_fd >= 0; w = w->next)
		write_record("warning", w->text);
}

/*
 * Reduces the message to one line, whatever a file name contains, and to a length that a pipe takes
 * at once: engines read only after the runtime has ended (runc#2530), and conmon reads 8191 bytes.
 */
static void one_line(char *s)
{
	if (strlen(s) > LINE_MAX_BYTES)
		memcpy(s + LINE_MAX_BYTES - 3, "...", 4);
	for (; *s; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			*s = '?';
}

void log_failure(const char *message)
{
	char *line = arena_printf("tamis: %s", message);

	one_line(line);
	if (log_fd >= 0)
		write_record("error", message);
	line = arena_printf("%s\n", line);
	io_write_best(STDERR_FILENO, line, strlen(line));
}
