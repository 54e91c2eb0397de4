/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns where a call is named in the text of a profile. A rule whose last name goes is removed. What
 * the new text means is not decided here: the caller reads it again and compares.
 */
#include "seccomp/rules_edit.h"

#include "base/arena.h"
#include "base/names.h"
#include "oci/config.h"
#include "oci/jsonw.h"
#include "seccomp/syscall.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <string.h>

/* One element of "syscalls". */
struct place {
	const struct json *rule;
	const struct json *names; /* NULL: of Docker's oldest format, with "name" */
	bool plain;		  /* `action` for all arguments, under every fact */
	bool used;		  /* an entry goes there */
	uint32_t action;
};

struct editor {
	struct json_edit *e;
	const struct json *syscalls;
	size_t n;
	struct place *places;
	bool old_format; /* all rules have "name" */
};

static int id_of(const struct json *name)
{
	return name && name->type == JSON_STRING ? syscall_id(name->text) : -1;
}

static bool is_removed(const struct json *name, const bool *removed)
{
	int id = id_of(name);

	return id >= 0 && removed[id];
}

/* Whether a member is absent, null, empty, or an empty string. */
static bool is_empty(const struct json *rule, const char *key)
{
	const struct json *v = json_member(rule, key);

	return !v || v->type == JSON_NULL || (v->type == JSON_STRING && !v->text[0]) ||
	       (v->type >= JSON_ARRAY && !v->n);
}

static void find_places(struct editor *ed, const struct profile *profile)
{
	static const char *const others[] = { "args", "includes", "excludes", "comment" };

	ed->places = arena_array((ed->syscalls ? ed->syscalls->n : 0) + 1, sizeof(*ed->places));
	ed->old_format = ed->syscalls && ed->syscalls->n;
	if (!ed->syscalls)
		return;
	json_each (rule, ed->syscalls) {
		const struct json *names = json_member(rule, "names");
		struct place *p = &ed->places[ed->n++];

		*p = (struct place){ .rule = rule, .plain = names && names->type == JSON_ARRAY };
		p->names = p->plain && names->n ? names : NULL;
		p->plain = p->names != NULL;
		ed->old_format = ed->old_format && !names;
		for (size_t i = 0; i < ARRAY_LEN(others); i++)
			p->plain = p->plain && is_empty(rule, others[i]);
	}
	for (size_t i = 0; i < profile->n_rules; i++) {
		const struct rule *rule = &profile->rules[i];

		if (rule->at && rule->at->up == ed->syscalls)
			ed->places[rule->at->index].action = rule->action;
	}
}

/* --- entries ------------------------------------------------------------------------------ */

static bool is_there(const struct place *p, unsigned int id)
{
	json_each (name, p->names)
		if (id_of(name) == (int)id)
			return true;
	return false;
}

/* The rule for an entry: one that has the call already, else the one with most names. */
static struct place *place_for(struct editor *ed, const struct rules_edit_entry *entry)
{
	struct place *found = NULL;

	for (size_t i = 0; !entry->n_conditions && i < ed->n; i++) {
		struct place *p = &ed->places[i];

		if (!p->plain || p->action != entry->action)
			continue;
		if (is_there(p, entry->id))
			return p;
		if (!found || p->names->n > found->names->n)
			found = p;
	}
	return found;
}

static bool is_sorted(const struct json *names)
{
	json_each (name, names)
		if (name->next && strcmp(name->text, name->next->text) > 0)
			return false;
	return true;
}

static void add_name(struct editor *ed, const struct place *p, unsigned int id)
{
	const char *word = syscall_name(id);
	const struct json *before = is_sorted(p->names) ? p->names->first : NULL;

	while (before && strcmp(before->text, word) < 0)
		before = before->next;
	json_edit_insert(ed->e, p->names, before, NULL, arena_printf("\"%s\"", word));
}

/* --- new rules ---------------------------------------------------------------------------- */

static bool same_rule(const struct rules_edit_entry *a, const struct rules_edit_entry *b)
{
	return a->action == b->action && a->n_conditions == b->n_conditions &&
	       (!a->n_conditions || memcmp(a->conditions, b->conditions,
					   a->n_conditions * sizeof(*a->conditions)) == 0);
}

/* A rule for the call of entries[first], and for the others with done[] unset that say the same. */
static const char *new_rule(const struct editor *ed, const struct rules_edit_entry *entries,
			    size_t n, size_t first, bool *done)
{
	const struct rules_edit_entry *entry = &entries[first];
	uint32_t kind = entry->action & SECCOMP_RET_ACTION_FULL;
	uint32_t data = entry->action & SECCOMP_RET_DATA;
	struct jsonw *w = jsonw_new(JSONW_COMPACT);

	jsonw_object(w);
	if (ed->old_format)
		jsonw_member_string(w, "name", syscall_name(entry->id));
	else
		jsonw_member_array(w, "names");
	for (size_t i = first; !ed->old_format && i < n; i++)
		if (!done[i] && same_rule(entry, &entries[i])) {
			jsonw_string(w, syscall_name(entries[i].id));
			done[i] = true;
		}
	if (!ed->old_format)
		jsonw_end(w);
	jsonw_member_string(w, "action", names_of(seccomp_action_names, kind));
	if ((kind == SECCOMP_RET_ERRNO && (data != EPERM || !ed->old_format)) ||
	    (kind == SECCOMP_RET_TRACE))
		jsonw_member_u64(w, "errnoRet", data);
	if (entry->n_conditions || ed->old_format)
		profile_write_args(w, entry->conditions, entry->n_conditions);
	jsonw_end(w);
	struct text text = jsonw_finish(w);

	done[first] = true;
	return arena_memdup(text.data, text.len - 1);
}

static void add_rules(struct editor *ed, const struct json *object,
		      const struct rules_edit_entry *entries, size_t n, bool *done)
{
	const char *list = "";

	for (size_t i = 0; i < n; i++) {
		if (done[i])
			continue;
		const char *rule = new_rule(ed, entries, n, i, done);

		if (ed->syscalls && ed->syscalls->type == JSON_ARRAY)
			json_edit_insert(ed->e, ed->syscalls, NULL, NULL, rule);
		else
			list = arena_printf("%s%s%s", list, *list ? "," : "", rule);
	}
	if (!*list)
		return;
	list = arena_printf("[%s]", list);
	if (ed->syscalls)
		json_edit_replace(ed->e, ed->syscalls, list); /* null */
	else
		json_edit_insert(ed->e, object, NULL, "syscalls", list);
}

/* --- the whole ---------------------------------------------------------------------------- */

/* Takes names out of one rule; `kept` says which of them are wanted in this very rule. */
static void remove_names(struct editor *ed, const struct place *p, const bool *removed,
			 const struct place *const *target)
{
	size_t left = 0;

	if (!p->names) {
		if (is_removed(json_member(p->rule, "name"), removed))
			json_edit_remove(ed->e, p->rule);
		return;
	}
	json_each (name, p->names) {
		int id = id_of(name);

		left += !is_removed(name, removed) || target[id] == p;
	}
	if (!left && !p->used) {
		json_edit_remove(ed->e, p->rule);
		return;
	}
	json_each (name, p->names)
		if (is_removed(name, removed) && target[id_of(name)] != p)
			json_edit_remove(ed->e, name);
}

void rules_edit(struct json_edit *e, const struct json *object, const struct profile *profile,
		const bool *removed, const struct rules_edit_entry *entries, size_t n)
{
	struct editor ed = { .e = e, .syscalls = json_member(object, "syscalls") };
	const struct place **target = arena_array(syscall_count(), sizeof(*target));
	bool *done = arena_array(n + 1, sizeof(*done));

	find_places(&ed, profile);
	for (size_t i = 0; i < n; i++) {
		struct place *p = place_for(&ed, &entries[i]);

		if (!p)
			continue;
		done[i] = p->used = true;
		target[entries[i].id] = p;
		if (!is_there(p, entries[i].id))
			add_name(&ed, p, entries[i].id);
	}
	for (size_t i = 0; i < ed.n; i++)
		remove_names(&ed, &ed.places[i], removed, target);
	add_rules(&ed, object, entries, n, done);
}
