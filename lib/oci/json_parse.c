/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the conversion of JSON text to a tree in the arena. It is the only JSON parser.
 *
 * yajl is used as a tokenizer only. Its own tree truncates strings at an embedded NUL, keeps
 * duplicate keys, accepts comments, loses positions, and recurses without limit.
 *
 * What must hold: a text has exactly one meaning. What two parsers could understand differently
 * (duplicate keys, NUL, invalid UTF-8, unpaired surrogates, bytes after the document) is refused,
 * because another program has checked this config with another parser. Nothing here recurses, and
 * text, nesting and number of values are limited.
 */
#include "oci/json.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/utf8.h"
#include "oci/json_tree.h"
#include "oci/yajl_memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

/* Up to this number members are compared in pairs; more are sorted. */
enum { FEW_MEMBERS = 16 };

struct builder {
	yajl_handle yajl;
	struct json_tree tree;
};

/* --- what yajl does not see -------------------------------------------------------------- */

static int fail_line(const struct json_doc *doc, size_t offset, const char *what)
{
	return fail(0, "%s: %s", json_line(doc, offset), what);
}

/* Returns the value of four hexadecimal digits at s, or -1. */
static int hex4(const char *s, size_t n)
{
	int v = 0;

	if (n < 4)
		return -1;
	for (size_t i = 0; i < 4; i++) {
		char c = s[i];
		int digit = c >= '0' && c <= '9'   ? c - '0'
			    : c >= 'a' && c <= 'f' ? c - 'a' + 10
			    : c >= 'A' && c <= 'F' ? c - 'A' + 10
						   : -1;

		if (digit < 0)
			return -1;
		v = v * 16 + digit;
	}
	return v;
}

/*
 * Returns the length of the escape sequence at s, or 0 if it is an unpaired surrogate, which yajl
 * would turn into a question mark. Other errors are left to yajl.
 */
static size_t escape_length(const char *s, size_t n)
{
	int v = n > 2 && s[1] == 'u' ? hex4(s + 2, n - 2) : -1;

	if (v < 0xd800 || v > 0xdfff)
		return n > 1 ? 2 : 1;
	if (v >= 0xdc00 || n < 12 || s[6] != '\\' || s[7] != 'u')
		return 0;
	v = hex4(s + 8, n - 8);
	return v >= 0xdc00 && v <= 0xdfff ? 12 : 0;
}

/* Only these control characters are white space (RFC 8259, 2). yajl also accepts VT and FF. */
static bool is_control(unsigned char c)
{
	return c < ' ' && c != '\t' && c != '\n' && c != '\r';
}

/* ASCII without escape sequences, as nearly every config is. */
static bool is_plain(const struct json_doc *doc)
{
	bool plain = true;

	for (size_t i = 0; i < doc->len; i++) {
		unsigned char c = (unsigned char)doc->text[i];

		plain &= c < 0x80 && c != '\\' && !is_control(c);
	}
	return plain;
}

/* Checks the bytes: valid UTF-8, no control characters, surrogates in pairs. */
static int check_bytes(const struct json_doc *doc)
{
	bool in_string = false;
	const char *s = doc->text;

	if (is_plain(doc))
		return 0;
	for (size_t i = 0; i < doc->len;) {
		size_t len = utf8_length(s + i, doc->len - i);

		if (!len)
			return fail_line(doc, i, "invalid UTF-8");
		if (s[i] == 0)
			return fail_line(doc, i, "NUL byte in the text");
		if (is_control((unsigned char)s[i]))
			return fail_line(doc, i,
					 arena_printf("control character 0x%02x in the text",
						      (unsigned int)s[i]));
		if (s[i] == '"')
			in_string = !in_string;
		if (in_string && s[i] == '\\') {
			len = escape_length(s + i, doc->len - i);
			if (!len)
				return fail_line(doc, i,
						 "half of a surrogate pair (\\ud800 to "
						 "\\udfff) in a string");
		}
		i += len;
	}
	return 0;
}

/* --- the tree ---------------------------------------------------------------------------- */

/* The last byte of the token that was read. */
static size_t offset_of(const struct builder *b)
{
	size_t end = yajl_get_bytes_consumed(b->yajl);

	return end ? end - 1 : 0;
}

static struct json *add(struct builder *b, enum json_type type)
{
	return json_tree_add(&b->tree, type, offset_of(b));
}

static int open_container(struct builder *b, enum json_type type)
{
	return json_tree_open(&b->tree, type, offset_of(b)) != NULL;
}

static int refuse_duplicate(const struct json *first, const struct json *second)
{
	const struct json_doc *doc = json_doc_of(first);
	const char *line = strrchr(json_line(doc, first->offset), ':') + 1;

	return json_fail(second, "duplicate key, first in line %s", line);
}

static int compare_keys(const void *a, const void *b)
{
	const struct json *x = *(const struct json *const *)a, *y = *(const struct json *const *)b;
	int r = strcmp(x->key, y->key);

	return r ? r : (x->offset > y->offset) - (x->offset < y->offset);
}

/* Sorts, so that a hostile object of a million keys costs n log n. */
static int check_many_keys(const struct json *object)
{
	const struct json **v = arena_array(object->n, sizeof(const struct json *));
	size_t n = 0;

	json_each (m, object)
		v[n++] = m;
	qsort(v, n, sizeof(const struct json *), compare_keys);
	for (size_t i = 1; i < n; i++)
		if (strcmp(v[i - 1]->key, v[i]->key) == 0)
			return refuse_duplicate(v[i - 1], v[i]);
	return 0;
}

static int check_keys(const struct json *object)
{
	if (object->n > FEW_MEMBERS)
		return check_many_keys(object);
	json_each (m, object)
		for (const struct json *other = m->next; other; other = other->next)
			if (strcmp(m->key, other->key) == 0)
				return refuse_duplicate(m, other);
	return 0;
}

/* add() has the last byte of a token as its offset; what follows moves it to the first. */
static int on_null(void *ctx)
{
	struct json *v = add(ctx, JSON_NULL);

	if (!v)
		return 0;
	v->offset -= (uint32_t)strlen("ull");
	return 1;
}

static int on_bool(void *ctx, int value)
{
	struct json *v = add(ctx, JSON_BOOL);

	if (!v)
		return 0;
	v->boolean = value;
	v->offset -= (uint32_t)(value ? strlen("rue") : strlen("alse"));
	return 1;
}

static int on_number(void *ctx, const char *s, size_t n)
{
	struct json *v = add(ctx, JSON_NUMBER);

	if (!v)
		return 0;
	v->text = arena_memdup(s, n);
	v->offset -= (uint32_t)(n - 1);
	return 1;
}

/* The offset of the quote that opens the string that ends with the quote at `end`. */
static uint32_t string_start(const struct json_doc *doc, uint32_t end)
{
	while (end--) {
		uint32_t escapes = 0;

		while (escapes < end && doc->text[end - 1 - escapes] == '\\')
			escapes++;
		if (doc->text[end] == '"' && escapes % 2 == 0)
			return end;
	}
	return 0;
}

static int on_string(void *ctx, const unsigned char *s, size_t n)
{
	const struct builder *b = ctx;
	struct json *v = add(ctx, JSON_STRING);

	if (!v)
		return 0;
	v->offset = string_start(b->tree.doc, v->offset);
	v->text = arena_memdup(s, n);
	return n && memchr(s, 0, n) ? json_fail(v, "NUL character in a string") >= 0 : 1;
}

static int on_key(void *ctx, const unsigned char *s, size_t n)
{
	struct builder *b = ctx;

	b->tree.key = arena_memdup(s, n);
	if (!n || !memchr(s, 0, n))
		return 1;
	return fail_line(b->tree.doc, yajl_get_bytes_consumed(b->yajl) - 1,
			 "NUL character in a key") >= 0;
}

static int on_open_map(void *ctx)
{
	return open_container(ctx, JSON_OBJECT);
}

static int on_open_array(void *ctx)
{
	return open_container(ctx, JSON_ARRAY);
}

static int on_close_map(void *ctx)
{
	struct builder *b = ctx;

	b->tree.depth--;
	return check_keys(b->tree.parent[b->tree.depth]) >= 0;
}

static int on_close_array(void *ctx)
{
	struct builder *b = ctx;

	b->tree.depth--;
	return 1;
}

static const yajl_callbacks callbacks = {
	.yajl_null = on_null,
	.yajl_boolean = on_bool,
	.yajl_number = on_number,
	.yajl_string = on_string,
	.yajl_map_key = on_key,
	.yajl_start_map = on_open_map,
	.yajl_end_map = on_close_map,
	.yajl_start_array = on_open_array,
	.yajl_end_array = on_close_array,
};

/* --- the whole --------------------------------------------------------------------------- */

static int run_parser(struct builder *b)
{
	const struct json_doc *doc = b->tree.doc;
	yajl_status status = yajl_parse(b->yajl, (const unsigned char *)doc->text, doc->len);
	size_t end = yajl_get_bytes_consumed(b->yajl);

	if (status == yajl_status_ok)
		status = yajl_complete_parse(b->yajl);
	if (status == yajl_status_ok)
		return 0;
	if (status == yajl_status_client_canceled)
		return -EINVAL; /* the callback has recorded the error */

	char *words = (char *)yajl_get_error(b->yajl, 0, NULL, 0);

	words[strcspn(words, "\n")] = 0;
	return fail_line(doc, end, words);
}

static int parse(const char *name, size_t lines_before, const struct text *text,
		 const struct json **ret)
{
	struct json_doc *doc = arena_alloc(sizeof(*doc));
	struct builder b = { .tree.doc = doc };

	doc->name = name;
	doc->lines_before = lines_before;
	doc->text = text->data;
	doc->len = text->len;
	if (text->len > JSON_TEXT_MAX)
		return fail(0, "%s: %zu bytes: expected at most %d", name, text->len,
			    JSON_TEXT_MAX);
	if (text->len >= 3 && memcmp(text->data, "\xef\xbb\xbf", 3) == 0)
		return fail(0, "%s: begins with a byte-order mark, expected plain UTF-8",
			    json_line(doc, 0));
	if (strspn(text->data, " \t\r\n") == text->len)
		return fail(0, "%s: empty, expected a JSON document",
			    lines_before ? json_line(doc, 0) : name);

	int r = check_bytes(doc);

	if (r < 0)
		return r;
	b.yajl = yajl_alloc(&callbacks, &yajl_memory, &b);
	/* check_bytes() has checked them more strictly */
	yajl_config(b.yajl, yajl_dont_validate_strings, 1);
	r = run_parser(&b);
	yajl_free(b.yajl);
	if (r >= 0)
		*ret = &doc->root;
	return r;
}

int json_parse(const char *name, const struct text *text, const struct json **ret)
{
	return parse(name, 0, text, ret);
}

int json_parse_line(const char *name, size_t number, const struct text *text,
		    const struct json **ret)
{
	return parse(name, number - 1, text, ret);
}
