/* SPDX-License-Identifier: Apache-2.0 */
/* Owns how the inputs of intersect and union are read, and how the result becomes a subject. */
#include "cmd/seccomp/combine.h"

#include "base/arena.h"
#include "base/err.h"
#include "cmd/seccomp/losses.h"
#include "oci/jsonw.h"
#include "seccomp/combine.h"

static int read_inputs(const struct combine_options *options, char *const *words, size_t n,
		       struct canon *canon, struct combination *ret)
{
	struct profile_facts facts;
	int r = subject_facts(&options->subject, &facts);

	*ret = (struct combination){ .n = n, .inputs = arena_array(n, sizeof(*ret->inputs)) };
	for (size_t i = 0; i < n && r >= 0; i++)
		r = subject_read(words[i], &options->subject, &facts, canon, &ret->inputs[i]);
	return r;
}

int combine(struct combine_options *options, bool unite, char *const *words, size_t n,
	    struct canon *canon, struct combination *ret)
{
	struct combine_input *inputs = arena_array(n, sizeof(*inputs));
	struct combined *combined = arena_alloc(sizeof(*combined));
	struct combine c = { .name = unite ? "the union" : "the intersection",
			     .unite = unite,
			     .n = n,
			     .inputs = inputs,
			     .describe = losses_first };
	int r;

	if (!options->as.form)
		options->as.form = "oci";
	r = as_check(&options->as);
	canon_init(canon);
	if (r >= 0)
		r = read_inputs(options, words, n, canon, ret);
	if (r < 0)
		return r;
	for (size_t i = 0; i < n; i++)
		inputs[i] = (struct combine_input){ ret->inputs[i].name, ret->inputs[i].profile,
						    ret->inputs[i].verdicts };
	c.native = ret->inputs[0].facts.native;
	/* runc and crun compare 64 bits where the kernel reads 32; KEP-6061 allows 32 only */
	c.whole = !unite && !options->kep6061;
	r = combine_profiles(&c, canon, combined);
	if (r < 0 && c.whole) {
		err_clear();
		c.whole = false;
		r = combine_profiles(&c, canon, combined);
	}
	ret->result = (struct subject){ .name = unite ? "union" : "intersection",
					.form = "profile",
					.facts = ret->inputs[0].facts,
					.thread = options->subject.thread,
					.profile = &combined->profile,
					.verdicts = combined->verdicts };
	return r;
}

void combine_write(struct jsonw *w, const char *schema, const struct combination *c)
{
	jsonw_object(w);
	jsonw_member_string(w, "schema", schema);
	jsonw_member_array(w, "inputs");
	for (size_t i = 0; i < c->n; i++)
		jsonw_string(w, c->inputs[i].name);
	jsonw_end(w);
	jsonw_key(w, "profile");
	profile_write(w, c->result.profile);
}
