/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns changes to a YAML text. In brackets the children have commas between them; in lines a child
 * is whole lines, from its dash or key up to the next line. What must hold: the new text is the
 * tree that the same changes make of the old one. YAML has forms that nobody thinks of, so this is
 * not argued but compared, with what json_edit.c makes of the tree as JSON.
 */
#include "cmd/seccomp/yaml_edit.h"

#include "base/arena.h"
#include "base/err.h"
#include "cmd/seccomp/yaml.h"
#include "cmd/seccomp/yaml_layout.h"
#include "oci/jsonw.h"
#include "oci/patches.h"

#include <string.h>

/* All changes of one container. */
struct work {
	const struct yaml_layout *l;
	struct patches *patches;
	const struct json *container;
	bool flow;
	uint32_t n;	 /* children */
	uint32_t n_kept; /* that are not removed */
	bool *gone;
	const char **with; /* JSON text that replaces the child */
	size_t n_inserts;
	const struct json_edit_change **inserts;
};

/* The tree of a text that rules_edit.c or a check has made. */
static const struct json *tree_of(const char *json)
{
	struct text *text = arena_alloc(sizeof(*text));
	const struct json *v = NULL;

	*text = (struct text){ arena_strdup(json), strlen(json) };
	return json_parse("value", text, &v) < 0 ? NULL : v;
}

static size_t start_of(const struct work *w, uint32_t i)
{
	return yaml_layout_start(w->l, w->container, i);
}

static size_t end_of(const struct work *w, uint32_t i)
{
	return yaml_layout_child(w->container, i)->end;
}

/* "- mkdir" or "key: value", at a column, without the white space in front of it. */
static const char *child_text(const struct work *w, const struct json_edit_change *c, size_t column)
{
	const struct json *v = tree_of(c->text);

	if (!v)
		return "";
	if (c->key)
		return arena_printf("%s:%s", yaml_layout_key(w->l, w->container, c->key),
				    yaml_layout_format(w->l, w->container, c->key, v, column));
	return arena_printf("%s%s", w->flow ? "" : "- ",
			    yaml_layout_format(w->l, w->container, NULL, v, column + 2));
}

/* --- in lines ----------------------------------------------------------------------------- */

/* The first line behind child i: where one more begins. */
static size_t behind(const struct work *w, uint32_t i)
{
	size_t end = end_of(w, i);

	/* a text of several lines (|) ends with a line break */
	return end && w->l->text[end - 1] == '\n' ? end : yaml_layout_next_line(w->l, end);
}

static void remove_lines(const struct work *w)
{
	for (uint32_t i = 0; i < w->n; i++) {
		size_t start = start_of(w, i);
		uint32_t next = i + 1;

		if (!w->gone[i])
			continue;
		if (yaml_layout_begins_line(w->l, start)) {
			patches_add(w->patches, yaml_layout_line(w->l, start), behind(w, i), "");
			continue;
		}
		/* the first one, behind a dash: the next one that stays moves up there */
		while (next < w->n && w->gone[next])
			next++;
		if (next < w->n)
			patches_add(w->patches, start, start_of(w, next), "");
		i = next - 1;
	}
}

/* How many children go from the first one on, if that does not begin its line. */
static uint32_t count_head(const struct work *w)
{
	uint32_t n = 0;

	if (yaml_layout_begins_line(w->l, w->container->offset))
		return 0;
	while (n < w->n && w->gone[n])
		n++;
	return n;
}

static void insert_lines(const struct work *w)
{
	size_t start = w->container->offset, column = yaml_layout_column(w->l, start);
	const char *indent = arena_printf("%*s", (int)column, ""), *lf = w->l->line_break;
	bool begins = yaml_layout_begins_line(w->l, start);
	uint32_t head = count_head(w);

	for (size_t i = 0; i < w->n_inserts; i++) {
		uint32_t at = w->n_kept ? w->inserts[i]->at : 0;
		const char *text = child_text(w, w->inserts[i], column);
		size_t place = at ? behind(w, at - 1) : yaml_layout_line(w->l, start);

		if (!begins && at <= head) {
			place = start;
			text = arena_printf("%s%s%s", text, lf, indent);
		} else if (place == w->l->len && place && w->l->text[place - 1] != '\n') {
			text = arena_printf("%s%s%s", lf, indent, text);
		} else {
			text = arena_printf("%s%s%s", indent, text, lf);
		}
		patches_add(w->patches, place, place, text);
	}
}

/* The container gets another value, behind its key or dash if only white space is in between. */
static void replace_container(const struct work *w, const char *text)
{
	size_t from = w->container->offset;

	while (from && strchr(" \t\r\n", w->l->text[from - 1]))
		from--;
	if (!from || !strchr(":-", w->l->text[from - 1]))
		from = w->container->offset;
	patches_add(w->patches, from, w->container->end,
		    arena_printf("%s%s", from < w->container->offset ? " " : "", text));
}

/* All children of a container that begins behind a dash. */
static void replace_all(const struct work *w)
{
	size_t column = yaml_layout_column(w->l, w->container->offset);
	const char *text = "";

	for (size_t i = 0; i < w->n_inserts; i++)
		text = arena_printf("%s%s%*s%s", text, i ? w->l->line_break : "",
				    i ? (int)column : 0, "", child_text(w, w->inserts[i], column));
	patches_add(w->patches, w->container->offset, w->container->end, text);
}

/* --- in brackets -------------------------------------------------------------------------- */

/* Whether each child has a line of its own; in rows, or on one line, they have not. */
static bool is_on_lines(const struct work *w)
{
	for (uint32_t i = w->n > 1; i < w->n; i++)
		if (!yaml_layout_begins_line(w->l, start_of(w, i)))
			return false;
	return w->n;
}

/* What is inserted from child `first` on, with commas between. */
static const char *joined(const struct work *w, uint32_t first)
{
	const char *text = "";

	for (size_t i = 0; i < w->n_inserts; i++)
		if (w->inserts[i]->at >= first)
			text = arena_printf("%s%s%s", text, *text ? ", " : "",
					    child_text(w, w->inserts[i], 0));
	return text;
}

/* White space in front of a further child: a line of its own if the last one has. */
static const char *gap(const struct work *w)
{
	if (!is_on_lines(w))
		return " ";
	return arena_printf("%s%*s", w->l->line_break,
			    (int)yaml_layout_column(w->l, start_of(w, w->n - 1)), "");
}

/* Behind the last child, which stays. A comment on its line stays with it. */
static void append(const struct work *w)
{
	size_t end = end_of(w, w->n - 1), close = w->container->end - 1, comma = end;
	const char *text = joined(w, w->n);

	if (!*text)
		return;
	while (comma < close && w->l->text[comma] != ',' && w->l->text[comma] != '#')
		comma++;
	bool has_comma = comma < close && w->l->text[comma] == ',';

	if (!is_on_lines(w)) {
		patches_add(w->patches, end, end, arena_printf(", %s", text));
		return;
	}
	if (!has_comma)
		patches_add(w->patches, end, end, ",");
	end = yaml_layout_line_end(w->l, end);
	patches_add(w->patches, end < close ? end : close, end < close ? end : close,
		    arena_printf("%s%s%s", gap(w), text, has_comma ? "," : ""));
}

/* Whether nothing but a comma and a comment is behind the last child on its line. */
static bool ends_line(const struct work *w)
{
	size_t end = end_of(w, w->n - 1);

	return strchr("#\r\n", w->l->text[end + strspn(w->l->text + end, " ,")]);
}

/* From the line of `from` up to the end of that of the last child. A bracket that stays must not
 * get into a comment. */
static void remove_lines_to_end(const struct work *w, size_t from)
{
	size_t end = end_of(w, w->n - 1);
	const char *with = "";

	if (ends_line(w))
		end = yaml_layout_line_end(w->l, end);
	else
		with = arena_printf("%s%*s", w->l->line_break,
				    (int)yaml_layout_column(w->l, start_of(w, w->n - 1)), "");
	patches_add(w->patches, yaml_layout_line_end(w->l, from), end, with);
}

/* The last children go, with their lines if they have some; the comma in front of them, too. */
static void remove_tail(const struct work *w, uint32_t first)
{
	size_t start = start_of(w, first), end = end_of(w, w->n - 1);
	size_t from = end_of(w, first - 1), comma = yaml_layout_skip_blank(w->l, from);
	const char *text = joined(w, first);

	if (*text) {
		patches_add(w->patches, start, end, text); /* in place of them */
	} else if (!yaml_layout_begins_line(w->l, start) ||
		   (!ends_line(w) && !memchr(w->l->text + from, '#', start - from))) {
		patches_add(w->patches, from, end, "");
	} else {
		patches_add(w->patches, comma, comma + 1, "");
		remove_lines_to_end(w, comma < yaml_layout_line_end(w->l, from) ? from : comma);
	}
}

static void change_flow(const struct work *w)
{
	uint32_t tail = w->n;

	if (!w->n_kept) {
		patches_add(w->patches, w->container->offset + 1, w->container->end - 1,
			    joined(w, 0));
		return;
	}
	while (tail && w->gone[tail - 1])
		tail--;
	for (uint32_t i = 0; i < tail; i++)
		if (w->gone[i])
			patches_add(w->patches, start_of(w, i), start_of(w, i + 1), "");
	for (size_t i = 0; i < w->n_inserts; i++) {
		uint32_t at = w->inserts[i]->at;

		if (at < tail)
			patches_add(w->patches, start_of(w, at), start_of(w, at),
				    arena_printf("%s,%s", child_text(w, w->inserts[i], 0), gap(w)));
	}
	if (tail < w->n)
		remove_tail(w, tail);
	else
		append(w);
}

/* --- one container ------------------------------------------------------------------------ */

static void replace_child(const struct work *w, uint32_t i)
{
	const struct json *old = yaml_layout_child(w->container, i), *v = tree_of(w->with[i]);
	size_t column = yaml_layout_column(w->l, w->container->offset), from = old->offset;

	if (!v)
		return;
	if (v->type < JSON_ARRAY && old->type < JSON_ARRAY && old->end > from) {
		patches_add(w->patches, from, old->end, yaml_layout_scalar(w->l, v, old));
		return;
	}
	while (from && strchr(" \t", w->l->text[from - 1]))
		from--;
	if (w->flow || !old->key)
		from = old->offset;
	patches_add(w->patches, from, old->end,
		    yaml_layout_format(w->l, w->container, old->key, v, column));
}

static void read_changes(struct work *w, const struct json_edit_change *const *c, size_t n)
{
	w->n = w->n_kept = w->container->n;
	w->gone = arena_array(w->n + 1, sizeof(*w->gone));
	w->with = arena_array(w->n + 1, sizeof(*w->with));
	w->inserts = arena_array(n + 1, sizeof(*w->inserts));
	for (size_t i = 0; i < n; i++) {
		if (c[i]->kind == JSON_EDIT_INSERT)
			w->inserts[w->n_inserts++] = c[i];
		if (c[i]->kind == JSON_EDIT_REPLACE)
			w->with[c[i]->at] = c[i]->text;
		if (c[i]->kind == JSON_EDIT_REMOVE && !w->gone[c[i]->at]) {
			w->gone[c[i]->at] = true;
			w->n_kept--;
		}
	}
}

static void change_container(const struct yaml_layout *l, struct patches *patches,
			     const struct json_edit_change *const *c, size_t n)
{
	struct work w = { .l = l, .patches = patches, .container = c[0]->container };

	w.flow = yaml_layout_is_flow(l, w.container);
	read_changes(&w, c, n);
	if (w.flow) {
		change_flow(&w);
	} else if (!w.n_kept && !w.n_inserts) {
		replace_container(&w, w.container->type == JSON_ARRAY ? "[]" : "{}");
	} else if (!w.n_kept && !yaml_layout_begins_line(l, w.container->offset)) {
		replace_all(&w);
	} else {
		remove_lines(&w);
		insert_lines(&w);
	}
	for (uint32_t i = 0; i < w.n; i++)
		if (w.with[i] && !w.gone[i])
			replace_child(&w, i);
}

/* --- comparison --------------------------------------------------------------------------- */

/* Whether two trees are alike; the order of members does not count. Depth: that of a document,
 * which is limited. */
static bool is_same(const struct json *a, const struct json *b) // NOLINT(misc-no-recursion)
{
	const struct json *other = b->first;

	if (a->type != b->type || a->n != b->n || a->boolean != b->boolean)
		return false;
	if (a->type == JSON_STRING || a->type == JSON_NUMBER)
		return strcmp(a->text, b->text) == 0;
	json_each (child, a) {
		if (child->key)
			other = json_member(b, child->key);
		if (!other || !is_same(child, other))
			return false;
		other = other->next;
	}
	return true;
}

/* The node of another tree that is in the same place. Depth: that of the document. */
static const struct json *twin_of(const struct json *v,
				  const struct json *root) // NOLINT(misc-no-recursion)
{
	return v->up ? yaml_layout_child(twin_of(v->up, root), v->index) : root;
}

/* What the changes make of the document as JSON. */
static int change_json(const struct json *root, const struct json_edit_change *const *c, size_t n,
		       const struct json **ret)
{
	struct jsonw *w = jsonw_new(JSONW_COMPACT);
	struct text *text = arena_alloc(2 * sizeof(*text));
	struct json_edit *e;
	const struct json *copy;
	int r;

	jsonw_json(w, root);
	text[0] = jsonw_finish(w);
	r = json_parse("as JSON", &text[0], &copy);
	if (r < 0)
		return r;
	e = json_edit_new(copy);
	for (size_t i = 0; i < n; i++) {
		const struct json *container = twin_of(c[i]->container, copy);
		const struct json *child = yaml_layout_child(container, c[i]->at);

		if (c[i]->kind == JSON_EDIT_INSERT)
			json_edit_insert(e, container, child, c[i]->key, c[i]->text);
		else if (c[i]->kind == JSON_EDIT_REMOVE)
			json_edit_remove(e, child);
		else
			json_edit_replace(e, child, c[i]->text);
	}
	r = json_edit_finish(e, &text[1]);
	return r < 0 ? r : json_parse("as JSON", &text[1], ret);
}

static bool is_right(const char *name, const struct text *old, const struct text *new,
		     const struct json *root, const struct json *wanted)
{
	struct yaml_documents before, after;
	bool seen = false, same = yaml_parse(name, old, &before) >= 0 &&
				  yaml_parse(name, new, &after) >= 0 && before.n == after.n;

	for (size_t i = 0; same && i < before.n; i++) {
		bool changed = before.v[i]->offset == root->offset;

		seen |= changed;
		same = is_same(changed ? wanted : before.v[i], after.v[i]);
	}
	err_clear();
	return same && seen;
}

/* Whether the container, or one around it, is removed or replaced. */
static bool is_gone(const struct json *container, const struct json_edit_change *const *c, size_t n)
{
	for (const struct json *v = container; v; v = v->up)
		for (size_t i = 0; i < n; i++)
			if (c[i]->kind != JSON_EDIT_INSERT && c[i]->container == v->up &&
			    c[i]->at == v->index && v->up)
				return true;
	return false;
}

int yaml_edit_finish(const char *name, const struct text *text, const struct json *root,
		     const struct json_edit *e, struct text *ret)
{
	const struct json_edit_change *const *c;
	const size_t n = json_edit_changes(e, &c);
	struct patches patches = { .text = text->data, .len = text->len };
	struct text *new = arena_alloc(sizeof(*new));
	const struct json *wanted;
	struct yaml_layout layout;

	while (root->up)
		root = root->up;
	yaml_layout_read(text, root, &layout);
	/* what is inside comes first where both end */
	for (size_t last = n, i; last > 0; last = i) {
		for (i = last - 1; i > 0 && c[i - 1]->container == c[last - 1]->container; i--)
			;
		if (!is_gone(c[i]->container, c, n))
			change_container(&layout, &patches, c + i, last - i);
	}
	*new = patches_apply(&patches);
	*ret = *new;
	int r = change_json(root, c, n, &wanted);

	if (r < 0 || is_right(name, text, new, root, wanted))
		return r;
	return fail(0,
		    "%s: cannot be edited in this form of YAML; write it as a profile first: tamis "
		    "seccomp show --as oci %s",
		    name, name);
}
