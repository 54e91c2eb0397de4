/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns JSON output, by yajl's generator. Slashes are not escaped, because a hook that compared
 * strings once failed on "\/". The text is always valid UTF-8, because one invalid byte in a path
 * would make a whole `list` unreadable for an engine.
 */
#include "oci/jsonw.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "oci/json.h"
#include "oci/yajl_memory.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_gen.h>

enum { WRITE_DEPTH_MAX = JSON_DEPTH_MAX + 8 };

struct jsonw {
	yajl_gen gen;
	size_t depth;
	bool is_object[WRITE_DEPTH_MAX];
};

static void check(yajl_gen_status status)
{
	if (status != yajl_gen_status_ok)
		abort(); /* wrong nesting: a bug of the caller */
}

struct jsonw *jsonw_new(enum jsonw_style style)
{
	struct jsonw *w = arena_alloc(sizeof(*w));

	w->gen = yajl_gen_alloc(&yajl_memory);
	yajl_gen_config(w->gen, yajl_gen_beautify, style == JSONW_PRETTY);
	yajl_gen_config(w->gen, yajl_gen_indent_string, "\t");
	return w;
}

static void open_container(struct jsonw *w, bool is_object)
{
	if (w->depth == WRITE_DEPTH_MAX)
		abort();
	check(is_object ? yajl_gen_map_open(w->gen) : yajl_gen_array_open(w->gen));
	w->is_object[w->depth++] = is_object;
}

void jsonw_object(struct jsonw *w)
{
	open_container(w, true);
}

void jsonw_array(struct jsonw *w)
{
	open_container(w, false);
}

void jsonw_end(struct jsonw *w)
{
	if (!w->depth)
		abort();
	w->depth--;
	check(w->is_object[w->depth] ? yajl_gen_map_close(w->gen) : yajl_gen_array_close(w->gen));
}

/* Returns s with U+FFFD for each invalid byte, or s itself if there is none. */
static const char *as_utf8(const char *s)
{
	static const char replacement[] = "\xef\xbf\xbd";
	size_t n = strlen(s), bad = 0;

	for (size_t i = 0, len; i < n; i += len ? len : 1)
		bad += !(len = utf8_length(s + i, n - i));
	if (!bad)
		return s;

	char *out = arena_alloc(n + bad * strlen(replacement) + 1), *o = out;

	for (size_t i = 0, len; i < n; i += len ? len : 1) {
		len = utf8_length(s + i, n - i);
		memcpy(o, len ? s + i : replacement, len ? len : strlen(replacement));
		o += len ? len : strlen(replacement);
	}
	return out;
}

void jsonw_key(struct jsonw *w, const char *key)
{
	jsonw_string(w, key);
}

void jsonw_string(struct jsonw *w, const char *s)
{
	if (!s) {
		jsonw_null(w);
		return;
	}
	s = as_utf8(s);
	check(yajl_gen_string(w->gen, (const unsigned char *)s, strlen(s)));
}

void jsonw_i64(struct jsonw *w, int64_t v)
{
	check(yajl_gen_integer(w->gen, v));
}

void jsonw_u64(struct jsonw *w, uint64_t v)
{
	const char *s = arena_printf("%" PRIu64, v);

	check(yajl_gen_number(w->gen, s, strlen(s)));
}

void jsonw_bool(struct jsonw *w, bool v)
{
	check(yajl_gen_bool(w->gen, v));
}

void jsonw_null(struct jsonw *w)
{
	check(yajl_gen_null(w->gen));
}

static void write_plain(struct jsonw *w, const struct json *v)
{
	if (v->type == JSON_STRING)
		jsonw_string(w, v->text);
	else if (v->type == JSON_NUMBER)
		check(yajl_gen_number(w->gen, v->text, strlen(v->text)));
	else if (v->type == JSON_BOOL)
		jsonw_bool(w, v->boolean);
	else
		jsonw_null(w);
}

/* Iterative: to the first child, else to the next sibling, else up. */
void jsonw_json(struct jsonw *w, const struct json *top)
{
	const struct json *v = top;

	while (v) {
		bool container = v->type == JSON_OBJECT || v->type == JSON_ARRAY;

		if (v != top && v->key)
			jsonw_key(w, v->key);
		if (container)
			open_container(w, v->type == JSON_OBJECT);
		else
			write_plain(w, v);
		if (container && v->first) {
			v = v->first;
			continue;
		}
		if (container)
			jsonw_end(w);
		while (v != top && !v->next) {
			v = v->up;
			jsonw_end(w);
		}
		v = v == top ? NULL : v->next;
	}
}

void jsonw_member_object(struct jsonw *w, const char *key)
{
	jsonw_key(w, key);
	jsonw_object(w);
}

void jsonw_member_array(struct jsonw *w, const char *key)
{
	jsonw_key(w, key);
	jsonw_array(w);
}

void jsonw_member_string(struct jsonw *w, const char *key, const char *s)
{
	jsonw_key(w, key);
	jsonw_string(w, s);
}

void jsonw_member_i64(struct jsonw *w, const char *key, int64_t v)
{
	jsonw_key(w, key);
	jsonw_i64(w, v);
}

void jsonw_member_u64(struct jsonw *w, const char *key, uint64_t v)
{
	jsonw_key(w, key);
	jsonw_u64(w, v);
}

void jsonw_member_bool(struct jsonw *w, const char *key, bool v)
{
	jsonw_key(w, key);
	jsonw_bool(w, v);
}

struct text jsonw_finish(struct jsonw *w)
{
	const unsigned char *data;
	struct text text;
	size_t n;

	if (w->depth)
		abort();
	check(yajl_gen_get_buf(w->gen, &data, &n));
	while (n && data[n - 1] == '\n')
		n--;
	text.data = arena_alloc(n + 2);
	memcpy(text.data, data, n);
	text.data[n] = '\n';
	text.len = n + 1;
	yajl_gen_free(w->gen);
	return text;
}
