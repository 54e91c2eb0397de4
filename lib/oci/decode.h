/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Field tables: which key of a JSON object is stored in which member of a C struct. The kind of a
 * field is derived from the C type of the member, so a table cannot disagree with its struct. The
 * decoder and the encoder use the same tables. Example:
 *
 *     struct point {
 *             const struct json *at;          must be the first member
 *             uint32_t x;
 *             const char *name;
 *     };
 *     static const struct field point_fields[] = {
 *             REQUIRED(struct point, x, "x"),
 *             FIELD(struct point, name, "name"),
 *     };
 *     static const struct shape point_shape = SHAPE(struct point, point_fields);
 *
 *     r = decode(node, &point_shape, &point);
 *
 * Rules: null counts as absent. A wrong type is an error. An unknown key is ignored, as the
 * specification requires. What is absent stays zero. `at` is the node that the struct was decoded
 * from, or NULL if it was absent. Objects are members by value, so no check is needed before
 * reading a member.
 */
#ifndef OCI_DECODE_H
#define OCI_DECODE_H

#include "base/names.h"
#include "oci/json.h"

struct jsonw;

/* Types for which absent and 0 are different. */
struct opt_bool {
	bool set, v;
};
struct opt_i64 {
	bool set;
	int64_t v;
};
struct opt_u64 {
	bool set;
	uint64_t v;
};
struct opt_u32 {
	bool set;
	uint32_t v;
};

/*
 * An array of strings. v has a NULL after its n elements, as execve(2) needs it. v is NULL if the
 * key was absent.
 */
struct strings {
	size_t n;
	char **v;
};

/* An array of 32-bit numbers; v is NULL if the key was absent. */
struct numbers {
	size_t n;
	uint32_t *v;
};

/* An object whose values are strings, in the order of the file. */
struct pair {
	const char *key, *value;
};
struct pairs {
	size_t n;
	struct pair *v;
};

/* An array of words, as the OR of their values. */
struct word_set {
	bool set; /* the key is present, even with an empty array */
	uint64_t v;
};

enum field_kind {
	FIELD_BOOL,
	FIELD_I64,
	FIELD_U64,
	FIELD_U32,
	FIELD_I32,
	FIELD_STRING,
	FIELD_OPT_BOOL,
	FIELD_OPT_I64,
	FIELD_OPT_U64,
	FIELD_OPT_U32,
	FIELD_STRINGS,
	FIELD_NUMBERS,
	FIELD_PAIRS,
	FIELD_JSON,	/* any value, kept as a node */
	FIELD_WORD,	/* a string that must be in `names`, decoded to its value */
	FIELD_WORD_SET, /* an array of such strings */
	FIELD_CAPS,	/* an array of capabilities; an unknown one is noted and left out */
	FIELD_OBJECT,	/* a struct by value */
	FIELD_LIST,	/* an array of objects: struct { size_t n; struct x *v; } */
	/* an object of objects: as FIELD_LIST, with the key in a member of the element */
	FIELD_MAP,
};

/* A rule about the text of a string. */
struct text_rule {
	const char *expected; /* for messages, for example "an absolute path" */
	bool (*holds)(const char *s);
};

struct shape;

struct field {
	const char *key;
	enum field_kind kind;
	bool required;
	uint32_t offset;      /* of the member */
	uint32_t name_offset; /* FIELD_MAP: offset of the element's member for the key */
	/* numbers: the allowed range, if it is smaller than that of the type */
	int64_t min;
	uint64_t max;		   /* 0: the range of the type */
	const struct shape *shape; /* FIELD_OBJECT, FIELD_LIST, FIELD_MAP */
	const struct name *names;  /* words; with FIELD_STRINGS each string must be one of them */
	const struct text_rule *rule; /* for a string, or each string of a list; NULL: none */
};

struct shape {
	const char *name; /* of the struct */
	size_t size;
	size_t n;
	const struct field *fields;
};

/* clang-format off */
#define FIELD_KIND(t, m) _Generic(((t *)NULL)->m, \
	bool: FIELD_BOOL, int64_t: FIELD_I64, uint64_t: FIELD_U64, uint32_t: FIELD_U32, \
	int32_t: FIELD_I32, const char *: FIELD_STRING, const struct json *: FIELD_JSON, \
	struct opt_bool: FIELD_OPT_BOOL, struct opt_i64: FIELD_OPT_I64, \
	struct opt_u64: FIELD_OPT_U64, struct opt_u32: FIELD_OPT_U32, \
	struct strings: FIELD_STRINGS, struct numbers: FIELD_NUMBERS, struct pairs: FIELD_PAIRS)
/* Makes the compiler refuse a member of another type. */
#define FIELD_IS(t, m, type, kind) _Generic(((t *)NULL)->m, type: kind)

/*
 * Arguments: struct, member, key, then what the kind needs, then optionally further members of
 * struct field (".required = true").
 */
#define FIELD(t, m, k, ...) \
	{ .key = k, .kind = FIELD_KIND(t, m), .offset = offsetof(t, m), __VA_ARGS__ }
#define REQUIRED(t, m, k, ...) FIELD(t, m, k, .required = true, __VA_ARGS__)
#define TEXT(t, m, k, text_rule, ...) FIELD(t, m, k, .rule = &(text_rule), __VA_ARGS__)
#define RANGE(t, m, k, lo, hi, ...) FIELD(t, m, k, .min = (lo), .max = (hi), __VA_ARGS__)
#define WORD(t, m, k, table, ...) \
	{ .key = k, .kind = FIELD_IS(t, m, uint32_t, FIELD_WORD), .offset = offsetof(t, m), \
	  .names = table, __VA_ARGS__ }
#define WORD_SET(t, m, k, table, ...) \
	{ .key = k, .kind = FIELD_IS(t, m, struct word_set, FIELD_WORD_SET), \
	  .offset = offsetof(t, m), .names = table, __VA_ARGS__ }
#define CAPS(t, m, k, ...) \
	{ .key = k, .kind = FIELD_IS(t, m, struct word_set, FIELD_CAPS), \
	  .offset = offsetof(t, m), __VA_ARGS__ }
#define WORDS(t, m, k, table, ...) \
	{ .key = k, .kind = FIELD_IS(t, m, struct strings, FIELD_STRINGS), \
	  .offset = offsetof(t, m), .names = table, __VA_ARGS__ }
#define OBJECT(t, m, k, sh, ...) \
	{ .key = k, .kind = FIELD_OBJECT, .offset = offsetof(t, m), .shape = &(sh), __VA_ARGS__ }
#define LIST(t, m, k, sh, ...) \
	{ .key = k, .kind = FIELD_LIST, .offset = offsetof(t, m), .shape = &(sh), __VA_ARGS__ }
#define MAP(t, m, k, sh, element, name, ...) \
	{ .key = k, .kind = FIELD_MAP, .offset = offsetof(t, m), .shape = &(sh), \
	  .name_offset = offsetof(element, name), __VA_ARGS__ }
#define SHAPE(t, field_array) \
	{ .name = #t, .size = sizeof(t) + 0 * sizeof(char[offsetof(t, at) ? -1 : 1]) + \
		  0 * sizeof(FIELD_IS(t, at, const struct json *, 0)), \
	  .n = ARRAY_LEN(field_array), .fields = field_array }
/* clang-format on */

/*
 * Decodes object v into the struct at ret (shape->size bytes, which are cleared first). Errors are
 * like "config.json:41: linux.resources.memory.limit: expected an integer, found ...". Reporting.
 */
must_check int decode(const struct json *v, const struct shape *shape, void *ret);
/* json_parse(), then decode(). Reporting. */
must_check int decode_text(const char *name, const struct text *text, const struct shape *shape,
			   void *ret);

/* Decodes an integer from 0 to max. Reporting. */
must_check int decode_u64(const struct json *v, uint64_t max, uint64_t *ret);
/* Finds the row of table that the string v names. The error suggests a similar word. Reporting. */
must_check int decode_word(const struct json *v, const struct name *table, const struct name **ret);

#endif
