/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the log of a bisect. What must hold: a result is used again only for the trial that it is
 * from. So the first line has all that trials depend on, and each line has the calls that it
 * denied.
 */
#include "cmd/seccomp/bisect_log.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/lines.h"
#include "base/names.h"
#include "oci/decode.h"
#include "oci/jsonw.h"
#include "seccomp/syscall.h"

#include <inttypes.h>
#include <string.h>

enum { LOG_BYTES_MAX = 64 << 20 };

static const struct name ends[] = {
	{ "exit", TRIAL_EXIT },
	{ "signal", TRIAL_SIGNAL },
	{ "timeout", TRIAL_TIMEOUT },
	{ "not executed", TRIAL_NOT_EXECUTED },
	{ NULL, 0 },
};

struct line {
	const struct json *at;
	uint32_t trial, code, ms;
	struct strings deny;
	bool passed;
	const char *end;
};

static const struct field line_fields[] = {
	REQUIRED(struct line, trial, "trial"), REQUIRED(struct line, deny, "deny"),
	FIELD(struct line, passed, "passed"),  REQUIRED(struct line, end, "end"),
	FIELD(struct line, code, "code"),      FIELD(struct line, ms, "ms"),
};
static const struct shape line_shape = SHAPE(struct line, line_fields);

const char *bisect_log_words(const struct trial_result *result)
{
	switch (result->end) {
	case TRIAL_EXIT:
		return arena_printf("exit code %d", result->code);
	case TRIAL_SIGNAL:
		return arena_printf("signal %d", result->code);
	case TRIAL_TIMEOUT:
		return arena_printf("no end within %" PRId64 " ms", result->ms);
	case TRIAL_NOT_EXECUTED:
		return arena_printf("it cannot be executed: %s", strerror(result->code));
	}
	return "";
}

/* --- reading ------------------------------------------------------------------------------ */

static int read_lines(struct bisect_log *log, const struct text *head, struct text *text)
{
	const struct json *first;
	int r;

	if (text->len < head->len || memcmp(text->data, head->data, head->len) != 0)
		return fail(0,
			    "%s: is no log of this bisect: profile, command and options must be "
			    "the same",
			    log->path);
	json_lines_begin(&log->lines, log->path, text);
	r = json_lines_next(&log->lines, &first);
	return r < 0 ? r : 0;
}

static int append(const struct bisect_log *log, const struct text *text)
{
	int r = io_write_all(log->fd, text->data, text->len);

	return r < 0 ? fail(-r, "%s: cannot be written", log->path) : 0;
}

int bisect_log_open(const char *path, const struct text *head, struct bisect_log *ret)
{
	struct text *text = arena_alloc(sizeof(*text));
	autofd fd = -1;
	int r;

	*ret = (struct bisect_log){ .path = path, .fd = -1 };
	if (!path)
		return 0;
	r = lines_open(path, LINES_LINK_FOLLOWED, LOG_BYTES_MAX, &fd, text);
	if (r < 0)
		return r;
	if (text->len)
		r = read_lines(ret, head, text);
	if (r >= 0)
		r = lines_cut(fd, path, text);
	ret->fd = fd;
	if (r >= 0 && !text->len)
		r = append(ret, head);
	if (r >= 0)
		ret->fd = take_fd(&fd);
	return r;
}

static bool is_same(const struct strings *names, const unsigned int *ids, size_t n)
{
	bool same = names->n == n;

	for (size_t i = 0; i < n && same; i++)
		same = strcmp(names->v[i], syscall_name(ids[i])) == 0;
	return same;
}

int bisect_log_next(struct bisect_log *log, const unsigned int *ids, size_t n,
		    struct trial_result *ret)
{
	const struct json *at;
	const struct name *end;
	struct line line;
	int r = json_lines_next(&log->lines, &at);

	if (r <= 0)
		return r;
	r = decode(at, &line_shape, &line);
	if (r < 0)
		return r;
	end = names_find(ends, line.end);
	if (!end)
		return json_fail_member(at, "end", "expected a word of this version, found \"%s\"",
					line.end);
	*ret = (struct trial_result){ (enum trial_end)end->value, (int)line.code, line.ms };
	if (!is_same(&line.deny, ids, n) || line.passed != trial_has_passed(ret))
		return json_fail(at, "is not the trial that follows from the lines before");
	return 1;
}

/* --- writing ------------------------------------------------------------------------------ */

int bisect_log_add(struct bisect_log *log, unsigned int trial, const unsigned int *ids, size_t n,
		   const struct trial_result *result)
{
	struct jsonw *w;
	struct text text;

	if (!log->path)
		return 0;
	w = jsonw_new(JSONW_COMPACT);
	jsonw_object(w);
	jsonw_member_u64(w, "trial", trial);
	jsonw_member_array(w, "deny");
	for (size_t i = 0; i < n; i++)
		jsonw_string(w, syscall_name(ids[i]));
	jsonw_end(w);
	jsonw_member_bool(w, "passed", trial_has_passed(result));
	jsonw_member_string(w, "end", names_of(ends, result->end));
	jsonw_member_i64(w, "code", result->code);
	jsonw_member_i64(w, "ms", result->ms);
	jsonw_end(w);
	text = jsonw_finish(w);
	return append(log, &text);
}
