/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON text as a tree of nodes in the arena. A node knows its line and its path, so a message about
 * it needs only the node. Decoded structs keep it as their member `at`. Example:
 *
 *     const struct json *root;
 *
 *     r = json_parse("config.json", &text, &root);
 *     if (r == 0)
 *             r = json_fail(json_member(root, "root"), "expected an object");
 *             prints "config.json:7: root: expected an object"
 */
#ifndef OCI_JSON_H
#define OCI_JSON_H

#include "base/base.h"
#include "base/io.h"

/* Limits of one document: bytes of text, number of values, nesting. */
enum { JSON_TEXT_MAX = 16 << 20, JSON_NODES_MAX = 1 << 20, JSON_DEPTH_MAX = 64 };

enum json_type { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json {
	enum json_type type;
	uint32_t offset; /* of its first byte in the text */
	uint32_t n;	 /* number of children */
	uint32_t index;	 /* position among its siblings */
	bool boolean;
	uint32_t end;		  /* behind its last byte; of trees that come from YAML only */
	const char *key;	  /* name of the member; NULL in arrays and for the root */
	const char *text;	  /* the string, or the number exactly as written */
	const struct json *up;	  /* the object or array that contains it; NULL for the root */
	const struct json *next;  /* next sibling */
	const struct json *first; /* first child */
};

/* Stands for "present" in structs that were filled by code and not decoded. It has no place. */
extern const struct json json_present;

/*
 * Parses the whole text strictly: one document, UTF-8, no comments, no byte-order mark, no NUL, no
 * duplicate keys, and the limits above. `name` is for messages ("config.json"); it and the text
 * must live as long as the tree. Reporting.
 */
must_check int json_parse(const char *name, const struct text *text, const struct json **ret);
/* As json_parse(), for a text that is line `number`, from 1 on, of the file. Reporting. */
must_check int json_parse_line(const char *name, size_t number, const struct text *text,
			       const struct json **ret);

/*
 * Return a member of an object, an element of an array; NULL if there is none, or v is NULL or of
 * another type. Calls can be nested. Linear time: for messages and small objects.
 */
const struct json *json_member(const struct json *v, const char *key);
const struct json *json_element(const struct json *v, size_t index);

/* Iterates over the children of an object or array; other types have none. */
#define json_each(child, v) for (const struct json *child = (v)->first; child; child = child->next)

/* Returns "linux.seccomp.syscalls[3].names[7]", or "" for a root or NULL. In the arena. */
const char *json_path(const struct json *v);
/* As json_path(), with "config.json:41: " in front if v has a document. In the arena. */
const char *json_place(const struct json *v);
/* Where a value begins in its text: both from 1, columns in characters. Returns the document's
 * name; NULL, and 1 and 1, for NULL and what has no document. Fast if asked in the order of the
 * text. */
const char *json_position(const struct json *v, size_t *ret_line, size_t *ret_column);
/*
 * Describes the value for "expected an integer, found %s": `string "10G"`, `number 1.5`, `an
 * object`. Strings are shortened and escaped. In the arena.
 */
const char *json_found(const struct json *v);

/*
 * Records "FILE:LINE: PATH: message" for v and returns -EINVAL. If v is NULL or json_present,
 * records the message only. Reporting.
 */
must_check int json_fail(const struct json *v, const char *fmt, ...) printf_like(2, 3);
/*
 * As json_fail(), about member key of object v. The line is that of the member if it exists, else
 * that of v. The path ends with key in both cases. Reporting.
 */
must_check int json_fail_member(const struct json *v, const char *key, const char *fmt, ...)
	printf_like(3, 4);
/* As json_fail(), about element index of the array member key of object v. Reporting. */
must_check int json_fail_element(const struct json *v, const char *key, size_t index,
				 const char *fmt, ...) printf_like(4, 5);

/*
 * Notes something unusual that the specification says to ignore (an unknown capability, a key in
 * the wrong case). The note is kept with the document and logged with --debug. It is
 * never an error.
 */
void json_note(const struct json *v, const char *fmt, ...) printf_like(2, 3);

struct json_note {
	const struct json_note *next;
	const char *message; /* including its place */
};

/* Returns the notes of v's document in order, or NULL. */
const struct json_note *json_notes(const struct json *v);

#endif
