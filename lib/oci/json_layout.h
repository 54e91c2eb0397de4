/* SPDX-License-Identifier: Apache-2.0 */
/* How a container of a JSON text is written: places and style. For json_edit.c only. */
#ifndef OCI_JSON_LAYOUT_H
#define OCI_JSON_LAYOUT_H

#include "base/base.h"
#include "oci/json.h"

struct json_doc;

/* Offsets of one child. */
struct span {
	size_t lead;  /* behind the bracket or comma in front of it */
	size_t start; /* of the value, or of the key of a member */
	size_t value, end;
};

struct layout {
	const struct json_doc *doc;
	const struct json *container;
	size_t open, close; /* offsets of the brackets */
	size_t n;
	const struct span *v;
	const char *colon; /* ": " with the white space around it */
};

/* Reads a container of a document that json_parse() has accepted. Arena. */
void json_layout_read(const struct json_doc *doc, const struct json *container, struct layout *ret);
/* Where the root value begins and ends. */
size_t json_layout_root_start(const struct json_doc *doc);
size_t json_layout_root_end(const struct json_doc *doc);
/* Whether the lead of child i has a line break. */
bool json_layout_is_on_new_line(const struct layout *l, size_t i);
/* The white space for the first child of a container without children; behind its last one. */
const char *json_layout_first_lead(const struct layout *l);
const char *json_layout_last_lead(const struct layout *l);
/*
 * The white space behind a comma for one more child of `len` bytes, which is put at an offset of
 * the text. It begins a line if the others do, or in rows if the line would get long.
 */
const char *json_layout_next_lead(const struct layout *l, size_t at, size_t len);
/*
 * A value, given as JSON text, in the style of the container's children of its type; `key` is the
 * name of its member or NULL, `lead` the white space that will be in front of it.
 */
const char *json_layout_format(const struct layout *l, const char *key, const char *text,
			       const char *lead);

#endif
