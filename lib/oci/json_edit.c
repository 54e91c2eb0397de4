/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns changes to a JSON text. Each container that is changed is read again for the places of its
 * children, and the changes become replacements of stretches of the text, which are applied in the
 * order of their offsets. The text has been parsed before, so it is known to be valid.
 *
 * In a container each child has a "lead": the white space between the bracket or comma in front of
 * it and its first byte.
 */
#include "oci/json_edit.h"

#include "base/arena.h"
#include "oci/json_doc.h"
#include "oci/json_layout.h"
#include "oci/jsonw.h"
#include "oci/patches.h"

#include <stdlib.h>
#include <string.h>

struct json_edit {
	const struct json_doc *doc;
	size_t n, room;
	struct json_edit_change *changes;
};

/* --- what is recorded --------------------------------------------------------------------- */

struct json_edit *json_edit_new(const struct json *root)
{
	struct json_edit *e = arena_alloc(sizeof(*e));

	e->doc = json_doc_of(root);
	return e;
}

static void add_change(struct json_edit *e, struct json_edit_change change)
{
	e->changes = arena_grow(e->changes, e->n, &e->room, sizeof(*e->changes));
	change.order = e->n;
	e->changes[e->n++] = change;
}

void json_edit_replace(struct json_edit *e, const struct json *v, const char *text)
{
	add_change(e,
		   (struct json_edit_change){ JSON_EDIT_REPLACE, v->up, v->index, 0, NULL, text });
}

void json_edit_remove(struct json_edit *e, const struct json *v)
{
	add_change(e,
		   (struct json_edit_change){ JSON_EDIT_REMOVE, v->up, v->index, 0, NULL, NULL });
}

void json_edit_insert(struct json_edit *e, const struct json *container, const struct json *before,
		      const char *key, const char *text)
{
	uint32_t at = before ? before->index : container->n;

	add_change(e, (struct json_edit_change){ JSON_EDIT_INSERT, container, at, 0, key, text });
}

/* --- one container ------------------------------------------------------------------------ */

/*
 * Removes the children first..last, all their neighbours being kept. The child behind them keeps
 * its lead, unless it was in the middle of a line and one of them began that line.
 */
static void remove_run(struct patches *p, const struct layout *l, size_t first, size_t last)
{
	size_t begins = last + 1;

	if (last + 1 < l->n && first == 0) {
		patches_add(p, l->v[0].start, l->v[last + 1].start, "");
		return;
	}
	if (last + 1 < l->n && !json_layout_is_on_new_line(l, last + 1))
		for (size_t i = last + 1; i-- > first;)
			if (json_layout_is_on_new_line(l, i))
				begins = i;
	if (begins > first)
		patches_add(p, l->v[first - 1].end, l->v[begins - 1].end, "");
	if (begins <= last)
		patches_add(p, l->v[begins].start, l->v[last + 1].start, "");
}

static const char *member_text(const struct layout *l, const struct json_edit_change *c,
			       const char *lead)
{
	const char *value = json_layout_format(l, c->key, c->text, lead);
	struct jsonw *w;

	if (!c->key)
		return value;
	w = jsonw_new(JSONW_COMPACT);
	jsonw_string(w, c->key);
	struct text key = jsonw_finish(w);

	return arena_printf("%.*s%s%s", (int)key.len - 1, key.data, l->colon, value);
}

/* Into a container that had no children: the first one of `c` with those behind it. */
static void fill_empty(struct patches *p, const struct layout *l,
		       const struct json_edit_change *const *c, size_t n)
{
	const char *text = "", *lead = json_layout_first_lead(l);

	for (size_t i = 0; i < n; i++)
		text = arena_printf("%s%s%s%s", text, i ? "," : "",
				    i ? json_layout_next_lead(l, 0, 0) : lead,
				    member_text(l, c[i], lead));
	patches_add(p, l->open + 1, l->close, arena_printf("%s%s", text, json_layout_last_lead(l)));
}

/*
 * All changes of one container. `c` are n of them, by index and order of recording.
 */
static void change_container(struct patches *p, const struct layout *l,
			     const struct json_edit_change *const *c, size_t n)
{
	bool *gone = arena_array(l->n + 1, sizeof(*gone));
	const char **with = arena_array(l->n + 1, sizeof(*with));
	const struct json_edit_change **inserts = arena_array(n + 1, sizeof(*inserts));
	size_t kept = l->n, n_inserts = 0, before = SIZE_MAX;

	for (size_t i = 0; i < n; i++) {
		if (c[i]->kind == JSON_EDIT_INSERT)
			inserts[n_inserts++] = c[i];
		if (c[i]->kind == JSON_EDIT_REPLACE)
			with[c[i]->at] = c[i]->text;
		if (c[i]->kind == JSON_EDIT_REMOVE && !gone[c[i]->at]) {
			gone[c[i]->at] = true;
			kept--;
		}
	}
	if (!l->n || (!kept && !n_inserts)) {
		if (n_inserts)
			fill_empty(p, l, inserts, n_inserts);
		else if (l->n)
			patches_add(p, l->open + 1, l->close, "");
		return;
	}
	for (size_t i = 0, next = 0; i <= l->n; i++) {
		/* behind the last child that is kept, or in front of the first one */
		for (; next < n_inserts && inserts[next]->at <= i; next++) {
			size_t at = before == SIZE_MAX ? l->v[0].start : l->v[before].end;
			const char *lead =
				json_layout_next_lead(l, at, strlen(inserts[next]->text));
			const char *text = member_text(l, inserts[next], lead);
			bool ends = before == SIZE_MAX && !kept && next + 1 == n_inserts;

			if (before == SIZE_MAX)
				patches_add(p, at, at,
					    arena_printf("%s%s%s", text, ends ? "" : ",",
							 ends ? "" : lead));
			else
				patches_add(p, at, at, arena_printf(",%s%s", lead, text));
		}
		if (i < l->n && with[i] && !gone[i])
			patches_add(p, l->v[i].value, l->v[i].end, with[i]);
		if (i < l->n && !gone[i])
			before = i;
	}
	if (!kept) {
		patches_add(p, l->v[0].start, l->v[l->n - 1].end, "");
		return;
	}
	for (size_t i = 0; i < l->n; i++) {
		size_t first = i;

		while (i < l->n && gone[i])
			i++;
		if (i > first)
			remove_run(p, l, first, i - 1);
	}
}

/* --- the whole ---------------------------------------------------------------------------- */

static int compare_changes(const void *a, const void *b)
{
	const struct json_edit_change *x = *(const struct json_edit_change *const *)a,
				      *y = *(const struct json_edit_change *const *)b;
	uint32_t x_place = x->container ? x->container->offset + 1 : 0,
		 y_place = y->container ? y->container->offset + 1 : 0;

	if (x_place != y_place)
		return x_place < y_place ? -1 : 1;
	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

size_t json_edit_changes(const struct json_edit *e, const struct json_edit_change *const **ret)
{
	const struct json_edit_change **c = arena_array(e->n + 1, sizeof(*c));

	for (size_t i = 0; i < e->n; i++)
		c[i] = &e->changes[i];
	if (e->n)
		qsort(c, e->n, sizeof(*c), compare_changes);
	*ret = c;
	return e->n;
}

int json_edit_finish(const struct json_edit *e, struct text *ret)
{
	const struct json_edit_change *const *c;
	size_t n = json_edit_changes(e, &c);
	struct patches patches = { .text = e->doc->text, .len = e->doc->len };
	const struct json *again;

	for (size_t i = 0, last; i < n; i = last) {
		struct layout layout;

		for (last = i; last < n && c[last]->container == c[i]->container; last++)
			;
		if (!c[i]->container) {
			patches_add(&patches, json_layout_root_start(e->doc),
				    json_layout_root_end(e->doc), c[last - 1]->text);
			continue;
		}
		json_layout_read(e->doc, c[i]->container, &layout);
		change_container(&patches, &layout, c + i, last - i);
	}
	*ret = patches_apply(&patches);
	return json_parse(e->doc->name, ret, &again);
}
