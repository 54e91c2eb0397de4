/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Changes to a JSON text, by the nodes of its tree. All bytes that no change is about stay as they
 * are. What is added takes the style of what is around it: indentation, line ends, one line or one
 * element a line, spaces. Example:
 *
 *     struct json_edit *e = json_edit_new(root);
 *     const struct json *names = json_member(rule, "names");
 *
 *     json_edit_remove(e, json_element(names, 3));
 *     json_edit_insert(e, names, NULL, NULL, "\"mkdir\"");
 *     json_edit_insert(e, rule, NULL, "comment", "\"why\"");
 *     r = json_edit_finish(e, &text);
 *
 * Changes may be recorded in any order. Those inside a value that is removed or replaced have no
 * effect.
 */
#ifndef OCI_JSON_EDIT_H
#define OCI_JSON_EDIT_H

#include "base/io.h"
#include "oci/json.h"

struct json_edit; /* private */

/* Changes to the document of root, a tree that json_parse() has made. Arena. */
struct json_edit *json_edit_new(const struct json *root);
/* Replaces a value by this JSON text, which is put there as it is. The last one wins. */
void json_edit_replace(struct json_edit *e, const struct json *v, const char *text);
/*
 * Removes an element of an array or a member of an object, with its comma and, if nothing else is
 * on it, its line. Not the root.
 */
void json_edit_remove(struct json_edit *e, const struct json *v);
/*
 * Inserts a value, given as compact JSON text, in front of a child of `container`, or with NULL
 * behind its last child. Several at one place keep the order in which they were recorded. `key` is
 * the name of the member if the container is an object (it must not have that member), else NULL.
 */
void json_edit_insert(struct json_edit *e, const struct json *container, const struct json *before,
		      const char *key, const char *text);
/*
 * The text with all changes. It is parsed again, so that a text that a caller has given wrongly is
 * found here. Arena. Reporting.
 */
must_check int json_edit_finish(const struct json_edit *e, struct text *ret);

/* --- for writers of other notations --- */

enum json_edit_kind { JSON_EDIT_INSERT, JSON_EDIT_REMOVE, JSON_EDIT_REPLACE };

struct json_edit_change {
	enum json_edit_kind kind;
	const struct json *container; /* NULL: the root is replaced */
	uint32_t at;		      /* index of the child; INSERT: of the one behind */
	size_t order;		      /* in which they were recorded */
	const char *key, *text;
};

/* What is recorded: by container, index and order. Returns how many there are. Arena. */
size_t json_edit_changes(const struct json_edit *e, const struct json_edit_change *const **ret);

#endif
