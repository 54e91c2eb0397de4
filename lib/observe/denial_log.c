/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the reading of logs of denials. What must hold: whatever a container made the log contain,
 * the work is bounded by the size of the text, and no line keeps another from being read.
 */
#include "observe/denial_log.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/names.h"
#include "base/num.h"
#include "oci/json.h"
#include "oci/jsonw.h"

#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES_MAX = 256 << 10, LOGGED_MAX = 4096, RUNS_MAX = 1024 };

/* A line of the first kind. */
struct logged {
	size_t run;
	uint64_t id;
	size_t denial; /* which one it became a part of */
};

/* A run of a container: the lines up to the one with which its ids begin again. */
struct run {
	const char *container;
	uint64_t last_id;
	size_t counts, n_counts; /* its last line of the second kind, in the text */
	bool is_last;		 /* of its container */
	bool has_ended;
};

struct state {
	const struct text *text;
	const char *container;
	struct denial_log *log;
	size_t n_logged, n_runs, room;
	struct logged logged[LOGGED_MAX];
	struct run runs[RUNS_MAX];
};

const struct name denial_log_reasons[] = {
	{ "rule", DENIAL_LOG_RULE },	   { "default", DENIAL_LOG_DEFAULT },
	{ "unknown", DENIAL_LOG_UNKNOWN }, { "architecture", DENIAL_LOG_ARCHITECTURE },
	{ "program", DENIAL_LOG_PROGRAM }, { "notify", DENIAL_LOG_NOTIFY },
	{ "other", DENIAL_LOG_OTHER },	   { 0 },
};

/* --- members -------------------------------------------------------------------------------- */

static const char *string_of(const struct json *v, const char *key)
{
	const struct json *m = json_member(v, key);

	return m && m->type == JSON_STRING ? m->text : "";
}

static uint64_t number_of(const struct json *v, const char *key)
{
	const struct json *m = json_member(v, key);
	uint64_t n;

	return m && m->type == JSON_NUMBER && num_parse_u64(m->text, &n) >= 0 ? n : 0;
}

/* Whether the member is a boolean, which *ret gets. */
static bool get_bool(const struct json *v, const char *key, bool *ret)
{
	const struct json *m = json_member(v, key);

	*ret = m && m->type == JSON_BOOL && m->boolean;
	return m && m->type == JSON_BOOL;
}

static enum denial_log_reason reason_of(const struct json *v)
{
	const struct name *known = names_find(denial_log_reasons, string_of(v, "reason"));

	return known ? (enum denial_log_reason)known->value : DENIAL_LOG_OTHER;
}

/* --- denials -------------------------------------------------------------------------------- */

static struct denial_log_entry denial_of(const struct json *v)
{
	const struct json *args = json_member(v, "args"), *caller = json_member(v, "caller");
	const struct json *rule = json_member(json_member(v, "allow"), "rule");
	struct denial_log_entry d = {
		.container = string_of(v, "container"),
		.program = string_of(v, "program"),
		.thread = string_of(v, "thread"),
		.architecture = string_of(v, "architecture"),
		.call = string_of(v, "call"),
		.number = number_of(v, "number"),
		.answer = string_of(v, "answer"),
		.error = string_of(v, "errno"),
		.reason = reason_of(v),
		.place = string_of(json_member(v, "rule"), "place"),
		.policy = string_of(v, "policy"),
		.given = string_of(v, "given"),
		.file = string_of(caller, "file"),
		.offset = string_of(caller, "offset"),
		.symbol = string_of(caller, "symbol"),
		.address = string_of(caller, "address"),
		.remove = string_of(json_member(v, "allow"), "remove"),
		.opens = string_of(json_member(v, "allow"), "opens"),
		.time = string_of(v, "time"),
		.n_kinds = 1,
		.count = 1,
	};

	if (args)
		json_each (arg, args)
			if (d.n_args < ARRAY_LEN(d.args))
				d.args[d.n_args++] =
					(struct denial_log_arg){ string_of(arg, "name"),
								 string_of(arg, "value"),
								 string_of(arg, "text") };
	if (rule && rule->type == JSON_OBJECT) {
		struct jsonw *w = jsonw_new(JSONW_COMPACT);

		jsonw_json(w, rule);
		struct text text = jsonw_finish(w);

		d.rules[d.n_rules++] = arena_memdup(text.data, strcspn(text.data, "\n"));
	}
	return d;
}

static bool is_same(const struct denial_log_entry *a, const struct denial_log_entry *b)
{
	return a->number == b->number && strcmp(a->call, b->call) == 0 &&
	       strcmp(a->architecture, b->architecture) == 0 &&
	       strcmp(a->program, b->program) == 0 && strcmp(a->file, b->file) == 0 &&
	       strcmp(a->offset, b->offset) == 0 && strcmp(a->symbol, b->symbol) == 0 &&
	       strcmp(a->address, b->address) == 0 && strcmp(a->answer, b->answer) == 0 &&
	       strcmp(a->error, b->error) == 0 && strcmp(a->container, b->container) == 0;
}

static bool has_rule(const struct denial_log_entry *d, const char *rule)
{
	for (size_t i = 0; i < d->n_rules; i++)
		if (strcmp(d->rules[i], rule) == 0)
			return true;
	return false;
}

/* Returns the index of the denial that the line belongs to. *ret_kept: it uses the line's tree. */
static size_t add_denial(struct state *s, const struct denial_log_entry *d, bool *ret_kept)
{
	struct denial_log *log = s->log;

	*ret_kept = true;
	for (size_t i = 0; i < log->n; i++) {
		struct denial_log_entry *old = &log->v[i];

		if (!is_same(old, d))
			continue;
		*ret_kept = d->n_rules && old->n_rules < DENIAL_LOG_RULES_MAX &&
			    !has_rule(old, d->rules[0]);
		if (*ret_kept)
			old->rules[old->n_rules++] = d->rules[0];
		old->n_kinds++;
		old->count++;
		return i;
	}
	log->v = arena_grow(log->v, log->n, &s->room, sizeof(*log->v));
	log->v[log->n] = *d;
	return log->n++;
}

/* --- runs ----------------------------------------------------------------------------------- */

/* The last run of a container, or NULL. */
static struct run *run_of(struct state *s, const char *container)
{
	for (size_t i = s->n_runs; i-- > 0;)
		if (s->runs[i].is_last && strcmp(s->runs[i].container, container) == 0)
			return &s->runs[i];
	return NULL;
}

/* The run of a line with this id; NULL: there are too many. */
static struct run *run_for(struct state *s, const char *container, uint64_t id)
{
	struct run *run = run_of(s, container);

	if (run && !run->has_ended && id > run->last_id) {
		run->last_id = id;
		return run;
	}
	if (s->n_runs == RUNS_MAX)
		return NULL;
	if (run)
		run->is_last = false;
	run = &s->runs[s->n_runs++];
	*run = (struct run){ .container = container, .last_id = id, .is_last = true };
	return run;
}

/* Returns whether the line's tree is used. */
static bool take_denial(struct state *s, const struct json *v)
{
	const size_t n_runs = s->n_runs;
	struct denial_log_entry d = denial_of(v);
	uint64_t id = number_of(v, "id");
	struct run *run = s->n_logged < LOGGED_MAX ? run_for(s, d.container, id) : NULL;
	bool kept;

	if (!run) {
		s->log->n_left_out++;
		return false;
	}
	struct logged *logged = &s->logged[s->n_logged++];

	*logged = (struct logged){ (size_t)(run - s->runs), id, add_denial(s, &d, &kept) };
	return kept || s->n_runs != n_runs;
}

static void take_counts(struct state *s, const struct json *v, size_t at, size_t n)
{
	struct run *run = run_of(s, string_of(v, "container"));

	if (!run) /* nothing was denied before */
		return;
	run->counts = at;
	run->n_counts = n;
	(void)get_bool(v, "ended", &run->has_ended);
}

/* --- lines ---------------------------------------------------------------------------------- */

static const struct json *parse(const char *data, size_t n)
{
	const struct text text = { arena_memdup(data, n), n };
	const struct json *root;

	if (json_parse("log", &text, &root) >= 0 && root->type == JSON_OBJECT)
		return root;
	err_clear();
	return NULL;
}

/* The last place in the line where an object of the log may begin, but the first byte; 0: none. */
static size_t find_second(const char *line, size_t n)
{
	static const char mark[] = "{\"schema\":\"tamis-denial";
	const size_t n_mark = strlen(mark);

	for (size_t i = n; i-- > 1;)
		if (n - i >= n_mark && memcmp(line + i, mark, n_mark) == 0)
			return i;
	return 0;
}

static void take_line(struct state *s, size_t at, size_t n)
{
	struct arena_mark mark = arena_mark();
	const char *line = s->text->data + at;
	const struct json *v = n <= LINE_BYTES_MAX ? parse(line, n) : NULL;
	bool kept = false;

	s->log->n_lines++;
	if (!v) { /* a line that was cut, and the next one behind it? */
		size_t second = find_second(line, n);

		s->log->n_damaged++;
		at += second;
		n -= second;
		v = second && n <= LINE_BYTES_MAX ? parse(line + second, n) : NULL;
	}
	const char *schema = string_of(v, "schema"), *container = string_of(v, "container");

	if (v && s->container && strcmp(container, s->container) != 0)
		;
	else if (strcmp(schema, "tamis-denial/1") == 0)
		kept = take_denial(s, v);
	else if (strcmp(schema, "tamis-denial-counts/1") == 0)
		take_counts(s, v, at, n);
	else if (strcmp(schema, "tamis-denial-agent/1") == 0) {
		s->log->lost = string_of(v, "ended");
		kept = true;
	} else if (v)
		s->log->n_damaged++;
	if (!kept)
		arena_release(mark, NULL, 0);
}

/* --- counts --------------------------------------------------------------------------------- */

static int by_run_and_id(const void *a, const void *b)
{
	const struct logged *x = a, *y = b;

	if (x->run != y->run)
		return x->run < y->run ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

static void add_count(struct state *s, size_t run, const struct json *v)
{
	const struct logged key = { .run = run, .id = number_of(v, "id") };
	const struct logged *logged =
		bsearch(&key, s->logged, s->n_logged, sizeof(key), by_run_and_id);
	uint64_t count = number_of(v, "count");
	bool survived;

	if (!logged || count == 0)
		return;
	struct denial_log_entry *d = &s->log->v[logged->denial];

	/* the first count replaces what stands for "at least once" each */
	d->count = d->is_counted ? d->count + count : count;
	if (d->count < count)
		d->count = UINT64_MAX;
	d->n_sigkill += number_of(v, "sigkill");
	d->is_counted = true;
	if (get_bool(v, "lived", &survived)) {
		d->has_survived = survived && (!d->has_end || d->has_survived);
		d->has_end = true;
	}
}

static void add_counts(struct state *s, size_t run)
{
	struct arena_mark mark = arena_mark();
	const struct run *r = &s->runs[run];
	const struct json *v = r->n_counts ? parse(s->text->data + r->counts, r->n_counts) : NULL;
	const struct json *counts = json_member(v, "counts");

	if (counts)
		json_each (count, counts)
			add_count(s, run, count);
	s->log->n_unlogged += number_of(v, "unlogged");
	s->log->n_unwritten += number_of(v, "lost");
	s->log->is_open |= !r->has_ended;
	arena_release(mark, NULL, 0);
}

/* Of equal counts the earliest comes first. */
static int by_count(const void *a, const void *b)
{
	const struct denial_log_entry *x = a, *y = b;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return strcmp(x->time, y->time);
}

void denial_log_parse(const struct text *text, const char *container, struct denial_log *ret)
{
	struct state *s = arena_alloc(sizeof(*s));
	size_t end;

	*ret = (struct denial_log){ .n = 0 };
	s->text = text;
	s->container = container;
	s->log = ret;
	for (size_t at = 0; at < text->len; at = end + 1) {
		const char *line = text->data + at;
		const char *lf = memchr(line, '\n', text->len - at);

		end = lf ? (size_t)(lf - text->data) : text->len;
		if (end > at)
			take_line(s, at, end - at);
	}
	qsort(s->logged, s->n_logged, sizeof(*s->logged), by_run_and_id);
	for (size_t i = 0; i < s->n_runs; i++)
		add_counts(s, i);
	if (ret->n)
		qsort(ret->v, ret->n, sizeof(*ret->v), by_count);
}
