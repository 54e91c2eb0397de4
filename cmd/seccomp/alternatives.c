/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns what would change an answer. Every fact that the profile names is changed alone and the
 * profile is decided again, so that what is said is what would happen.
 */
#include "cmd/seccomp/alternatives.h"

#include "base/arena.h"
#include "base/caps.h"
#include "base/err.h"
#include "base/num.h"
#include "cmd/seccomp/say.h"
#include "oci/json.h"
#include "seccomp/syscall.h"

#include <string.h>

enum { KERNELS_MAX = 16, ARGS = 6 };

struct search {
	const struct subject *s;
	const struct question *q;
	enum abi abi;
	canon_ref decision;
	struct canon *canon;
	struct alternatives *ret;
};

static void add(struct search *f, const char *what, canon_ref decision)
{
	if (decision != f->decision)
		f->ret->v[f->ret->n++] = (struct alternative){ what, decision };
}

static int try_facts(struct search *f, const struct profile_facts *facts, const char *what)
{
	struct subject other;
	int r = subject_again(f->s, facts, f->canon, &other);

	if (r == 0)
		add(f, what, question_decision(f->q, &other.verdicts, f->abi, f->canon));
	return r;
}

static int try_caps(struct search *f)
{
	uint64_t caps = subject_caps(f->s);
	int r = 0;

	for (unsigned int cap = 0; r == 0 && cap < CAPS_MAX; cap++) {
		struct profile_facts facts = f->s->facts;
		uint64_t bit = UINT64_C(1) << cap;

		if (!caps_name(cap) || !(caps & bit))
			continue;
		facts.caps ^= bit;
		r = try_facts(f, &facts,
			      arena_printf("%s %s", facts.caps & bit ? "with" : "without",
					   caps_name(cap)));
	}
	return r;
}

/* --- kernels ------------------------------------------------------------------------------ */

struct kernels {
	size_t n;
	const char *v[KERNELS_MAX];
};

/* Depth: that of the document, which is limited. */
static void find_kernels(const struct json *v, struct kernels *ret) // NOLINT(misc-no-recursion)
{
	if (v->type == JSON_STRING && v->key && strcmp(v->key, "minKernel") == 0) {
		for (size_t i = 0; i < ret->n; i++)
			if (strcmp(ret->v[i], v->text) == 0)
				return;
		if (ret->n < KERNELS_MAX)
			ret->v[ret->n++] = v->text;
	}
	json_each (child, v)
		find_kernels(child, ret);
}

static bool read_kernel(const char *text, unsigned int *major, unsigned int *minor)
{
	const char *dot = strchr(text, '.');

	return dot && num_parse_u32(arena_memdup(text, (size_t)(dot - text)), major) == 0 &&
	       num_parse_u32(arena_memdup(dot + 1, strspn(dot + 1, "0123456789")), minor) == 0;
}

static int try_kernels(struct search *f)
{
	struct kernels kernels = { 0 };
	int r = 0;

	if (!f->s->profile)
		return 0;
	if (f->s->document && f->s->document->json)
		find_kernels(f->s->document->json, &kernels);
	else if (!f->s->document)
		kernels = (struct kernels){ 1, { "4.8" } }; /* ptrace(2) in the built-in profiles */
	for (size_t i = 0; r == 0 && i < kernels.n; i++) {
		struct profile_facts facts = f->s->facts;
		unsigned int major, minor;

		if (!read_kernel(kernels.v[i], &major, &minor))
			continue;
		bool older = facts.kernel_major < major ||
			     (facts.kernel_major == major && facts.kernel_minor < minor);

		facts.kernel_major = older || minor ? major : major - 1;
		facts.kernel_minor = older ? minor : minor ? minor - 1 : UINT16_MAX;
		r = try_facts(f, &facts,
			      arena_printf(older ? "with Linux %s and newer" : "before Linux %s",
					   kernels.v[i]));
	}
	return r;
}

/* --- arguments ---------------------------------------------------------------------------- */

static void try_args(struct search *f)
{
	for (unsigned int i = 0; i < ARGS; i++) {
		struct question other = *f->q;

		if (!f->q->mask[i])
			continue;
		other.mask[i] = 0;
		add(f, arena_printf("with another value of %s", say_param(f->abi, f->q->id, i)),
		    question_decision(&other, &f->s->verdicts, f->abi, f->canon));
	}
}

int alternatives_find(const struct subject *s, const struct question *q, enum abi abi,
		      canon_ref decision, struct canon *canon, struct alternatives *ret)
{
	struct search f = { s, q, abi, decision, canon, ret };

	*ret = (struct alternatives){ 0,
				      arena_array(CAPS_MAX + KERNELS_MAX + ARGS, sizeof(*ret->v)) };
	try_args(&f);
	int r = try_caps(&f);

	return r < 0 ? r : try_kernels(&f);
}
