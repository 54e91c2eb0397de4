/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a profile to the checks: what they say can be removed is removed, and the profile
 * that is left answers every call as before.
 */
#include "base/arena.h"
#include "base/err.h"
#include "fuzz/fuzz.h"
#include "oci/json.h"
#include "oci/json_edit.h"
#include "seccomp/check.h"
#include "seccomp/docker.h"

#include <string.h>

const char fuzz_corpus[] = "profile";

struct read {
	const struct json *root;
	struct profile profile;
	struct verdicts verdicts;
};

static bool read_text(const struct text *text, const struct profile_facts *facts,
		      struct canon *canon, struct read *ret)
{
	const struct policy *policy;

	if (json_parse("p.json", text, &ret->root) < 0 ||
	    docker_profile_decode("p.json", ret->root, facts, &ret->profile) < 0 ||
	    policy_make(&ret->profile, facts->native, false, &policy) < 0)
		return false;
	verdicts_of_policy(policy, canon, &ret->verdicts);
	return !canon->overflow;
}

static bool same_pair(void *ctx, const struct verdicts_pair *pair)
{
	bool *same = ctx;

	*same = pair->a == pair->b;
	return *same;
}

static void one(const struct text *text, const struct profile_facts *facts,
		enum check_target target)
{
	struct canon canon;
	struct read before, after;
	struct text less;
	bool same = false;

	canon_init(&canon);
	if (!read_text(text, facts, &canon, &before))
		return;
	const struct json *inside = json_member(json_member(before.root, "linux"), "seccomp");
	struct check_run c = { .name = "p.json",
			       .kind = CHECK_OCI,
			       .target = target,
			       .root = inside ? inside : before.root,
			       .profile = &before.profile,
			       .facts = *facts,
			       .canon = &canon,
			       .verdicts = &before.verdicts };
	struct json_edit *e = json_edit_new(before.root);

	check_all(&c);
	if (canon.overflow)
		return;
	for (size_t i = 0; i < c.found.n; i++) {
		size_t line, column;

		json_position(c.found.v[i].at, &line, &column);
		require(line >= 1 && column >= 1 && c.found.v[i].text[0]);
		for (size_t j = 0; j < c.found.v[i].n_remove; j++)
			json_edit_remove(e, c.found.v[i].remove[j]);
	}
	require(json_edit_finish(e, &less) >= 0);
	require(read_text(&less, facts, &canon, &after) || canon.overflow);
	if (canon.overflow)
		return;
	verdicts_each(&before.verdicts, &after.verdicts, same_pair, &same);
	require(same);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct profile_facts facts[] = {
		{ .caps = 0, .native = ABI_X86_64, .kernel_major = 6, .kernel_minor = 18 },
		{ .caps = UINT64_MAX, .native = ABI_S390X, .kernel_major = 4, .kernel_minor = 8 },
	};
	struct text text = { arena_memdup(data, size), size };

	one(&text, &facts[0], CHECK_KUBERNETES);
	err_clear();
	one(&text, &facts[1], CHECK_PODMAN);
	err_clear();
	arena_reset();
	return 0;
}
