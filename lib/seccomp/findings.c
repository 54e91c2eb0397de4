/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the table of findings and the list of those that were made. */
#include "seccomp/findings.h"

#include "base/arena.h"
#include "base/names.h"
#include "oci/json.h"

#include <stdlib.h>
#include <string.h>

#define FINDING(name, code, severity, title, why, fix) \
	{ code, SEVERITY_##severity, title, why, fix },
static const struct finding_kind kinds[FINDING_COUNT] = {
#include "seccomp/findings.inc"
};

const struct finding_kind *findings_kind(enum finding_code code)
{
	return &kinds[code];
}

enum finding_code findings_find(const char *code)
{
	enum finding_code i = 0;

	while (i < FINDING_COUNT && strcmp(kinds[i].code, code) != 0)
		i++;
	return i;
}

const char *findings_like(const char *code)
{
	struct name *names = arena_array(FINDING_COUNT + 1, sizeof(*names));

	for (size_t i = 0; i < FINDING_COUNT; i++)
		names[i].name = kinds[i].code;
	return names_like(names, code);
}

const char *findings_severity(enum severity severity)
{
	static const char *const words[] = { "note", "warning", "error" };

	return words[severity];
}

struct finding *findings_add(struct findings *f, enum finding_code code, const struct json *at,
			     const char *text)
{
	if (f->n == FINDINGS_MAX) {
		f->cut = true;
		return arena_alloc(sizeof(struct finding)); /* that nobody sees */
	}
	f->v = arena_grow(f->v, f->n, &f->room, sizeof(*f->v));
	struct finding *ret = &f->v[f->n++];

	*ret = (struct finding){
		.code = code, .severity = kinds[code].severity, .at = at, .text = text
	};
	return ret;
}

static int compare(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;
	uint32_t i = x->at ? x->at->offset : 0, j = y->at ? y->at->offset : 0;

	if (i != j)
		return i < j ? -1 : 1;
	if (x->code != y->code)
		return x->code < y->code ? -1 : 1;
	return strcmp(x->text, y->text);
}

void findings_sort(struct findings *f)
{
	if (f->n)
		qsort(f->v, f->n, sizeof(*f->v), compare);
}
