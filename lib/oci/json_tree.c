/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the limits of a tree: the number of its values and their nesting. */
#include "oci/json_tree.h"

#include "base/arena.h"
#include "base/err.h"

struct json *json_tree_parent(const struct json_tree *tree)
{
	return tree->depth ? tree->parent[tree->depth - 1] : NULL;
}

struct json *json_tree_add(struct json_tree *tree, enum json_type type, size_t offset)
{
	struct json *parent = json_tree_parent(tree);
	struct json *v = parent ? arena_alloc(sizeof(*v)) : &tree->doc->root;

	if (++tree->nodes > JSON_NODES_MAX) {
		fail_note(0, "%s: more than %d values", json_line(tree->doc, offset),
			  JSON_NODES_MAX);
		return NULL;
	}
	v->type = type;
	v->offset = (uint32_t)offset;
	v->key = tree->key;
	tree->key = NULL;
	if (!parent)
		return v;

	struct json **last = &tree->last[tree->depth - 1];

	v->up = parent;
	if (*last)
		(*last)->next = v;
	else
		parent->first = v;
	*last = v;
	v->index = parent->n++;
	return v;
}

struct json *json_tree_open(struct json_tree *tree, enum json_type type, size_t offset)
{
	if (tree->depth == JSON_DEPTH_MAX) {
		fail_note(0, "%s: nested deeper than %d", json_line(tree->doc, offset),
			  JSON_DEPTH_MAX);
		return NULL;
	}
	struct json *v = json_tree_add(tree, type, offset);

	if (!v)
		return NULL;
	tree->parent[tree->depth] = v;
	tree->last[tree->depth] = NULL;
	tree->depth++;
	return v;
}
