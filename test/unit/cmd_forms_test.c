/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random profiles through each form in which profiles are written as text: what is read back
 * answers every call alike, or the form has refused the profile.
 */
#include "base/arena.h"
#include "base/err.h"
#include "cmd/seccomp/yaml.h"
#include "oci/jsonw.h"
#include "seccomp/docker.h"
#include "seccomp/seccompiler.h"
#include "seccomp/spo.h"
#include "seccomp/verdicts.h"
#include "unit/seccomp_random.h"
#include "unit/tap.h"

static struct canon canon;

static bool answers(const struct profile *p, enum abi native, struct verdicts *ret)
{
	const struct policy *policy;

	if (policy_make(p, native, false, &policy) < 0)
		return false;
	verdicts_of_policy(policy, &canon, ret);
	return true;
}

enum form { OCI, SPO, SECCOMPILER, FORMS };
static const char *const names[] = { "oci", "spo", "seccompiler" };

static int write_form(enum form form, const struct profile *p, enum abi native, struct text *ret)
{
	struct jsonw *w;

	if (form == SPO)
		return spo_write(p, "random", ret);
	if (form == SECCOMPILER)
		return seccompiler_profile_write(p, "main", native, ret);
	w = jsonw_new(JSONW_PRETTY);
	profile_write(w, p);
	*ret = jsonw_finish(w);
	return 0;
}

static int read_form(enum form form, const struct text *text, enum abi native, struct profile *ret)
{
	const struct profile_facts facts = { .native = native, .kernel_major = 6 };
	struct yaml_documents documents;
	const struct json *root;
	int r;

	if (form == OCI)
		return docker_profile_parse("p.json", text, &facts, ret);
	if (form == SPO) {
		r = yaml_parse("p.yaml", text, &documents);
		return r < 0 ? r : spo_profile_decode("p.yaml", documents.v[0], NULL, &facts, ret);
	}
	r = json_parse("p.json", text, &root);
	return r < 0 ? r : seccompiler_profile_decode("p.json", root, "main", &facts, ret);
}

struct count {
	unsigned int same, refused, wrong;
};

static void pass_through(enum form form, const struct profile *p, enum abi native,
			 struct count *count)
{
	struct text *text = arena_alloc(sizeof(*text));
	struct verdicts before, after;
	struct profile back;

	err_clear();
	canon_init(&canon);
	if (!answers(p, native, &before))
		return;
	if (write_form(form, p, native, text) < 0) {
		count->refused++;
	} else if (read_form(form, text, native, &back) >= 0 && answers(&back, native, &after) &&
		   verdicts_equal(&before, &after) && !canon.overflow) {
		count->same++;
	} else {
		count->wrong++;
		printf("# %s as %s: %s\n", p->place, names[form],
		       err_message() ? err_message() : "another meaning");
	}
}

/* A filter of seccompiler has one action beside its default, and one architecture. */
static void make_plain(struct profile *p, enum abi native)
{
	struct rule *own = arena_array(p->n_rules, sizeof(*own));

	for (size_t i = 0; i < p->n_rules; i++) {
		own[i] = p->rules[i];
		own[i].action = p->default_action == SECCOMP_RET_ALLOW ? SECCOMP_RET_ERRNO | 13
								       : SECCOMP_RET_ALLOW;
	}
	p->rules = own;
	p->n_abis = 1;
	p->abis[0] = native;
	p->is_plain = true;
	p->other_arch = SECCOMP_RET_KILL_PROCESS;
	p->other_x32 = p->default_action;
}

int main(void)
{
	struct count counts[FORMS] = { 0 };
	unsigned int n = tap_is_all() ? 10000 : 200;

	for (unsigned int i = 0; i < n; i++) {
		struct arena_mark mark = arena_mark();
		struct profile p;
		enum abi native;

		make_random(i, &p, &native);
		p.place = arena_printf("random profile %u", i);
		for (enum form form = 0; form < FORMS; form++) {
			if (form == SECCOMPILER)
				make_plain(&p, native);
			if (form != SPO || yaml_is_built())
				pass_through(form, &p, native, &counts[form]);
		}
		(void)arena_release(mark, NULL, 0);
	}
	for (enum form form = 0; form < FORMS; form++)
		is_int(counts[form].wrong, 0, "%s: %u random profiles are the same, %u are refused",
		       names[form], counts[form].same, counts[form].refused);
	ok(counts[OCI].same > n / 2 && counts[SECCOMPILER].same > n / 10, "not all are refused");
	return done();
}
