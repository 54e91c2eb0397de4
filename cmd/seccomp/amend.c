/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the way from wishes to a text that grants them. The rules about the wished calls are
 * replaced, the text is read again, and what it means is compared with what is wished. What is
 * lacking becomes further rules, until nothing lacks or no rule can say it.
 */
#include "cmd/seccomp/amend.h"

#include "base/arena.h"
#include "base/err.h"
#include "cmd/seccomp/say.h"
#include "cmd/seccomp/variants.h"
#include "oci/json.h"
#include "seccomp/cases.h"
#include "seccomp/rules_edit.h"
#include "seccomp/syscall.h"

#include <errno.h>
#include <string.h>

enum { ROUNDS_MAX = 4 };

/* What the profile means under the facts of one variant, and what the text does. */
struct meaning {
	const struct variant *variant;
	struct subject before, after;
};

struct editor {
	const struct subject *s;
	const struct json *object; /* that has "syscalls" */
	struct wishes *wishes;
	struct canon *canon;
	size_t n;
	struct meaning *meanings;
	enum cases_spelling spelling;
	bool *wished;	/* by id */
	bool *replaced; /* by id: whose rules go; others only get rules for some arguments */
};

/* --- under which facts -------------------------------------------------------------------- */

/* Under its own facts the profile has been read. Facts under which it is refused do not count. */
static void find_meanings(struct editor *ed)
{
	struct variants variants;

	variants_list(ed->s, false, &variants);
	ed->meanings = arena_array(variants.n, sizeof(*ed->meanings));
	for (size_t i = 0; i < variants.n; i++) {
		struct meaning *m = &ed->meanings[ed->n];

		m->variant = &variants.v[i];
		if (subject_again(ed->s, &m->variant->facts, ed->canon, &m->before) < 0)
			err_clear();
		else
			ed->n++;
	}
}

static void list_abis(struct wishes *w, const struct subject *s)
{
	memset(w->listed, 0, sizeof(w->listed));
	w->listed[s->facts.native] = true;
	for (size_t i = 0; s->profile && i < s->profile->n_abis; i++)
		w->listed[s->profile->abis[i]] = true;
}

/* --- rules -------------------------------------------------------------------------------- */

struct entries {
	size_t n, room;
	struct rules_edit_entry *v;
};

static void add_entry(struct entries *e, unsigned int id, const struct cases_one *one)
{
	e->v = arena_grow(e->v, e->n, &e->room, sizeof(*e->v));
	e->v[e->n++] =
		(struct rules_edit_entry){ id, one->action, one->n_conditions, one->conditions };
}

/* An ABI by which the rules about a call are made: the native one if it has the call. */
static enum abi abi_for(const struct editor *ed, unsigned int id)
{
	enum abi native = ed->s->facts.native;

	if (syscall_nr(native, id) != SYSCALL_NONE)
		return native;
	for (enum abi abi = 0; abi < ABI_COUNT; abi++)
		if (ed->wishes->listed[abi] && syscall_nr(abi, id) != SYSCALL_NONE)
			return abi;
	return native;
}

/* A deny that only repeats the default is also one for the call's way through a multiplexer. */
static bool has_mux(const struct editor *ed, unsigned int id)
{
	struct syscall_mux mux;

	for (enum abi abi = 0; abi < ABI_COUNT; abi++)
		if (ed->wishes->listed[abi] && syscall_mux(abi, id, &mux) && mux.nr != SYSCALL_NONE)
			return true;
	return false;
}

/* Rules that are only added: one a wish. They decide if they are stricter than those there are. */
static void add_plainly(const struct editor *ed, unsigned int id, struct entries *e)
{
	for (size_t i = 0; i < ed->wishes->n; i++) {
		const struct wish *wish = &ed->wishes->v[i];
		struct condition *conditions = arena_array(6, sizeof(*conditions));
		struct cases_one one = { .action = wish->action, .conditions = conditions };

		if (wish->id != id)
			continue;
		for (uint8_t j = 0; j < 6; j++) {
			bool whole = wish->mask[j] == UINT64_MAX;

			if (!wish->mask[j])
				continue;
			conditions[one.n_conditions++] = (struct condition){
				.index = j,
				.op = whole ? SECCOMP_OP_EQ : SECCOMP_OP_MASKED_EQ,
				.value = whole ? wish->value[j] : wish->mask[j],
				.value_two = whole ? 0 : wish->value[j],
			};
		}
		add_entry(e, id, &one);
	}
}

static int add_wished(const struct editor *ed, unsigned int id, bool repeated, struct entries *e)
{
	uint32_t otherwise = ed->s->profile->default_action;
	const struct verdicts *before = &ed->meanings[0].before.verdicts;
	enum abi abi = abi_for(ed, id);
	uint32_t nr = syscall_nr(abi, id);
	canon_ref r = canon_leaf(ed->canon, otherwise);
	struct cases cases;

	if (nr != SYSCALL_NONE)
		r = verdicts_at(before, arch_abi(abi)->audit, nr | arch_abi(abi)->nr_bit);
	r = wishes_apply(ed->wishes, ed->canon, abi, nr, r);
	if (cases_make(ed->canon, r, otherwise, syscall_narrow(abi, id), ed->spelling, &cases) < 0)
		return fail(E2BIG, "%s: the rules about its arguments", syscall_name(id));
	for (size_t i = 0; i < cases.n; i++)
		add_entry(e, id, &cases.v[i]);
	if (!cases.n && (repeated || has_mux(ed, id)))
		add_entry(e, id, &(struct cases_one){ .action = otherwise });
	return 0;
}

static int make_text(const struct editor *ed, const struct wishes_lack *lack, struct text *ret)
{
	const struct cases_one unknown = { .action = SECCOMP_RET_ERRNO | ENOSYS };
	struct json_edit *e = json_edit_new(ed->s->document->json);
	struct entries entries = { 0 };
	int r = 0;

	for (unsigned int id = 0; r == 0 && id < syscall_count(); id++) {
		if (ed->wished[id] && !ed->replaced[id])
			add_plainly(ed, id, &entries);
		else if (ed->wished[id])
			r = add_wished(ed, id, lack->repeated[id], &entries);
		else if (lack->unknown[id])
			add_entry(&entries, id, &unknown);
	}
	if (r < 0)
		return r;
	rules_edit(e, ed->object, ed->s->profile, ed->replaced, entries.v, entries.n);
	return form_edit(ed->s->document, e, ret);
}

/* --- comparison --------------------------------------------------------------------------- */

static const char *say_decision(const struct canon *canon, canon_ref r)
{
	uint32_t action;

	return canon_is_leaf(canon, r, &action) ? say_action(action) : "an answer by arguments";
}

static const char *say_wrong(const struct editor *ed, const struct meaning *v,
			     const struct wishes_lack *lack)
{
	const struct wishes_wrong *w = &lack->wrong;

	return arena_printf(
		"%s on %s%s: %s, not %s%s", syscall_words(w->audit, w->nr),
		w->abi < ABI_COUNT ? arch_name(w->abi) : "other architectures", v->variant->words,
		say_decision(ed->canon, w->got), say_decision(ed->canon, w->wanted),
		lack->n_wrong > 1 ? arena_printf(", and %zu more", lack->n_wrong - 1) : "");
}

/* Reads the text under each of the facts and compares. */
static int compare(struct editor *ed, const struct text *text, struct wishes_lack *lack,
		   const char **ret_wrong)
{
	struct form_document *document = arena_alloc(sizeof(*document));
	int r = form_read(ed->s->name, text, document);

	*ret_wrong = NULL;
	for (size_t i = 0; r == 0 && i < ed->n; i++) {
		struct meaning *v = &ed->meanings[i];
		struct subject changed = *ed->s;

		changed.document = document;
		r = subject_again(&changed, &v->variant->facts, ed->canon, &v->after);
		if (r < 0)
			return r;
		if (!v->before.profile) /* a program has no text that could be edited */
			return false;
		list_abis(ed->wishes, &v->before);
		wishes_compare(ed->wishes, ed->canon, &v->before.verdicts, &v->after.verdicts,
			       v->before.profile->default_action, lack);
		if (lack->n_wrong && !*ret_wrong)
			*ret_wrong = say_wrong(ed, v, lack);
	}
	list_abis(ed->wishes, &ed->meanings[0].before);
	if (r == 0 && ed->canon->overflow)
		r = fail(0, "%s: the conditions are too complex to be compared", ed->s->name);
	return r;
}

/* Adds rules until nothing lacks. */
static int try_spelling(struct editor *ed, struct amended *ret)
{
	struct wishes_lack lack;
	int r = 0;

	wishes_lack_init(&lack);
	for (int round = 0; round < ROUNDS_MAX; round++) {
		lack.more = false;
		lack.n_wrong = 0;
		struct text *text = arena_alloc(sizeof(*text));

		r = make_text(ed, &lack, text);
		ret->text = *text;
		if (r == 0)
			r = compare(ed, text, &lack, &ret->wrong);
		if (r < 0 || !lack.more)
			break;
	}
	ret->after = ed->meanings[0].after;
	ret->unknown = lack.unknown;
	return r;
}

static bool are_granted(struct editor *ed)
{
	struct wishes_lack lack;

	wishes_lack_init(&lack);
	for (size_t i = 0; i < ed->n; i++) {
		const struct meaning *v = &ed->meanings[i];

		if (!v->before.profile) /* a program has no text that could be edited */
			return false;
		list_abis(ed->wishes, &v->before);
		wishes_compare(ed->wishes, ed->canon, &v->before.verdicts, &v->before.verdicts,
			       v->before.profile->default_action, &lack);
	}
	list_abis(ed->wishes, &ed->meanings[0].before);
	return !lack.more && !lack.n_wrong;
}

/* The object that has the rules. */
static const struct json *object_of(const struct form_document *d)
{
	const struct json *inside = json_member(json_member(d->json, "linux"), "seccomp");

	if (d->form == FORM_SPO)
		return json_member(d->json, "spec");
	return inside ? inside : d->json;
}

static void note_wished(struct editor *ed)
{
	ed->wished = arena_array(syscall_count(), sizeof(bool));
	ed->replaced = arena_array(syscall_count(), sizeof(bool));
	for (size_t i = 0; i < ed->wishes->n; i++) {
		const struct wish *wish = &ed->wishes->v[i];
		bool conditional = false;

		for (unsigned int j = 0; j < 6; j++)
			conditional |= wish->mask[j] != 0;
		ed->wished[wish->id] = true;
		ed->replaced[wish->id] |= !conditional;
	}
}

/* Rules about some arguments are only added first, then they replace those that there are. */
static int try_all(struct editor *ed, struct amended *ret)
{
	struct amended first;
	int r = try_spelling(ed, ret);

	if (memcmp(ed->wished, ed->replaced, syscall_count() * sizeof(bool)) == 0)
		return r;
	first = *ret;
	ed->replaced = ed->wished;
	for (int i = 0; r == 0 && ret->wrong && i < CASES_SPELLINGS; i++) {
		ed->spelling = (enum cases_spelling)i;
		r = try_spelling(ed, ret);
	}
	if (ret->wrong)
		*ret = first;
	return r;
}

int amend_profile(const struct subject *s, struct wishes *wishes, bool inexact, struct canon *canon,
		  struct amended *ret)
{
	struct editor ed = { .s = s, .wishes = wishes, .canon = canon };
	int r;

	*ret = (struct amended){ .text = *s->document->text, .after = *s };
	ret->unknown = arena_array(syscall_count(), sizeof(bool));
	ed.object = object_of(s->document);
	find_meanings(&ed);
	if (are_granted(&ed))
		return 0;
	note_wished(&ed);
	r = try_all(&ed, ret);
	if (r == 0 && ret->wrong && inexact) {
		wishes->loose = true;
		note_wished(&ed);
		r = try_all(&ed, ret);
	}
	return r;
}
