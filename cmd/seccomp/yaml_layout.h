/* SPDX-License-Identifier: Apache-2.0 */
/* How a container of a YAML text is written: places and style. For yaml_edit.c only. */
#ifndef CMD_SECCOMP_YAML_LAYOUT_H
#define CMD_SECCOMP_YAML_LAYOUT_H

#include "oci/json.h"

/* The text, and what all its lists in lines show. */
struct yaml_layout {
	const char *text;
	size_t len;
	const char *line_break;
	size_t list_indent; /* of a dash below the key of its list */
};

/* Of the document of root. */
void yaml_layout_read(const struct text *text, const struct json *root, struct yaml_layout *ret);
/* Whether a container is in brackets; else each child begins a line. */
bool yaml_layout_is_flow(const struct yaml_layout *l, const struct json *container);
/* Child i of a container, or NULL. */
const struct json *yaml_layout_child(const struct json *container, uint32_t i);
/* Where child i begins, with its dash or key; i == n: behind the last one. */
size_t yaml_layout_start(const struct yaml_layout *l, const struct json *container, uint32_t i);
/* The begin of the line of an offset; the begin of the next line; its end without the break. */
size_t yaml_layout_line(const struct yaml_layout *l, size_t at);
size_t yaml_layout_next_line(const struct yaml_layout *l, size_t at);
size_t yaml_layout_line_end(const struct yaml_layout *l, size_t at);
/* The first byte from there on that is no white space, line break or comment. */
size_t yaml_layout_skip_blank(const struct yaml_layout *l, size_t at);
/* How far an offset is behind the begin of its line. */
size_t yaml_layout_column(const struct yaml_layout *l, size_t at);
/* Whether nothing but white space is in front of it on its line. */
bool yaml_layout_begins_line(const struct yaml_layout *l, size_t at);
/*
 * A value in YAML, for a child of `container`: behind its dash at `column` - 2, or, with `key`,
 * behind its key at `column`. In brackets if the container is. It takes the form of the children
 * that are there, and begins with the white space that it needs.
 */
const char *yaml_layout_format(const struct yaml_layout *l, const struct json *container,
			       const char *key, const struct json *v, size_t column);
/* A word as a key, as those of the container are written. */
const char *yaml_layout_key(const struct yaml_layout *l, const struct json *container,
			    const char *key);
/* A string, number ... in the quotes of a neighbour (or NULL). */
const char *yaml_layout_scalar(const struct yaml_layout *l, const struct json *v,
			       const struct json *model);

#endif
