/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns writing C structs as JSON, by the field tables that also decode them. So a record is read
 * back as it was written, and there is no second list of keys.
 */
#include "oci/encode.h"

#include "base/caps.h"
#include "oci/decode.h"
#include "oci/jsonw.h"

#include <string.h>

struct any_list {
	size_t n;
	const char *v;
};

static bool is_empty_object(const struct shape *shape, const char *from);

static bool is_empty(const struct field *f, const void *p)
{
	switch (f->kind) {
	case FIELD_BOOL:
		return !*(const bool *)p;
	case FIELD_I64:
	case FIELD_U64:
		return !*(const uint64_t *)p;
	case FIELD_U32:
	case FIELD_I32:
	case FIELD_WORD:
		return !*(const uint32_t *)p;
	case FIELD_STRING:
	case FIELD_JSON:
		return !*(const void *const *)p;
	case FIELD_OPT_BOOL:
		return !((const struct opt_bool *)p)->set;
	case FIELD_OPT_I64:
		return !((const struct opt_i64 *)p)->set;
	case FIELD_OPT_U64:
		return !((const struct opt_u64 *)p)->set;
	case FIELD_OPT_U32:
		return !((const struct opt_u32 *)p)->set;
	case FIELD_WORD_SET:
	case FIELD_CAPS:
		return !((const struct word_set *)p)->set;
	case FIELD_OBJECT:
		return is_empty_object(f->shape, p);
	case FIELD_STRINGS:
	case FIELD_NUMBERS:
	case FIELD_PAIRS:
	case FIELD_LIST:
	case FIELD_MAP:
		return !((const struct any_list *)p)->n;
	}
	return true;
}

static bool is_empty_object(const struct shape *shape, const char *from)
{
	if (*(const struct json *const *)from)
		return false;
	for (size_t i = 0; i < shape->n; i++)
		if (!is_empty(&shape->fields[i], from + shape->fields[i].offset))
			return false;
	return true;
}

static void encode_strings(struct jsonw *w, const struct strings *list)
{
	jsonw_array(w);
	for (size_t i = 0; i < list->n; i++)
		jsonw_string(w, list->v[i]);
	jsonw_end(w);
}

static void encode_numbers(struct jsonw *w, const struct numbers *list)
{
	jsonw_array(w);
	for (size_t i = 0; i < list->n; i++)
		jsonw_u64(w, list->v[i]);
	jsonw_end(w);
}

static void encode_pairs(struct jsonw *w, const struct pairs *list)
{
	jsonw_object(w);
	for (size_t i = 0; i < list->n; i++)
		jsonw_member_string(w, list->v[i].key, list->v[i].value);
	jsonw_end(w);
}

static void encode_word_set(struct jsonw *w, const struct name *names, uint64_t set)
{
	jsonw_array(w);
	for (const struct name *row = names; row->name; row++)
		if ((uint64_t)row->value & set)
			jsonw_string(w, row->name);
	jsonw_end(w);
}

static void encode_list(struct jsonw *w, const struct field *f, const struct any_list *list)
{
	if (f->kind == FIELD_MAP)
		jsonw_object(w);
	else
		jsonw_array(w);
	for (size_t i = 0; i < list->n; i++) {
		const char *element = list->v + i * f->shape->size;

		if (f->kind == FIELD_MAP)
			jsonw_key(w, *(const char *const *)(element + f->name_offset));
		encode(w, f->shape, element);
	}
	jsonw_end(w);
}

static void encode_number(struct jsonw *w, const struct field *f, const void *p)
{
	if (f->kind == FIELD_I64)
		jsonw_i64(w, *(const int64_t *)p);
	else if (f->kind == FIELD_I32)
		jsonw_i64(w, *(const int32_t *)p);
	else if (f->kind == FIELD_U64)
		jsonw_u64(w, *(const uint64_t *)p);
	else if (f->kind == FIELD_U32)
		jsonw_u64(w, *(const uint32_t *)p);
	else if (f->kind == FIELD_OPT_I64)
		jsonw_i64(w, ((const struct opt_i64 *)p)->v);
	else if (f->kind == FIELD_OPT_U64)
		jsonw_u64(w, ((const struct opt_u64 *)p)->v);
	else
		jsonw_u64(w, ((const struct opt_u32 *)p)->v);
}

static void encode_value(struct jsonw *w, const struct field *f, const void *p)
{
	switch (f->kind) {
	case FIELD_BOOL:
		jsonw_bool(w, *(const bool *)p);
		break;
	case FIELD_OPT_BOOL:
		jsonw_bool(w, ((const struct opt_bool *)p)->v);
		break;
	case FIELD_I64:
	case FIELD_U64:
	case FIELD_U32:
	case FIELD_I32:
	case FIELD_OPT_I64:
	case FIELD_OPT_U64:
	case FIELD_OPT_U32:
		encode_number(w, f, p);
		break;
	case FIELD_STRING:
		jsonw_string(w, *(const char *const *)p);
		break;
	case FIELD_JSON:
		jsonw_json(w, *(const struct json *const *)p);
		break;
	case FIELD_WORD:
		jsonw_string(w, names_of(f->names, *(const uint32_t *)p));
		break;
	case FIELD_STRINGS:
		encode_strings(w, p);
		break;
	case FIELD_NUMBERS:
		encode_numbers(w, p);
		break;
	case FIELD_PAIRS:
		encode_pairs(w, p);
		break;
	case FIELD_WORD_SET:
		encode_word_set(w, f->names, ((const struct word_set *)p)->v);
		break;
	case FIELD_CAPS:
		encode_caps(w, ((const struct word_set *)p)->v);
		break;
	case FIELD_OBJECT:
		encode(w, f->shape, p);
		break;
	case FIELD_LIST:
	case FIELD_MAP:
		encode_list(w, f, p);
		break;
	}
}

void encode_caps(struct jsonw *w, uint64_t set)
{
	jsonw_array(w);
	for (unsigned int cap = 0; cap < CAPS_MAX; cap++) {
		const char *name = set >> cap & 1 ? caps_name(cap) : NULL;

		if (name)
			jsonw_string(w, name);
	}
	jsonw_end(w);
}

void encode(struct jsonw *w, const struct shape *shape, const void *from)
{
	jsonw_object(w);
	for (size_t i = 0; i < shape->n; i++) {
		const struct field *f = &shape->fields[i];
		const char *p = (const char *)from + f->offset;

		if (!f->required && is_empty(f, p))
			continue;
		jsonw_key(w, f->key);
		encode_value(w, f, p);
	}
	jsonw_end(w);
}
