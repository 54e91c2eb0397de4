/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the changes that `check --fix` makes. What must hold: the meaning of the profile stays,
 * except that names which were written in a wrong form are in force afterwards.
 */
#include "cmd/seccomp/check_fix.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/io.h"
#include "oci/json.h"
#include "oci/json_edit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

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

static bool same_pair(void *ctx, const struct verdicts_pair *pair)
{
	bool *same = ctx;

	*same = pair->a == pair->b;
	return *same;
}

/* The text as a profile must answer every call as s does. */
static int check_same(const struct subject *s, const struct text *text)
{
	struct form_document *document = arena_alloc(sizeof(*document));
	struct subject before, after = *s;
	struct canon canon;
	bool same = false;
	int r = form_read(s->name, text, document);

	canon_init(&canon);
	after.document = document;
	if (r >= 0)
		r = subject_again(s, &s->facts, &canon, &before);
	if (r >= 0)
		r = subject_again(&after, &s->facts, &canon, &after);
	if (r < 0)
		return wrap(r, "after the changes of --fix");
	verdicts_each(&before.verdicts, &after.verdicts, same_pair, &same);
	if (!same)
		return fail(0, "%s: --fix would change the profile's meaning; it is not written",
			    s->name);
	return 0;
}

/* Replaces the file, which keeps its mode. */
static int write_back(const char *name, const struct text *text)
{
	const char *slash = strrchr(name, '/'), *base = slash ? slash + 1 : name;
	const char *in = slash ? arena_memdup(name, (size_t)(slash - name) + 1) : ".";
	autofd dir = open(in, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct stat st;

	if (dir < 0 || fstatat(dir, base, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return fail(errno, "%s", name);
	if (!S_ISREG(st.st_mode))
		return fail(0, "%s: --fix changes regular files only; expected the file itself",
			    name);
	int r = io_replace_file(dir, base, text->data, text->len, st.st_mode & 07777);

	return r < 0 ? fail(-r, "%s: cannot be written", name) : 0;
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

	if (!s->document || s->document->form != FORM_OCI || s->document->text->data[0] == 0)
		return fail(0, "%s: --fix changes profiles in JSON, found a %s", s->name, s->form);
	struct json_edit *removal = json_edit_new(s->document->json);
	struct json_edit *all = json_edit_new(s->document->json);
	struct text text;
	size_t n = edit(removal, found, false);

	(void)edit(all, found, true);
	int r = json_edit_finish(removal, &text);

	if (r >= 0)
		r = check_same(s, &text);
	if (r >= 0)
		r = json_edit_finish(all, &text);
	if (r >= 0 && n && !standard)
		r = write_back(s->name, &text);
	if (r < 0)
		return r;
	if (standard)
		fwrite(text.data, 1, text.len, stdout);
	print_changes(found, standard ? stderr : stdout);
	return 0;
}
