/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns filling C structs from JSON by field tables. What must hold: a value of the wrong type or
 * range never becomes zero. In other runtimes uid "5" or 4294967295 once meant root; here each is
 * an error with its line. Numbers are decimal integers and compared exactly. No floating point is
 * used.
 */
#include "oci/decode.h"

#include "base/arena.h"
#include "base/caps.h"
#include "base/err.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>
#include <strings.h>

static int expected(const struct json *v, const char *what)
{
	return json_fail(v, "expected %s, found %s", what, json_found(v));
}

/* --- numbers ----------------------------------------------------------------------------- */

/*
 * Converts the digits of text to an unsigned number. Returns false if there are other characters or
 * the number is too large.
 */
static bool read_digits(const char *text, uint64_t *ret)
{
	uint64_t n = 0;

	if (!*text)
		return false;
	for (; *text; text++) {
		unsigned int digit = (unsigned int)(unsigned char)*text - '0';

		if (digit > 9 || __builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, digit, &n))
			return false;
	}
	*ret = n;
	return true;
}

int decode_u64(const struct json *v, uint64_t max, uint64_t *ret)
{
	uint64_t n;

	if (v->type != JSON_NUMBER)
		return expected(v, "an integer");
	if (!read_digits(v->text, &n) || n > max)
		return expected(v, arena_printf("an integer from 0 to %" PRIu64, max));
	*ret = n;
	return 0;
}

static int decode_i64(const struct json *v, int64_t min, int64_t max, int64_t *ret)
{
	bool negative = v->type == JSON_NUMBER && v->text[0] == '-';
	uint64_t n;
	int64_t value;

	if (v->type != JSON_NUMBER)
		return expected(v, "an integer");
	if (!read_digits(v->text + negative, &n) || n > (uint64_t)INT64_MAX + negative)
		goto range;
	value = negative ? (int64_t)(0 - n) : (int64_t)n;
	if (value < min || value > max)
		goto range;
	*ret = value;
	return 0;
range:
	return expected(v, arena_printf("an integer from %" PRId64 " to %" PRId64, min, max));
}

static int get_unsigned(const struct json *v, const struct field *f, uint64_t type_max,
			uint64_t *ret)
{
	uint64_t max = f->max ? f->max : type_max;
	int64_t n;
	int r;

	if (f->min <= 0)
		return decode_u64(v, max, ret);
	r = decode_i64(v, f->min, (int64_t)(max < INT64_MAX ? max : INT64_MAX), &n);
	if (r >= 0)
		*ret = (uint64_t)n;
	return r;
}

static int get_signed(const struct json *v, const struct field *f, int64_t type_min,
		      int64_t type_max, int64_t *ret)
{
	if (f->max)
		return decode_i64(v, f->min, (int64_t)f->max, ret);
	return decode_i64(v, type_min, type_max, ret);
}

static int decode_number(const struct json *v, const struct field *f, void *ret)
{
	bool is_signed = f->kind == FIELD_I64 || f->kind == FIELD_OPT_I64 || f->kind == FIELD_I32;
	bool is_32 = f->kind == FIELD_U32 || f->kind == FIELD_OPT_U32;
	uint64_t u = 0;
	int64_t i = 0;
	int r;

	if (is_signed)
		r = get_signed(v, f, f->kind == FIELD_I32 ? INT32_MIN : INT64_MIN,
			       f->kind == FIELD_I32 ? INT32_MAX : INT64_MAX, &i);
	else
		r = get_unsigned(v, f, is_32 ? UINT32_MAX : UINT64_MAX, &u);
	if (r < 0)
		return r;
	if (f->kind == FIELD_I32)
		*(int32_t *)ret = (int32_t)i;
	else if (f->kind == FIELD_I64)
		*(int64_t *)ret = i;
	else if (f->kind == FIELD_OPT_I64)
		*(struct opt_i64 *)ret = (struct opt_i64){ true, i };
	else if (f->kind == FIELD_U32)
		*(uint32_t *)ret = (uint32_t)u;
	else if (f->kind == FIELD_OPT_U32)
		*(struct opt_u32 *)ret = (struct opt_u32){ true, (uint32_t)u };
	else if (f->kind == FIELD_U64)
		*(uint64_t *)ret = u;
	else
		*(struct opt_u64 *)ret = (struct opt_u64){ true, u };
	return 0;
}

/* --- words and strings ------------------------------------------------------------------- */

static int unknown_word(const struct json *v, const struct name *table)
{
	const char *like = names_like(table, v->text);

	return json_fail(v, "unknown value: found %s%s%s%s", json_found(v),
			 like ? ", did you mean \"" : "", like ? like : "", like ? "\"?" : "");
}

int decode_word(const struct json *v, const struct name *table, const struct name **ret)
{
	const struct name *row;

	if (v->type != JSON_STRING)
		return expected(v, "a string");
	row = names_find(table, v->text);
	if (!row)
		return unknown_word(v, table);
	*ret = row;
	return 0;
}

static int decode_bool(const struct json *v, bool *ret)
{
	if (v->type != JSON_BOOL)
		return expected(v, "true or false");
	*ret = v->boolean;
	return 0;
}

static int check_string(const struct json *v, const struct field *f)
{
	if (v->type != JSON_STRING)
		return expected(v, "a string");
	return f->rule && !f->rule->holds(v->text) ? expected(v, f->rule->expected) : 0;
}

static int decode_string(const struct json *v, const struct field *f, const char **ret)
{
	int r = check_string(v, f);

	if (r < 0)
		return r;
	*ret = v->text;
	return 0;
}

static int decode_one_word(const struct json *v, const struct field *f, uint32_t *ret)
{
	const struct name *row = NULL;
	int r = decode_word(v, f->names, &row);

	if (row)
		*ret = (uint32_t)row->value;
	return r;
}

/* --- arrays and maps of plain things ----------------------------------------------------- */

static int decode_strings(const struct json *v, const struct field *f, struct strings *ret)
{
	struct strings list = { 0, arena_array((size_t)v->n + 1, sizeof(char *)) };

	json_each (e, v) {
		int r = check_string(e, f);

		if (r < 0)
			return r;
		if (f->names && !names_find(f->names, e->text))
			return unknown_word(e, f->names);
		list.v[list.n++] = (char *)(uintptr_t)e->text;
	}
	*ret = list;
	return 0;
}

static int decode_numbers(const struct json *v, const struct field *f, struct numbers *ret)
{
	struct numbers list = { 0, arena_array((size_t)v->n + 1, sizeof(uint32_t)) };

	json_each (e, v) {
		uint64_t n = 0;
		int r = get_unsigned(e, f, UINT32_MAX, &n);

		if (r < 0)
			return r;
		list.v[list.n++] = (uint32_t)n;
	}
	*ret = list;
	return 0;
}

static int decode_word_set(const struct json *v, const struct field *f, struct word_set *ret)
{
	struct word_set set = { .set = true };

	json_each (e, v) {
		const struct name *row = NULL;

		if (e->type != JSON_STRING)
			return expected(e, "a string");
		row = names_find(f->names, e->text);
		if (!row)
			return unknown_word(e, f->names);
		set.v |= (uint64_t)row->value;
	}
	*ret = set;
	return 0;
}

static int decode_caps(const struct json *v, struct word_set *ret)
{
	struct word_set set = { .set = true };

	json_each (e, v) {
		if (e->type != JSON_STRING)
			return expected(e, "a string");
		int cap = caps_find(e->text);

		if (cap >= 0)
			set.v |= UINT64_C(1) << cap;
		else
			json_note(e, "unknown, left out: %s", json_found(e));
	}
	*ret = set;
	return 0;
}

static int decode_pairs(const struct json *v, struct pairs *ret)
{
	struct pairs list = { 0, arena_array((size_t)v->n + 1, sizeof(struct pair)) };

	json_each (m, v) {
		if (m->type != JSON_STRING)
			return expected(m, "a string");
		list.v[list.n++] = (struct pair){ m->key, m->text };
	}
	*ret = list;
	return 0;
}

/* --- objects ----------------------------------------------------------------------------- */

static int decode_object(const struct json *v, const struct shape *shape, char *ret);

/* The layout of every list member, whatever its elements are. */
struct any_list {
	size_t n;
	void *v;
};

static int decode_list(const struct json *v, const struct field *f, struct any_list *ret)
{
	size_t size = f->shape->size;
	char *element = arena_array((size_t)v->n + 1, size);

	*ret = (struct any_list){ v->n, element };
	json_each (e, v) {
		int r = decode_object(e, f->shape, element);

		if (r < 0)
			return r;
		if (f->kind == FIELD_MAP)
			*(const char **)(element + f->name_offset) = e->key;
		element += size;
	}
	return 0;
}

static int decode_array(const struct json *v, const struct field *f, void *ret)
{
	if (v->type != JSON_ARRAY)
		return expected(v, "an array");
	if (f->kind == FIELD_STRINGS)
		return decode_strings(v, f, ret);
	if (f->kind == FIELD_NUMBERS)
		return decode_numbers(v, f, ret);
	if (f->kind == FIELD_WORD_SET)
		return decode_word_set(v, f, ret);
	if (f->kind == FIELD_CAPS)
		return decode_caps(v, ret);
	return decode_list(v, f, ret);
}

static int decode_map(const struct json *v, const struct field *f, void *ret)
{
	if (v->type != JSON_OBJECT)
		return expected(v, "an object");
	return f->kind == FIELD_PAIRS ? decode_pairs(v, ret) : decode_list(v, f, ret);
}

static int decode_value(const struct json *v, const struct field *f, void *ret)
{
	switch (f->kind) {
	case FIELD_BOOL:
		return decode_bool(v, ret);
	case FIELD_OPT_BOOL:
		((struct opt_bool *)ret)->set = true;
		return decode_bool(v, &((struct opt_bool *)ret)->v);
	case FIELD_I64:
	case FIELD_U64:
	case FIELD_U32:
	case FIELD_I32:
	case FIELD_OPT_I64:
	case FIELD_OPT_U64:
	case FIELD_OPT_U32:
		return decode_number(v, f, ret);
	case FIELD_STRING:
		return decode_string(v, f, ret);
	case FIELD_JSON:
		*(const struct json **)ret = v;
		return 0;
	case FIELD_WORD:
		return decode_one_word(v, f, ret);
	case FIELD_STRINGS:
	case FIELD_NUMBERS:
	case FIELD_WORD_SET:
	case FIELD_CAPS:
	case FIELD_LIST:
		return decode_array(v, f, ret);
	case FIELD_PAIRS:
	case FIELD_MAP:
		return decode_map(v, f, ret);
	case FIELD_OBJECT:
		return decode_object(v, f->shape, ret);
	}
	return json_fail(v, "field table of kind %d", (int)f->kind);
}

/*
 * Notes an unknown key that differs from a known one only in case: Go's decoder would accept it. It
 * is ignored like any unknown key.
 */
static void note_case(const struct json *m, const struct shape *shape)
{
	for (size_t i = 0; i < shape->n; i++)
		if (strcasecmp(m->key, shape->fields[i].key) == 0)
			json_note(m, "unknown key, ignored: did you mean \"%s\"?",
				  shape->fields[i].key);
}

static const struct field *find_field(const struct shape *shape, const char *key)
{
	for (size_t i = 0; i < shape->n; i++)
		if (strcmp(key, shape->fields[i].key) == 0)
			return &shape->fields[i];
	return NULL;
}

static int check_required(const struct json *v, const struct shape *shape)
{
	for (size_t i = 0; i < shape->n; i++) {
		const struct field *f = &shape->fields[i];
		const struct json *m = f->required ? json_member(v, f->key) : NULL;

		if (f->required && (!m || m->type == JSON_NULL))
			return json_fail_member(v, f->key, "missing");
	}
	return 0;
}

static int decode_object(const struct json *v, const struct shape *shape, char *ret)
{
	if (v->type != JSON_OBJECT)
		return expected(v, "an object");
	*(const struct json **)ret = v; /* SHAPE() guarantees that `at` is the first member */
	json_each (m, v) {
		const struct field *f = find_field(shape, m->key);
		int r;

		if (!f) {
			note_case(m, shape);
			continue;
		}
		if (m->type == JSON_NULL)
			continue;
		r = decode_value(m, f, ret + f->offset);
		if (r < 0)
			return r;
	}
	return check_required(v, shape);
}

int decode(const struct json *v, const struct shape *shape, void *ret)
{
	memset(ret, 0, shape->size);
	return decode_object(v, shape, ret);
}

int decode_text(const char *name, const struct text *text, const struct shape *shape, void *ret)
{
	const struct json *root;
	int r = json_parse(name, text, &root);

	return r < 0 ? r : decode(root, shape, ret);
}
