/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns where things are in a YAML text that has been parsed, and how new values are written. The
 * parser knows where values begin and end; dashes, keys and commas are found in between.
 */
#include "cmd/seccomp/yaml_layout.h"

#include "base/arena.h"
#include "base/names.h"
#include "oci/jsonw.h"

#include <string.h>

enum { DASH = 2 }; /* "- " */

/* --- places ------------------------------------------------------------------------------- */

size_t yaml_layout_line(const struct yaml_layout *l, size_t at)
{
	while (at && l->text[at - 1] != '\n')
		at--;
	return at;
}

size_t yaml_layout_next_line(const struct yaml_layout *l, size_t at)
{
	while (at < l->len && l->text[at] != '\n')
		at++;
	return at < l->len ? at + 1 : at;
}

size_t yaml_layout_line_end(const struct yaml_layout *l, size_t at)
{
	while (at < l->len && l->text[at] != '\n')
		at++;
	return at && at < l->len && l->text[at - 1] == '\r' ? at - 1 : at;
}

size_t yaml_layout_column(const struct yaml_layout *l, size_t at)
{
	return at - yaml_layout_line(l, at);
}

bool yaml_layout_begins_line(const struct yaml_layout *l, size_t at)
{
	size_t line = yaml_layout_line(l, at);

	return line + strspn(l->text + line, " ") >= at;
}

bool yaml_layout_is_flow(const struct yaml_layout *l, const struct json *container)
{
	char c = container->type >= JSON_ARRAY ? l->text[container->offset] : 0;

	return c == '[' || c == '{';
}

size_t yaml_layout_skip_blank(const struct yaml_layout *l, size_t at)
{
	for (;;) {
		at += strspn(l->text + at, " \t\r\n");
		if (l->text[at] != '#')
			return at;
		at += strcspn(l->text + at, "\n");
	}
}

const struct json *yaml_layout_child(const struct json *container, uint32_t i)
{
	const struct json *v = container->first;

	while (v && v->index < i)
		v = v->next;
	return v;
}

size_t yaml_layout_start(const struct yaml_layout *l, const struct json *container, uint32_t i)
{
	bool flow = yaml_layout_is_flow(l, container);
	size_t at;

	if (!i)
		return flow ? yaml_layout_skip_blank(l, container->offset + 1) : container->offset;
	at = yaml_layout_skip_blank(l, yaml_layout_child(container, i - 1)->end);
	return flow && l->text[at] == ',' ? yaml_layout_skip_blank(l, at + 1) : at;
}

/* --- style -------------------------------------------------------------------------------- */

/* How far the dashes of a list are behind its key; -1: it shows nothing. */
static int list_indent_of(const struct yaml_layout *l, const struct json *v)
{
	if (v->type != JSON_ARRAY || !v->n || !v->key || yaml_layout_is_flow(l, v) ||
	    yaml_layout_is_flow(l, v->up) || !yaml_layout_begins_line(l, v->offset))
		return -1;
	return (int)yaml_layout_column(l, v->offset) - (int)yaml_layout_column(l, v->up->offset);
}

/* The first list in lines of the tree. Depth: that of the document, which is limited. */
static int find_list_indent(const struct yaml_layout *l,
			    const struct json *v) // NOLINT(misc-no-recursion)
{
	int found = list_indent_of(l, v);

	for (const struct json *child = v->first; child && found < 0; child = child->next)
		found = find_list_indent(l, child);
	return found;
}

void yaml_layout_read(const struct text *text, const struct json *root, struct yaml_layout *ret)
{
	const char *lf = memchr(text->data, '\n', text->len);

	*ret = (struct yaml_layout){ .text = text->data, .len = text->len };
	ret->line_break = lf && lf > text->data && lf[-1] == '\r' ? "\r\n" : "\n";
	int indent = find_list_indent(ret, root);

	ret->list_indent = indent < 0 ? DASH : (size_t)indent;
}

/* The last child of that type, or the member of that name of the last one that has it. */
static const struct json *model_in(const struct json *container, const char *key,
				   enum json_type type)
{
	const struct json *found = NULL;

	if (!container)
		return NULL;
	json_each (child, container)
		if (child->type == type && (!key || (child->key && strcmp(child->key, key) == 0)))
			found = child;
	if (found || !key || !container->up)
		return found;
	json_each (sibling, container->up) {
		const struct json *v = json_member(sibling, key);

		if (v && v->type == type)
			found = v;
	}
	return found;
}

/* --- scalars ------------------------------------------------------------------------------ */

static bool is_plain(const char *s)
{
	static const struct name taken[] = {
		{ "y", 0 },   { "n", 0 },    { "yes", 0 },  { "no", 0 },    { "on", 0 },
		{ "off", 0 }, { "null", 0 }, { "true", 0 }, { "false", 0 }, { NULL, 0 },
	};
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

	return n && !s[n] && (s[0] < '0' || s[0] > '9') && !names_find(taken, s);
}

static const char *quoted(const char *s)
{
	struct jsonw *w = jsonw_new(JSONW_COMPACT);

	jsonw_string(w, s);
	struct text text = jsonw_finish(w);

	return arena_memdup(text.data, text.len - 1);
}

static const char *in_style(const char *s, char quote)
{
	if (quote == '\'' && is_plain(s))
		return arena_printf("'%s'", s);
	return quote != '"' && is_plain(s) ? s : quoted(s);
}

const char *yaml_layout_scalar(const struct yaml_layout *l, const struct json *v,
			       const struct json *model)
{
	if (v->type == JSON_STRING)
		return in_style(v->text, model ? l->text[model->offset] : 0);
	if (v->type == JSON_NUMBER)
		return v->text;
	return v->type == JSON_NULL ? "null" : v->boolean ? "true" : "false";
}

const char *yaml_layout_key(const struct yaml_layout *l, const struct json *container,
			    const char *key)
{
	return in_style(key, container && container->n ? l->text[yaml_layout_start(l, container, 0)]
						       : 0);
}

/* --- containers --------------------------------------------------------------------------- */

static const char *spaces(size_t n)
{
	return arena_printf("%*s", (int)n, "");
}

/* "{index: 0}" or "{ index: 0 }", as the model has it. */
static const char *pad_of(const struct yaml_layout *l, const struct json *model)
{
	size_t at = model && model->n && yaml_layout_is_flow(l, model) ? model->offset + 1 : 0;

	return at && l->text[at] == ' ' ? " " : "";
}

/* Recursion is as deep as the value, which the caller writes. */
static const char *flow(const struct yaml_layout *l, const struct json *model,
			const struct json *v) // NOLINT(misc-no-recursion)
{
	const char *text = "", *pad = pad_of(l, model);

	if (v->type < JSON_ARRAY)
		return yaml_layout_scalar(l, v, model);
	json_each (child, v)
		text = arena_printf("%s%s%s%s%s", text, *text ? ", " : "",
				    child->key ? yaml_layout_key(l, model, child->key) : "",
				    child->key ? ": " : "",
				    flow(l, model_in(model, child->key, child->type), child));
	return arena_printf(v->type == JSON_ARRAY ? "[%s%s%s]" : "{%s%s%s}", pad, text, pad);
}

/* The members in the order that the model shows; those that it lacks come last. */
static const struct json **sorted(const struct json *model, const struct json *v)
{
	const struct json **ret = arena_array(v->n + 1, sizeof(*ret));
	size_t n = 0;

	for (const struct json *m = model && model->type == JSON_OBJECT ? model->first : NULL; m;
	     m = m->next)
		if (m->key && json_member(v, m->key))
			ret[n++] = json_member(v, m->key);
	json_each (child, v)
		if (!child->key || !model || !json_member(model, child->key))
			ret[n++] = child;
	return ret;
}

static const char *block(const struct yaml_layout *l, const struct json *model,
			 const struct json *v, size_t column);

/* The value behind a key at that column. */
static const char *behind_key(const struct yaml_layout *l, const struct json *model,
			      const struct json *v,
			      size_t column) // NOLINT(misc-no-recursion)
{
	int indent = model ? list_indent_of(l, model) : -1;

	if (v->type < JSON_ARRAY || !v->n || (model && model->n && yaml_layout_is_flow(l, model)))
		return arena_printf(" %s", flow(l, model, v));
	if (v->type == JSON_OBJECT)
		column += DASH;
	else
		column += indent < 0 ? l->list_indent : (size_t)indent;
	return arena_printf("%s%s%s", l->line_break, spaces(column), block(l, model, v, column));
}

/* A container in lines that begin at that column; the first one has begun. */
static const char *block(const struct yaml_layout *l, const struct json *model,
			 const struct json *v, size_t column) // NOLINT(misc-no-recursion)
{
	const struct json **children = sorted(model, v);
	const char *text = "";

	if (v->type < JSON_ARRAY || !v->n || (model && model->n && yaml_layout_is_flow(l, model)))
		return flow(l, model, v);
	for (size_t i = 0; i < v->n; i++) {
		const struct json *child = children[i];
		const struct json *own = model_in(model, child->key, child->type);
		const char *lead = i ? arena_printf("%s%s", l->line_break, spaces(column)) : "";

		if (child->key)
			text = arena_printf("%s%s%s:%s", text, lead,
					    yaml_layout_key(l, model, child->key),
					    behind_key(l, own, child, column));
		else
			text = arena_printf("%s%s- %s", text, lead,
					    block(l, own, child, column + DASH));
	}
	return text;
}

const char *yaml_layout_format(const struct yaml_layout *l, const struct json *container,
			       const char *key, const struct json *v, size_t column)
{
	const struct json *model = model_in(container, key, v->type);

	if (yaml_layout_is_flow(l, container))
		return arena_printf("%s%s", key ? " " : "", flow(l, model, v));
	return key ? behind_key(l, model, v, column) : block(l, model, v, column);
}
