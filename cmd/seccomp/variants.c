/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the list of facts on which rules can depend. Facts that no rule of the subject names are
 * left out: the capabilities, if it has no conditions on any.
 */
#include "cmd/seccomp/variants.h"

#include "base/arena.h"
#include "base/caps.h"
#include "cmd/seccomp/say.h"
#include "oci/json.h"

#include <string.h>

static void add(struct variants *to, struct profile_facts facts, const char *words)
{
	struct variant *v = arena_grow((void *)to->v, to->n, &to->room, sizeof(*v));

	v[to->n++] = (struct variant){ .facts = facts, .words = words };
	to->v = v;
}

static void add_caps(struct variants *to, const struct subject *s)
{
	struct profile_facts facts = s->facts;
	uint64_t named = subject_caps(s);

	for (unsigned int cap = 0; cap < CAPS_MAX; cap++) {
		facts.caps = UINT64_C(1) << cap;
		if (named & facts.caps)
			add(to, facts, arena_printf(" with %s alone", caps_name(cap)));
	}
	facts.caps = UINT64_MAX;
	if (named)
		add(to, facts, " with all capabilities");
	facts.caps = 0;
	if (named)
		add(to, facts, " without capabilities");
}

/* Without capabilities on the oldest kernel, with all of them on the newest one. */
static void add_extremes(struct variants *to, struct profile_facts facts, const char *where)
{
	facts.caps = 0;
	facts.kernel_major = 0;
	add(to, facts, arena_printf("%s with an old kernel", where));
	facts.caps = UINT64_MAX;
	facts.kernel_major = UINT16_MAX;
	add(to, facts, arena_printf("%s with a new kernel", where));
}

/* Notes architectures by either kind of name, as archMap and conditions have them. Depth: that of
 * the document, which is limited. */
static void note_named(const struct json *v, bool named[ABI_COUNT]) // NOLINT(misc-no-recursion)
{
	enum abi abi = ABI_COUNT;

	if (v->type == JSON_STRING)
		abi = arch_by_scmp(v->text);
	if (v->type == JSON_STRING && abi == ABI_COUNT && v->up && v->up->key &&
	    strcmp(v->up->key, "arches") == 0)
		abi = arch_by_docker(v->text);
	if (abi < ABI_COUNT)
		named[abi] = true;
	json_each (child, v)
		note_named(child, named);
}

void variants_list(const struct subject *s, bool everywhere, struct variants *ret)
{
	struct profile_facts facts = s->facts;
	bool named[ABI_COUNT] = { false };

	*ret = (struct variants){ 0 };
	add(ret, facts, "");
	add_caps(ret, s);
	add_extremes(ret, facts, "");
	if (s->document && s->document->json)
		note_named(s->document->json, named);
	for (enum abi abi = 0; abi < ABI_OWN; abi++) {
		facts.native = abi;
		if (abi != s->facts.native && (everywhere || named[abi]))
			add_extremes(ret, facts, arena_printf(" on %s", arch_name(abi)));
	}
}
