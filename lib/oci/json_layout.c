/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns how a JSON text is written: where the children of a container begin and end, and the white
 * space between them. The text has been parsed, so nothing is checked here.
 */
#include "oci/json_layout.h"

#include "base/arena.h"
#include "oci/json_doc.h"

#include <string.h>

enum { LINE_WIDTH = 100 };

static const char space[] = " \t\r\n";

/* --- places ------------------------------------------------------------------------------- */

static size_t skip_space(const char *s, size_t at)
{
	return at + strspn(s + at, space);
}

/* at is the opening quote; returns the offset behind the closing one. */
static size_t skip_string(const char *s, size_t at)
{
	for (at++; s[at] && s[at] != '"'; at++)
		at += s[at] == '\\' && s[at + 1];
	return s[at] ? at + 1 : at;
}

/* Returns the offset behind a value. */
static size_t skip_value(const char *s, size_t at)
{
	size_t depth = 0;

	do {
		if (!s[at])
			break;
		if (s[at] == '"') {
			at = skip_string(s, at);
		} else if (s[at] == '{' || s[at] == '[') {
			depth++;
			at++;
		} else if (s[at] == '}' || s[at] == ']') {
			depth--;
			at++;
		} else {
			at += depth ? 1 : strcspn(s + at, ",:]} \t\r\n");
		}
	} while (depth);
	return at;
}

size_t json_layout_root_start(const struct json_doc *doc)
{
	return skip_space(doc->text, 0);
}

size_t json_layout_root_end(const struct json_doc *doc)
{
	return skip_value(doc->text, json_layout_root_start(doc));
}

/* The bytes from..to as a string. */
static const char *bytes(const struct json_doc *doc, size_t from, size_t to)
{
	return arena_memdup(doc->text + from, to - from);
}

/* ": " as the first member of a document has it. */
static const char *usual_colon(const struct json_doc *doc)
{
	size_t at = skip_space(doc->text, json_layout_root_start(doc) + 1);

	if (doc->root.type != JSON_OBJECT || !doc->root.n)
		return ": ";
	at = skip_string(doc->text, at);
	return bytes(doc, at, skip_space(doc->text, skip_space(doc->text, at) + 1));
}

void json_layout_read(const struct json_doc *doc, const struct json *container, struct layout *ret)
{
	const char *s = doc->text;
	size_t at = container->offset;
	struct span *v = arena_array((size_t)container->n + 1, sizeof(*v));

	*ret = (struct layout){ doc, container, at, 0, container->n, v, NULL };
	for (size_t i = 0; i < container->n; i++) {
		v[i].lead = at + 1;
		v[i].start = v[i].value = skip_space(s, at + 1);
		if (container->type == JSON_OBJECT) {
			size_t end = skip_string(s, v[i].start);

			v[i].value = skip_space(s, skip_space(s, end) + 1);
			if (!i)
				ret->colon = bytes(doc, end, v[i].value);
		}
		v[i].end = skip_value(s, v[i].value);
		at = skip_space(s, v[i].end); /* the comma or the closing bracket */
	}
	ret->close = container->n ? at : skip_space(s, at + 1);
	if (!ret->colon || strchr(ret->colon, '\n'))
		ret->colon = usual_colon(doc);
}

/* --- style -------------------------------------------------------------------------------- */

static const char *lead_of(const struct layout *l, size_t i)
{
	return bytes(l->doc, l->v[i].lead, l->v[i].start);
}

bool json_layout_is_on_new_line(const struct layout *l, size_t i)
{
	const struct span *v = &l->v[i];

	return memchr(l->doc->text + v->lead, '\n', v->start - v->lead) != NULL;
}

/* The line break of the text. */
static const char *line_break(const struct json_doc *doc)
{
	const char *lf = memchr(doc->text, '\n', doc->len);

	return lf && lf > doc->text && lf[-1] == '\r' ? "\r\n" : "\n";
}

/* The white space at the begin of the line of an offset. */
static const char *indent_at(const struct json_doc *doc, size_t at)
{
	while (at && doc->text[at - 1] != '\n')
		at--;
	return bytes(doc, at, at + strspn(doc->text + at, " \t"));
}

/* By how much a level is indented more than the one around it, as the first one shows. */
static const char *unit(const struct json_doc *doc)
{
	size_t start = json_layout_root_start(doc), first = skip_space(doc->text, start + 1);
	const char *outer = indent_at(doc, start), *inner = indent_at(doc, first);

	if (!memchr(doc->text + start, '\n', first - start) || strlen(inner) <= strlen(outer))
		return "  ";
	return inner + strlen(outer);
}

/* A space where the text has one behind its first comma or colon. */
static const char *usual_space(const struct json_doc *doc)
{
	const char *colon = usual_colon(doc);

	if (doc->root.type == JSON_ARRAY && doc->root.n > 1) {
		size_t end = skip_value(doc->text, skip_space(doc->text, doc->root.offset + 1));

		return skip_space(doc->text, skip_space(doc->text, end) + 1) -
					       skip_space(doc->text, end) >
				       1
			       ? " "
			       : "";
	}
	return colon[strlen(colon) - 1] == ':' ? "" : " ";
}

/* Whether the children of a container that has none go on lines of their own: as it does itself. */
static bool empty_is_on_lines(const struct layout *l)
{
	const struct json *v = l->container;
	struct layout up;

	if (!v->up)
		return false;
	json_layout_read(l->doc, v->up, &up);
	return json_layout_is_on_new_line(&up, v->index);
}

const char *json_layout_first_lead(const struct layout *l)
{
	if (empty_is_on_lines(l))
		return arena_printf("%s%s%s", line_break(l->doc), indent_at(l->doc, l->open),
				    unit(l->doc));
	return l->container->type == JSON_OBJECT ? usual_space(l->doc) : "";
}

const char *json_layout_last_lead(const struct layout *l)
{
	if (empty_is_on_lines(l))
		return arena_printf("%s%s", line_break(l->doc), indent_at(l->doc, l->open));
	return l->container->type == JSON_OBJECT ? usual_space(l->doc) : "";
}

/* Bytes of the line of an offset up to there. */
static size_t column_of(const struct json_doc *doc, size_t at)
{
	size_t n = 0;

	while (n < at && doc->text[at - n - 1] != '\n')
		n++;
	return n;
}

const char *json_layout_next_lead(const struct layout *l, size_t at, size_t len)
{
	const char *new_line = NULL, *same_line = NULL;

	if (!l->n)
		return empty_is_on_lines(l) ? json_layout_first_lead(l) : usual_space(l->doc);
	if (l->n == 1)
		return json_layout_is_on_new_line(l, 0) ? lead_of(l, 0) : usual_space(l->doc);
	for (size_t i = l->n; i-- > 1;) {
		const char **lead = json_layout_is_on_new_line(l, i) ? &new_line : &same_line;

		if (!*lead)
			*lead = lead_of(l, i);
	}
	if (!same_line || (new_line && column_of(l->doc, at) + len > LINE_WIDTH))
		return new_line;
	return same_line;
}

/* --- new values --------------------------------------------------------------------------- */

/* The child whose style a new one takes: the last one of its type. */
static const struct json *model_in(const struct json *container, const char *key,
				   enum json_type type)
{
	const struct json *found = NULL;

	if (!container)
		return NULL;
	if (key)
		found = json_member(container, key);
	if (found && found->type == type)
		return found;
	found = NULL;
	json_each (child, container)
		if (child->type == type)
			found = child;
	return found;
}

/* How the children of a new container are written. */
struct style {
	bool lines;
	const char *pad, *gap, *colon; /* inside the brackets, behind a comma; ": " */
	const char *unit;	       /* how much deeper lines are than that of the bracket */
};

static struct style style_of(const struct json_doc *doc, const struct json *model,
			     enum json_type type)
{
	struct style style = { false, type == JSON_OBJECT ? usual_space(doc) : "", usual_space(doc),
			       usual_colon(doc), unit(doc) };
	struct layout l;

	if (!model || !model->n)
		return style;
	json_layout_read(doc, model, &l);
	style.lines = json_layout_is_on_new_line(&l, 0);
	style.colon = l.colon;
	style.pad = lead_of(&l, 0);
	const char *outer = indent_at(doc, l.open), *inner = indent_at(doc, l.v[0].start);

	if (style.lines && strlen(inner) > strlen(outer))
		style.unit = inner + strlen(outer);
	if (l.n > 1 && !json_layout_is_on_new_line(&l, 1))
		style.gap = lead_of(&l, 1);
	return style;
}

/* Recursion is as deep as the value, which the caller writes. */
static const char *format(const struct json_doc *doc,
			  const struct json *model, // NOLINT(misc-no-recursion)
			  const struct json *v, size_t start, const char *indent)
{
	const struct json_doc *own = json_doc_of(v);
	const char *inner, *text;
	struct style style;
	struct layout l;

	if (v->type < JSON_ARRAY || !v->n)
		return bytes(own, start, skip_value(own->text, start));
	json_layout_read(own, v, &l);
	style = style_of(doc, model, v->type);
	inner = arena_printf("%s%s", indent, style.unit);
	text = bytes(own, l.open, l.open + 1);
	json_each (child, v) {
		const struct span *at = &l.v[child->index];
		const char *lead = child->index ? style.gap : style.pad;
		const char *key = "";

		if (style.lines)
			lead = arena_printf("%s%s", line_break(doc), inner);
		if (child->key)
			key = arena_printf("%s%s",
					   bytes(own, at->start, skip_string(own->text, at->start)),
					   style.colon);
		text = arena_printf("%s%s%s%s%s", text, child->index ? "," : "", lead, key,
				    format(doc, model_in(model, child->key, child->type), child,
					   at->value, style.lines ? inner : indent));
	}
	if (style.lines)
		return arena_printf("%s%s%s%c", text, line_break(doc), indent, own->text[l.close]);
	return arena_printf("%s%s%c", text, style.pad, own->text[l.close]);
}

const char *json_layout_format(const struct layout *l, const char *key, const char *text,
			       const char *lead)
{
	struct text *t = arena_alloc(sizeof(*t));
	const char *lf = strrchr(lead, '\n');
	/* in the middle of a line ("}, {") the line is that of the last child */
	const char *indent = lf ? lf + 1 : indent_at(l->doc, l->n ? l->v[l->n - 1].start : l->open);
	const struct json *v;

	*t = (struct text){ arena_strdup(text), strlen(text) };
	/* json_edit_finish() reports what is no JSON */
	if (json_parse("value", t, &v) < 0)
		return text;
	return format(l->doc, model_in(l->container, key, v->type), v, skip_space(text, 0), indent);
}
