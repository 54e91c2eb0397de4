/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the relations of a node, its place in the file, and messages about it. Messages contain text
 * from the config. It is quoted, shortened and escaped here, so that a config cannot forge a second
 * line in a log.
 */
#include "oci/json.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "base/utf8.h"
#include "oci/json_doc.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The place of each note is found by reading the text again, so their number is limited. */
enum { SHOWN_BYTES = 60, NOTES_MAX = 64 };

const struct json json_present = { .type = JSON_OBJECT };

struct json_doc *json_doc_of(const struct json *v)
{
	while (v && v->up)
		v = v->up;
	return v && v != &json_present ? (struct json_doc *)(uintptr_t)v : NULL;
}

const struct json *json_member(const struct json *v, const char *key)
{
	if (!v || v->type != JSON_OBJECT)
		return NULL;
	json_each (m, v)
		if (strcmp(m->key, key) == 0)
			return m;
	return NULL;
}

const struct json *json_element(const struct json *v, size_t index)
{
	if (!v || v->type != JSON_ARRAY)
		return NULL;
	json_each (e, v)
		if (index-- == 0)
			return e;
	return NULL;
}

/* Returns s in double quotes, shortened and on one line. */
static const char *quoted(const char *s)
{
	enum { WIDEST = sizeof("\\x00") };
	size_t n = strlen(s), shown = 0;
	char *out = arena_alloc(SHOWN_BYTES * WIDEST + sizeof("\"\"...")), *o = out;

	*o++ = '"';
	while (shown < n && shown < SHOWN_BYTES) {
		size_t len = utf8_length(s + shown, n - shown);
		unsigned char c = (unsigned char)s[shown];

		if (!len || c < 0x20 || c == 0x7f) {
			o += snprintf(o, WIDEST, "\\x%02x", c);
			shown++;
		} else {
			memcpy(o, s + shown, len);
			o += len;
			shown += len;
		}
	}
	*o++ = '"';
	if (shown < n)
		memcpy(o, "...", 3);
	return out;
}

static bool is_plain_key(const char *key)
{
	size_t n = strspn(key, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

	return n > 0 && key[n] == 0 && n <= SHOWN_BYTES;
}

/* Returns the path component of one node: ".key", "[7]" or `["odd key"]`. */
static const char *path_part(const struct json *v, bool first)
{
	if (v->key)
		return is_plain_key(v->key) ? arena_printf("%s%s", first ? "" : ".", v->key)
					    : arena_printf("[%s]", quoted(v->key));
	return arena_printf("[%u]", v->index);
}

const char *json_path(const struct json *v)
{
	const struct json *chain[JSON_DEPTH_MAX + 1];
	const char *path = "";
	size_t n = 0;

	for (; v && v->up && n < ARRAY_LEN(chain); v = v->up)
		chain[n++] = v;
	while (n--)
		path = arena_printf("%s%s", path, path_part(chain[n], !*path));
	return path;
}

const char *json_line(const struct json_doc *doc, size_t offset)
{
	size_t line = doc->lines_before + 1;

	for (size_t i = 0; i < offset && i < doc->len; i++)
		line += doc->text[i] == '\n';
	return arena_printf("%s:%zu", doc->name, line);
}

const char *json_place(const struct json *v)
{
	const struct json_doc *doc = json_doc_of(v);
	const char *path = json_path(v);

	if (!doc)
		return path;
	return arena_printf("%s%s%s", json_line(doc, v->offset), *path ? ": " : "", path);
}

const char *json_position(const struct json *v, size_t *ret_line, size_t *ret_column)
{
	struct json_doc *doc = json_doc_of(v);

	*ret_line = *ret_column = 1;
	if (!doc)
		return NULL;
	if (v->offset < doc->seen)
		doc->seen = doc->seen_line = doc->seen_start = 0;
	for (; doc->seen < v->offset && doc->seen < doc->len; doc->seen++)
		if (doc->text[doc->seen] == '\n') {
			doc->seen_line++;
			doc->seen_start = doc->seen + 1;
		}
	*ret_line = doc->lines_before + doc->seen_line + 1;
	for (size_t i = doc->seen_start; i < doc->seen; i++)
		*ret_column += (doc->text[i] & 0xc0) != 0x80;
	return doc->name;
}

const char *json_found(const struct json *v)
{
	switch (v->type) {
	case JSON_STRING:
		return arena_printf("string %s", quoted(v->text));
	case JSON_NUMBER:
		return arena_printf("number %.*s%s", SHOWN_BYTES, v->text,
				    strlen(v->text) > SHOWN_BYTES ? "..." : "");
	case JSON_BOOL:
		return v->boolean ? "true" : "false";
	case JSON_NULL:
		return "null";
	case JSON_ARRAY:
		return "an array";
	case JSON_OBJECT:
		return "an object";
	}
	return "nothing";
}

/* --- messages ---------------------------------------------------------------------------- */

static printf_like(2, 0) int fail_at(const char *place, const char *fmt, va_list ap)
{
	const char *what = arena_vprintf(fmt, ap);

	return fail(0, "%s%s%s", place, *place ? ": " : "", what);
}

int json_fail(const struct json *v, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	int r = fail_at(json_place(v), fmt, ap);

	va_end(ap);
	return r;
}

/* The place of a member, whether it exists or not. */
static const char *member_place(const struct json *v, const char *key)
{
	const struct json *m = json_member(v, key);

	if (m)
		return json_place(m);

	const char *path = json_path(v), *dot = *path ? "." : "";
	const struct json_doc *doc = json_doc_of(v);

	if (!doc)
		return arena_printf("%s%s%s", path, dot, key);
	return arena_printf("%s: %s%s%s", json_line(doc, v->offset), path, dot, key);
}

int json_fail_member(const struct json *v, const char *key, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	int r = fail_at(member_place(v, key), fmt, ap);

	va_end(ap);
	return r;
}

int json_fail_element(const struct json *v, const char *key, size_t index, const char *fmt, ...)
{
	const struct json *e = json_element(json_member(v, key), index);
	va_list ap;

	va_start(ap, fmt);
	int r = fail_at(e ? json_place(e) : arena_printf("%s[%zu]", member_place(v, key), index),
			fmt, ap);

	va_end(ap);
	return r;
}

void json_note(const struct json *v, const char *fmt, ...)
{
	struct json_doc *doc = json_doc_of(v);
	va_list ap;

	if (!doc || doc->n_notes++ >= NOTES_MAX)
		return;
	va_start(ap, fmt);
	const char *what = arena_vprintf(fmt, ap);

	va_end(ap);
	struct json_note *note = arena_alloc(sizeof(*note));

	note->message = arena_printf("%s: %s", json_place(v), what);
	log_debug("%s", note->message);
	if (doc->last_note)
		doc->last_note->next = note;
	else
		doc->notes = note;
	doc->last_note = note;
}

const struct json_note *json_notes(const struct json *v)
{
	const struct json_doc *doc = json_doc_of(v);

	return doc ? doc->notes : NULL;
}
