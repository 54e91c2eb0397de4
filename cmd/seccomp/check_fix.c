/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the changes that `check --fix` makes. What must hold: the meaning of the profile stays,
 * except that names which were written in a wrong form are in force afterwards.
 */
#include "cmd/seccomp/check_fix.h"

#include "base/arena.h"
#include "base/err.h"
#include "cmd/seccomp/output.h"
#include "cmd/seccomp/variants.h"
#include "oci/json.h"
#include "oci/json_edit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { TRIES_MAX = 64 }; /* of single findings, if all together are refused */

/* Records what the findings ask for; returns how many do. */
static size_t edit(struct json_edit *e, const struct findings *found, bool replace)
{
	size_t n = 0;

	for (size_t i = 0; i < found->n; i++) {
		const struct finding *f = &found->v[i];

		if (f->allowed || (!f->n_remove && !f->replace))
			continue;
		n++;
		for (size_t j = 0; j < f->n_remove; j++)
			json_edit_remove(e, f->remove[j]);
		if (f->replace && replace)
			json_edit_replace(e, f->replace, f->replacement);
	}
	return n;
}

/*
 * Whether both answer every call alike under these facts; so if the profile as it was is refused
 * under them. Reports nothing.
 */
static bool is_same(const struct subject *s, const struct subject *changed,
		    const struct profile_facts *facts)
{
	struct subject before, after;
	struct arena_mark mark = arena_mark();
	struct canon canon;
	bool same = false;

	canon_init(&canon);
	if (subject_again(s, facts, &canon, &before) < 0)
		same = true;
	else if (subject_again(changed, facts, &canon, &after) >= 0)
		same = verdicts_equal(&before.verdicts, &after.verdicts);
	err_clear();
	same = same && !canon.overflow;
	arena_release(mark, NULL, 0);
	return same;
}

/* Whether the text answers every call as s does, under all facts. */
static bool is_same_everywhere(const struct subject *s, const struct text *text)
{
	struct form_document *document = arena_alloc(sizeof(*document));
	struct subject changed = *s;
	struct variants variants;

	if (form_read(s->name, text, document) < 0)
		return false;
	changed.document = document;
	variants_list(s, true, &variants);
	for (size_t i = 0; i < variants.n; i++)
		if (!is_same(s, &changed, &variants.v[i].facts))
			return false;
	return true;
}

static bool removal_is_safe(const struct subject *s, const struct findings *found)
{
	struct json_edit *e = json_edit_new(s->document->json);
	struct text text;

	(void)edit(e, found, false);
	return form_edit(s->document, e, &text) >= 0 && is_same_everywhere(s, &text);
}

/* Leaves those removals that together have no effect anywhere: all, or as many as are found to be
 * safe one after the other. */
static void choose_removals(const struct subject *s, struct findings *found)
{
	size_t *n = arena_array(found->n, sizeof(*n)), tries = 0;

	if (removal_is_safe(s, found))
		return;
	for (size_t i = 0; i < found->n; i++) {
		n[i] = found->v[i].n_remove;
		found->v[i].n_remove = 0;
	}
	for (size_t i = 0; i < found->n && tries < TRIES_MAX; i++) {
		found->v[i].n_remove = n[i];
		if (n[i] && (tries++, !removal_is_safe(s, found)))
			found->v[i].n_remove = 0;
	}
}

/* Only the file that is named: output_write() would follow a symbolic link to another one. */
static int write_back(const char *name, const struct text *text)
{
	struct stat st;

	if (lstat(name, &st) < 0)
		return fail(errno, "%s", name);
	if (!S_ISREG(st.st_mode))
		return fail(0, "%s: --fix changes regular files only; expected the file itself",
			    name);
	return output_write(name, text);
}

/* Prints and takes out of the list what was changed. */
static void print_changes(struct findings *found, FILE *to)
{
	size_t n = 0;

	for (size_t i = 0; i < found->n; i++) {
		const struct finding *f = &found->v[i];
		size_t line, column;

		if (f->allowed || (!f->n_remove && !f->replace)) {
			found->v[n++] = *f;
			continue;
		}
		const char *file = json_position(f->at, &line, &column);

		fprintf(to, "%s:%zu:%zu: %s: %s [%s]\n", file, line, column,
			f->replace ? "corrected" : "removed", f->text,
			findings_kind(f->code)->code);
	}
	found->n = n;
}

int check_fix(const struct subject *s, struct findings *found)
{
	bool standard = strcmp(s->name, "standard input") == 0;

	if (!s->document || !form_is_editable(s->document))
		return fail(0, "%s: --fix changes profiles in JSON and YAML, found a %s", s->name,
			    s->form);
	choose_removals(s, found);
	struct json_edit *e = json_edit_new(s->document->json);
	struct text text;
	size_t n = edit(e, found, true);
	int r = form_edit(s->document, e, &text);

	if (r >= 0 && n && !standard)
		r = write_back(s->name, &text);
	if (r < 0)
		return r;
	if (standard)
		fwrite(text.data, 1, text.len, stdout);
	print_changes(found, standard ? stderr : stdout);
	return 0;
}
