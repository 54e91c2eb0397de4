/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON text as a tree of nodes in the arena. A node knows its line and its path, so that a
 * message about it needs nothing else: keep the node (the `at` member of decoded structs) and
 * json_fail() writes "config.json:41: linux.resources.memory.limit: ...".
 */
#ifndef OCI_JSON_H
#define OCI_JSON_H

#include "base/base.h"
#include "base/io.h"

/* What one document may cost: text bytes, values, nesting. */
enum { JSON_TEXT_MAX = 16 << 20, JSON_NODES_MAX = 1 << 20, JSON_DEPTH_MAX = 64 };

enum json_type { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json {
	enum json_type type;
	uint32_t offset; /* of a byte of its token (object, array: the opening bracket) */
	uint32_t n;	 /* children */
	uint32_t index;	 /* among its siblings */
	bool boolean;
	const char *key;	  /* member name; NULL in arrays and for the root */
	const char *text;	  /* string, or the number exactly as written */
	const struct json *up;	  /* the object or array that it is in; NULL for the root */
	const struct json *next;  /* the sibling behind it */
	const struct json *first; /* first child */
};

/* Stands for "present" in structs that were filled by code, not decoded; has no place. */
extern const struct json json_present;

/*
 * Parses the whole text, strictly: one document, UTF-8, no comments, no byte-order mark, no
 * NUL, no duplicate keys, the limits above. name is for messages ("config.json"); it and the
 * text must live as long as the tree. Reporting.
 */
must_check int json_parse(const char *name, const struct text *text, const struct json **ret);

/* Member of an object, element of an array; NULL if there is none, or v is NULL or of another
 * type. They chain. Linear time: for messages and small objects. */
const struct json *json_member(const struct json *v, const char *key);
const struct json *json_element(const struct json *v, size_t index);

/* For each child of an object or array (none for other types). */
#define json_each(child, v) for (const struct json *child = (v)->first; child; child = child->next)

/* "linux.seccomp.syscalls[3].names[7]", "" for a root; arena. NULL gives "". */
const char *json_path(const struct json *v);
/* The same with "config.json:41: " before it, or without if v has no document. Arena. */
const char *json_place(const struct json *v);
/* What was found, for "expected an integer, found %s": `string "10G"`, `number 1.5`,
 * `an object`; strings are cut and escaped. Arena. */
const char *json_found(const struct json *v);
const char *json_type_name(enum json_type type);

/* Fails (-EINVAL) with "FILE:LINE: PATH: message" of v. v may be NULL or json_present: the
 * message alone. */
must_check int json_fail(const struct json *v, const char *fmt, ...) printf_like(2, 3);
/* The same about member key of object v: its own line if it is there, else v's line; the path
 * ends in key either way. */
must_check int json_fail_member(const struct json *v, const char *key, const char *fmt, ...)
	printf_like(3, 4);
/* The same about element index of the array member key of object v. */
must_check int json_fail_element(const struct json *v, const char *key, size_t index,
				 const char *fmt, ...) printf_like(4, 5);

/* Something odd that the specification wants ignored (unknown capability, a key in the wrong
 * case): kept with the document for `check`, logged under --debug, never an error. */
void json_note(const struct json *v, const char *fmt, ...) printf_like(2, 3);

struct json_note {
	const struct json_note *next;
	const char *message; /* with its place */
};

/* The notes of v's document, in order; NULL if there are none. */
const struct json_note *json_notes(const struct json *v);

#endif
