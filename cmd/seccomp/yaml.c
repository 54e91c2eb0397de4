/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the way from libyaml's events to a tree. What must hold is what json_parse.c says of
 * JSON: one text has one meaning. YAML has more ways to break that: aliases (and texts that grow
 * by them without bound), words that are booleans in one version and strings in the other,
 * duplicate keys. These are refused. The events come in order and nothing here recurses.
 */
#include "cmd/seccomp/yaml.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/names.h"
#include "base/num.h"
#include "base/utf8.h"
#include "oci/json_tree.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <yaml.h>

enum { DOCUMENTS_MAX = 1024 };

struct builder {
	const char *name;
	const struct text *text;
	size_t seen_index, seen_byte; /* libyaml counts characters: where that one begins */
	struct json_tree tree;
	size_t end; /* of the scalar */
	bool ended; /* the stream */
	size_t n_documents;
	const struct json **documents;
};

bool yaml_is_built(void)
{
	return true;
}

/* Marks never go back. */
static size_t byte_of(struct builder *b, size_t index)
{
	while (b->seen_index < index && b->seen_byte < b->text->len) {
		size_t n = utf8_length(b->text->data + b->seen_byte, b->text->len - b->seen_byte);

		b->seen_byte += n ? n : 1;
		b->seen_index++;
	}
	return b->seen_byte;
}

static int fail_at(const struct builder *b, size_t offset, const char *what)
{
	const struct json_doc doc = { .name = b->name, .text = b->text->data, .len = b->text->len };

	return fail(0, "%s: %s", json_line(&doc, offset), what);
}

static int add_text(struct builder *b, enum json_type type, const char *text, size_t offset)
{
	struct json *v = json_tree_add(&b->tree, type, offset);

	if (!v)
		return -EINVAL;
	v->end = (uint32_t)b->end;
	v->text = text;
	return 0;
}

static int compare_keys(const void *a, const void *b)
{
	const struct json *x = *(const struct json *const *)a, *y = *(const struct json *const *)b;
	int r = strcmp(x->key, y->key);

	return r ? r : (x->index > y->index) - (x->index < y->index);
}

/* A list or map in brackets ends behind them, one in lines where its last child ends. */
static const struct json *close_container(struct builder *b, const yaml_event_t *e)
{
	struct json *v = b->tree.parent[--b->tree.depth], *last = b->tree.last[b->tree.depth];
	/* json_tree_open() has put it there */
	// NOLINTNEXTLINE(clang-analyzer-core.NullDereference)
	bool brackets = strchr("[{", b->text->data[v->offset]);

	v->end = (uint32_t)(brackets ? byte_of(b, e->end_mark.index)
			    : last   ? last->end
				     : v->offset);
	return v;
}

static int close_object(struct builder *b, const yaml_event_t *e)
{
	const struct json *object = close_container(b, e);
	const struct json **v = arena_array(object->n, sizeof(*v));
	size_t n = 0;

	json_each (m, object)
		v[n++] = m;
	qsort(v, n, sizeof(*v), compare_keys);
	for (size_t i = 1; i < n; i++)
		if (strcmp(v[i - 1]->key, v[i]->key) == 0)
			return json_fail(v[i], "duplicate key");
	return 0;
}

/* --- scalars ----------------------------------------------------------------------------- */

/* Digits of that base only; the value, or false beyond 64 bits. */
static bool all_of(const char *s, const char *set)
{
	return *s && !s[strspn(s, set)];
}

/* 1.5, 2e9 as JSON has them, after a sign. */
static bool is_fraction(const char *s)
{
	size_t whole = strspn(s, "0123456789"), part;

	if (!whole || (whole > 1 && *s == '0'))
		return false;
	s += whole;
	if (*s == '.') {
		part = strspn(s + 1, "0123456789");
		if (!part)
			return false;
		s += part + 1;
	}
	if (*s == 'e' || *s == 'E') {
		s += 1 + (s[1] == '+' || s[1] == '-');
		return all_of(s, "0123456789");
	}
	return !*s;
}

/* What some reader takes for a value other than this string. */
static bool is_ambiguous(const char *s)
{
	static const char *const words[] = { "yes",  "no",    "on",    "off", ".inf",
					     ".nan", "+.inf", "-.inf", NULL };
	const char *number = s + (*s == '-' || *s == '+');
	bool digit = *number >= '0' && *number <= '9';
	unsigned int dots = 0;

	for (const char *const *word = words; *word; word++)
		if (strcasecmp(s, *word) == 0)
			return true;
	if (digit && strncasecmp(number, "0b", 2) == 0 && all_of(number + 2, "01_"))
		return true;
	if (digit && strncasecmp(number, "0x", 2) == 0 &&
	    all_of(number + 2, "0123456789abcdefABCDEF_"))
		return true;
	/* 010, 1_000, 1., .5, 1.e3, but not 1.2.3 */
	for (const char *p = number; *p; p++)
		dots += *p == '.';
	return (digit || (*number == '.' && number[1] >= '0' && number[1] <= '9')) && dots < 2 &&
	       (all_of(number, "0123456789_.") ||
		(all_of(number, "0123456789_.eE+-") && strpbrk(number, "eE")));
}

/* true: it is a whole number, in decimal in *ret; *fits: of 64 bits. */
static bool whole(const char *s, const char **ret, bool *fits)
{
	bool negative = *s == '-';
	const char *number = s + (*s == '-' || *s == '+');
	unsigned int base = 10;
	uint64_t v = 0;

	if (number == s && strncmp(s, "0x", 2) == 0 && all_of(s + 2, "0123456789abcdefABCDEF"))
		base = 16;
	else if (number == s && strncmp(s, "0o", 2) == 0 && all_of(s + 2, "01234567"))
		base = 8;
	else if (!all_of(number, "0123456789") || (*number == '0' && number[1]))
		return false;
	*fits = num_parse_base(base == 10 ? number : number + 2, base, &v) == 0 &&
		(!negative || v <= (uint64_t)INT64_MAX + 1);
	*ret = arena_printf("%s%" PRIu64, negative && v ? "-" : "", v);
	return true;
}

static int plain(struct builder *b, const char *s, size_t offset)
{
	static const struct name values[] = {
		{ "", JSON_NULL },	{ "~", JSON_NULL },	{ "null", JSON_NULL },
		{ "Null", JSON_NULL },	{ "NULL", JSON_NULL },	{ "true", JSON_BOOL },
		{ "True", JSON_BOOL },	{ "TRUE", JSON_BOOL },	{ "false", JSON_BOOL },
		{ "False", JSON_BOOL }, { "FALSE", JSON_BOOL }, { NULL, 0 },
	};
	const struct name *value = names_find(values, s);
	const char *number;
	bool fits;

	if (value) {
		struct json *v = json_tree_add(&b->tree, (enum json_type)value->value, offset);

		if (!v)
			return -EINVAL;
		v->end = (uint32_t)b->end;
		v->boolean = *s == 't' || *s == 'T';
		return 0;
	}
	if (whole(s, &number, &fits)) {
		if (!fits)
			return fail_at(b, offset, "a number of more than 64 bits");
	} else if (is_fraction(s + (*s == '-'))) {
		number = arena_strdup(s);
	} else if (is_ambiguous(s)) {
		return fail_at(b, offset,
			       arena_printf("\"%.20s\" without quotes means different things to "
					    "different readers of YAML; expected quotes, or a "
					    "number as JSON has it",
					    s));
	} else {
		return add_text(b, JSON_STRING, arena_strdup(s), offset);
	}
	return add_text(b, JSON_NUMBER, number, offset);
}

static bool wants_key(const struct builder *b)
{
	const struct json *parent = json_tree_parent(&b->tree);

	return parent && parent->type == JSON_OBJECT && !b->tree.key;
}

static int scalar(struct builder *b, const yaml_event_t *e, size_t offset)
{
	const char *s = (const char *)e->data.scalar.value;
	bool is_plain = e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;

	if (memchr(s, 0, e->data.scalar.length))
		return fail_at(b, offset, "NUL character in a string");
	if (wants_key(b)) {
		if (is_plain && strcmp(s, "<<") == 0)
			return fail_at(b, offset,
				       "a merge key (<<); expected all keys written out");
		b->tree.key = arena_strdup(s);
		return 0;
	}
	if (is_plain)
		return plain(b, s, offset);
	return add_text(b, JSON_STRING, arena_strdup(s), offset);
}

/* --- events ------------------------------------------------------------------------------ */

static int refuse_marks(struct builder *b, const yaml_char_t *anchor, const yaml_char_t *tag,
			size_t offset)
{
	if (anchor)
		return fail_at(b, offset, "an anchor (&); expected a text without");
	return tag ? fail_at(b, offset, "a tag (!); expected a text without") : 0;
}

static int container(struct builder *b, enum json_type type, const yaml_char_t *anchor,
		     const yaml_char_t *tag, size_t offset)
{
	int r = refuse_marks(b, anchor, tag, offset);

	if (r >= 0 && wants_key(b))
		return fail_at(b, offset, "a key that is a list or a map; expected a word");
	if (r < 0)
		return r;
	return json_tree_open(&b->tree, type, offset) ? 0 : -EINVAL;
}

static void document_start(struct builder *b)
{
	b->tree.doc = arena_alloc(sizeof(*b->tree.doc));
	*b->tree.doc =
		(struct json_doc){ .name = b->name, .text = b->text->data, .len = b->text->len };
	b->tree.key = NULL;
}

static int document_end(struct builder *b, size_t offset)
{
	if (b->tree.doc->root.type == JSON_NULL)
		return 0;
	if (b->n_documents == DOCUMENTS_MAX)
		return fail_at(b, offset, arena_printf("more than %d documents", DOCUMENTS_MAX));
	b->documents[b->n_documents++] = &b->tree.doc->root;
	return 0;
}

static int event(struct builder *b, const yaml_event_t *e)
{
	size_t offset = byte_of(b, e->start_mark.index);
	int r;

	switch (e->type) {
	case YAML_DOCUMENT_START_EVENT:
		document_start(b);
		return 0;
	case YAML_DOCUMENT_END_EVENT:
		return document_end(b, offset);
	case YAML_ALIAS_EVENT:
		return fail_at(b, offset, "an alias (*); expected a text without");
	case YAML_SCALAR_EVENT:
		r = refuse_marks(b, e->data.scalar.anchor, e->data.scalar.tag, offset);
		b->end = byte_of(b, e->end_mark.index);
		return r < 0 ? r : scalar(b, e, offset);
	case YAML_SEQUENCE_START_EVENT:
		return container(b, JSON_ARRAY, e->data.sequence_start.anchor,
				 e->data.sequence_start.tag, offset);
	case YAML_MAPPING_START_EVENT:
		return container(b, JSON_OBJECT, e->data.mapping_start.anchor,
				 e->data.mapping_start.tag, offset);
	case YAML_SEQUENCE_END_EVENT:
		(void)close_container(b, e);
		return 0;
	case YAML_MAPPING_END_EVENT:
		return close_object(b, e);
	case YAML_STREAM_END_EVENT:
		b->ended = true;
		return 0;
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
		break;
	}
	return 0;
}

static int check_bytes(const struct builder *b)
{
	const char *s = b->text->data;

	if (b->text->len > JSON_TEXT_MAX)
		return fail(0, "%s: %zu bytes: expected at most %d", b->name, b->text->len,
			    JSON_TEXT_MAX);
	if (b->text->len >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0)
		return fail_at(b, 0, "begins with a byte-order mark, expected plain UTF-8");
	for (size_t i = 0; i < b->text->len;) {
		size_t n = utf8_length(s + i, b->text->len - i);

		if (!n || !s[i])
			return fail_at(b, i, n ? "NUL byte in the text" : "invalid UTF-8");
		i += n;
	}
	return 0;
}

static int events(struct builder *b, yaml_parser_t *parser)
{
	int r = 0;

	while (r >= 0 && !b->ended) {
		yaml_event_t e;

		if (!yaml_parser_parse(parser, &e))
			return fail(0, "%s:%zu: %s", b->name, parser->problem_mark.line + 1,
				    parser->problem ? parser->problem : "no YAML");
		r = event(b, &e);
		yaml_event_delete(&e);
	}
	return r;
}

int yaml_parse(const char *name, const struct text *text, struct yaml_documents *ret)
{
	struct builder b = { .name = name, .text = text };
	yaml_parser_t parser;
	int r = check_bytes(&b);

	if (r < 0)
		return r;
	if (!yaml_parser_initialize(&parser))
		return fail(ENOMEM, "%s", name);
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)text->data, text->len);
	document_start(&b);
	b.documents = arena_array(DOCUMENTS_MAX, sizeof(*b.documents));
	r = events(&b, &parser);
	yaml_parser_delete(&parser);
	if (r >= 0 && !b.n_documents)
		r = fail(0, "%s: empty, expected a YAML document", name);
	*ret = (struct yaml_documents){ b.n_documents, b.documents };
	return r;
}
