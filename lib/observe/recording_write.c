/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the file of a recording while it is written. What must hold: after a crash each line but the
 * last is whole, and a file that is no recording is never changed.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/io.h"
#include "base/lines.h"
#include "base/utc.h"
#include "observe/recording.h"
#include "oci/decode.h"
#include "oci/jsonw.h"
#include "seccomp/syscall.h"

#include <errno.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char *time_now(void)
{
	return arena_printf("%sZ", utc_text((int64_t)time(NULL)));
}

/* If the disk is full, what was written of the line is removed: the next one may have room. */
static int append(const struct recording_writer *w, struct jsonw *line)
{
	struct text text = jsonw_finish(line);
	struct stat before;
	int r = fstat(w->fd, &before) < 0 ? -errno : io_write_all(w->fd, text.data, text.len);

	if (r < 0 && r != -EBADF)
		(void)!ftruncate(w->fd, before.st_size);
	return r < 0 ? fail(-r, "the recording cannot be written") : 0;
}

static void write_strings(struct jsonw *w, const char *key, const struct strings *strings)
{
	jsonw_member_array(w, key);
	for (size_t i = 0; strings && i < strings->n; i++)
		jsonw_string(w, strings->v[i]);
	jsonw_end(w);
}

int recording_write_begin(struct recording_writer *w, const struct recording_run *run)
{
	struct jsonw *line = jsonw_new(JSONW_COMPACT);

	jsonw_object(line);
	jsonw_member_string(line, "schema", RECORDING_SCHEMA);
	jsonw_member_string(line, "time", time_now());
	jsonw_member_string(line, "engine", run->engine);
	jsonw_member_bool(line, "exact", run->exact);
	jsonw_member_string(line, "kernel", run->kernel);
	jsonw_member_string(line, "machine", run->machine);
	jsonw_member_string(line, "image", run->image);
	if (run->container)
		jsonw_member_string(line, "container", run->container);
	if (run->attached)
		jsonw_member_string(line, "from", "attach");
	write_strings(line, "command", run->command);
	jsonw_end(line);
	return append(w, line);
}

static int read_before(const char *path, const struct text *text, struct recording *before)
{
	struct recording unwanted;

	if (!text->len)
		return 0;
	if (text->data[0] != '{' || recording_denials_is(text))
		return fail(0, "%s: is no recording, so that nothing is appended to it", path);
	if (!before) {
		recording_init(&unwanted);
		before = &unwanted;
	}
	return recording_read_text(before, path, text);
}

int recording_write_open(const char *path, enum lines_link link, const struct recording_run *run,
			 struct recording *recording, struct recording *before,
			 struct recording_writer *ret)
{
	struct text *text = arena_alloc(sizeof(*text));
	autofd fd = -1;
	int r = lines_open(path, link, RECORDING_TEXT_MAX, &fd, text);

	if (r >= 0)
		r = read_before(path, text, before);
	if (r >= 0)
		r = lines_cut(fd, path, text);
	*ret = (struct recording_writer){ .fd = fd, .recording = recording };
	if (r >= 0 && run)
		r = recording_write_begin(ret, run);
	if (r < 0)
		return r;
	ret->fd = take_fd(&fd);
	return 0;
}

void recording_write_abandon(struct recording_writer *w, const char *path)
{
	struct stat st, named;

	/* nobody else has written to it, because it is locked */
	if (fstat(w->fd, &st) == 0 && st.st_size == 0 && lstat(path, &named) == 0 &&
	    named.st_ino == st.st_ino && named.st_dev == st.st_dev)
		(void)unlink(path);
	fd_close(&w->fd);
}

static void write_args(struct jsonw *w, const struct recording_call *c)
{
	jsonw_member_array(w, "args");
	for (unsigned int i = 0; i < 6; i++) {
		const struct recording_values *values = &c->args[i];

		if (!values->n && !values->many)
			continue;
		jsonw_object(w);
		jsonw_member_u64(w, "index", i);
		jsonw_member_array(w, "values");
		for (size_t v = 0; v < values->n; v++)
			jsonw_u64(w, values->v[v]);
		jsonw_end(w);
		if (values->many)
			jsonw_member_bool(w, "many", true);
		jsonw_end(w);
	}
	jsonw_end(w);
}

static void write_call(struct jsonw *w, const struct recording *r, const struct recording_call *c)
{
	jsonw_object(w);
	jsonw_member_string(w, "call", c->id < 0 ? NULL : syscall_name((unsigned int)c->id));
	jsonw_member_string(w, "architecture", arch_abi(c->abi)->scmp);
	jsonw_member_u64(w, "number", c->nr);
	jsonw_member_string(w, "program", r->programs[c->program]);
	jsonw_member_u64(w, "count", c->count - c->written);
	if (c->at_least)
		jsonw_member_bool(w, "atLeast", true);
	if (c->assumed)
		jsonw_member_bool(w, "assumed", true);
	jsonw_member_u64(w, "first", c->first_ms);
	if (c->args)
		write_args(w, c);
	jsonw_end(w);
}

static bool is_due(const struct recording_call *c, bool all)
{
	return c->is_new || c->has_news || c->count >= 2 * c->written + (c->written == 0) ||
	       (all && c->count > c->written);
}

int recording_write_news(struct recording_writer *w, bool all)
{
	struct recording *recording = w->recording;
	int r = 0;

	for (size_t i = 0; i < recording->n_calls; i++) {
		struct recording_call *c = &recording->calls[i];
		struct arena_mark mark = arena_mark();
		struct jsonw *line;

		if (!is_due(c, all))
			continue;
		line = jsonw_new(JSONW_COMPACT);
		write_call(line, recording, c);
		r = append(w, line);
		if (r < 0)
			break;
		c->is_new = c->has_news = false;
		c->written = c->count;
		arena_release(mark, NULL, 0);
	}
	return r;
}

static int write_exit(const struct recording_writer *w, const char *program,
		      const struct recording_run *run)
{
	struct jsonw *line = jsonw_new(JSONW_COMPACT);

	jsonw_object(line);
	jsonw_member_object(line, "exit");
	jsonw_member_string(line, "program", program);
	if (run->signal)
		jsonw_member_i64(line, "signal", run->signal);
	else
		jsonw_member_i64(line, "code", run->code);
	jsonw_end(line);
	jsonw_end(line);
	return append(w, line);
}

int recording_write_end(struct recording_writer *w, const char *program,
			const struct recording_run *run)
{
	struct jsonw *line = jsonw_new(JSONW_COMPACT);
	int r = recording_write_news(w, true);

	if (r >= 0 && run->has_exit)
		r = write_exit(w, program, run);
	jsonw_object(line);
	jsonw_member_object(line, "end");
	jsonw_member_string(line, "time", time_now());
	jsonw_member_u64(line, "lost", run->lost);
	jsonw_member_u64(line, "dropped", w->recording->dropped);
	write_strings(line, "uncertain", run->uncertain);
	jsonw_end(line);
	jsonw_end(line);
	if (r >= 0)
		r = append(w, line);
	fd_close(&w->fd);
	return r;
}
