/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lib/seccomp/wishes.c and rules_edit.c: random changes to random profiles. What the comparison
 * calls exact is held against the policies of both texts, call by call.
 */
#include "seccomp/rules_edit.h"
#include "seccomp/wishes.h"

#include "base/arena.h"
#include "base/err.h"
#include "oci/jsonw.h"
#include "seccomp/docker.h"
#include "unit/seccomp_random.h"
#include "unit/tap.h"

#include <errno.h>

static struct canon canon;

/* One text and what it means. */
struct reading {
	const struct json *root;
	struct profile profile;
	const struct policy *policy;
	struct verdicts verdicts;
};

static bool read_text(const struct text *source, enum abi native, struct reading *ret)
{
	const struct profile_facts facts = { .native = native, .kernel_major = 6 };
	struct text *text = arena_alloc(sizeof(*text));

	*text = *source;
	if (json_parse("p.json", text, &ret->root) < 0 ||
	    docker_profile_decode("p.json", ret->root, &facts, &ret->profile) < 0 ||
	    policy_make(&ret->profile, native, false, &ret->policy) < 0)
		return false;
	verdicts_of_policy(ret->policy, &canon, &ret->verdicts);
	return true;
}

static struct text text_of(const struct profile *profile)
{
	struct jsonw *w = jsonw_new(JSONW_PRETTY);

	profile_write(w, profile);
	return jsonw_finish(w);
}

/* Wishes for calls that the profile names and for others; sorted, none twice. */
static struct wishes make_wishes(const struct profile *profile, enum abi native)
{
	static const uint32_t kinds[] = { SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO | EPERM,
					  SECCOMP_RET_ERRNO | EACCES, SECCOMP_RET_LOG,
					  SECCOMP_RET_KILL_PROCESS };
	struct wish *v = arena_array(8, sizeof(*v));
	struct wishes ret = { .v = v };

	ret.listed[native] = true;
	for (size_t i = 0; i < profile->n_abis; i++)
		ret.listed[profile->abis[i]] = true;
	for (unsigned int id = below(40); ret.n < 8 && id < syscall_count(); id += 1 + below(120))
		v[ret.n++] = (struct wish){ .id = id, .action = kinds[below(ARRAY_LEN(kinds))] };
	return ret;
}

static const struct wish *wish_of(const struct wishes *w, enum abi abi, uint32_t nr)
{
	for (size_t i = 0; i < w->n; i++)
		if (syscall_nr(abi, w->v[i].id) == nr)
			return &w->v[i];
	return NULL;
}

static bool is_mux(enum abi abi, uint32_t nr)
{
	struct syscall_mux mux;
	unsigned int id;

	for (size_t i = 0; syscall_mux_nth(abi, i, &id, &mux); i++)
		if (mux.nr == nr)
			return true;
	return false;
}

/* Whether every number of the listed ABIs is answered as it must be. */
static bool agree(const struct wishes *w, const struct reading *a, const struct reading *b)
{
	for (enum abi abi = 0; abi < ABI_OWN; abi++)
		for (uint32_t nr = 0; w->listed[abi] && nr < syscall_end(abi) + 50; nr++) {
			const struct wish *wish = wish_of(w, abi, nr);
			struct seccomp_data data = { .nr = (int)(nr | arch_abi(abi)->nr_bit),
						     .arch = arch_abi(abi)->audit };

			for (int i = 0; i < 6; i++)
				data.args[i] = value();
			uint32_t want = wish ? wish->action : policy_verdict(a->policy, &data);

			if (!is_mux(abi, nr) && policy_verdict(b->policy, &data) != want)
				return false;
		}
	return true;
}

/* Returns 1 if the change was exact and right, 0 if it was said to be inexact, -1 if wrong. */
static int change(unsigned int number)
{
	struct profile profile;
	struct reading before, after;
	struct wishes_lack lack;
	enum abi native;

	make_random(number, &profile, &native);
	struct text text = text_of(&profile);

	if (!read_text(&text, native, &before))
		return -1;
	struct wishes w = make_wishes(&before.profile, native);

	wishes_lack_init(&lack);
	for (int round = 0; round < 4; round++) {
		struct rules_edit_entry entries[1024];
		bool *removed = arena_array(syscall_count(), sizeof(*removed));
		struct json_edit *e = json_edit_new(before.root);
		size_t n = 0;

		for (unsigned int id = 0; id < syscall_count(); id++) {
			for (size_t i = 0; i < w.n; i++)
				if (w.v[i].id == id) {
					removed[id] = true;
					entries[n++] = (struct rules_edit_entry){ id, w.v[i].action,
										  0, NULL };
				}
			if (lack.unknown[id] && !removed[id])
				entries[n++] =
					(struct rules_edit_entry){ id, SECCOMP_RET_ERRNO | ENOSYS,
								   0, NULL };
		}
		lack.more = false;
		lack.n_wrong = 0;
		rules_edit(e, before.root, &before.profile, removed, entries, n);
		if (json_edit_finish(e, &text) < 0 || !read_text(&text, native, &after))
			return -1;
		wishes_compare(&w, &canon, &before.verdicts, &after.verdicts,
			       before.profile.default_action, &lack);
		if (!lack.more)
			break;
	}
	if (lack.more || lack.n_wrong)
		return 0;
	return agree(&w, &before, &after) ? 1 : -1;
}

int main(void)
{
	unsigned int exact = 0, wrong = 0, inexact = 0;

	for (unsigned int i = 0; i < 150; i++) {
		canon_init(&canon);
		int r = change(i);

		if (r < 0 && !wrong++)
			printf("# first: number %u: %s\n", i,
			       err_message() ? err_message() : "the answers are others");
		exact += r > 0;
		inexact += r == 0;
		err_clear();
		arena_reset();
	}
	ok(wrong == 0, "what is called exact is (%u wrong)", wrong);
	ok(exact > 60, "most changes are exact (%u, %u not)", exact, inexact);
	return done();
}
