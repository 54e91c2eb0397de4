/* SPDX-License-Identifier: Apache-2.0 */
/* A tree of values while a parser reads them in order, whatever the form of the text. */
#ifndef OCI_JSON_TREE_H
#define OCI_JSON_TREE_H

#include "oci/json_doc.h"

struct json_tree {
	struct json_doc *doc;
	const char *key; /* of the next value, or NULL */
	size_t nodes;
	int depth; /* how many lists and objects are open */
	struct json *parent[JSON_DEPTH_MAX];
	struct json *last[JSON_DEPTH_MAX]; /* last child of each parent */
};

/*
 * Adds a value, which begins at offset, after its siblings. NULL: there are too many values, which
 * is reported.
 */
struct json *json_tree_add(struct json_tree *tree, enum json_type type, size_t offset);
/* As json_tree_add(), a list or object: what is added next is in it. NULL also: nested too deep. */
struct json *json_tree_open(struct json_tree *tree, enum json_type type, size_t offset);
/* The list or object that is open, or NULL. */
struct json *json_tree_parent(const struct json_tree *tree);

#endif
