/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads any text as a systemd unit, as a minijail policy, which may include itself, and as a list
 * of expectations. A refusal has a message, a success none. An accepted text gives a policy, or a
 * message with the reason.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "fuzz/fuzz.h"
#include "seccomp/expect.h"
#include "seccomp/minijail.h"
#include "seccomp/policy.h"
#include "seccomp/systemd.h"

const char fuzz_corpus[] = "lines";

static bool constant(void *ctx, const char *name, uint64_t *ret)
{
	*ret = (uint64_t)(unsigned char)name[0] << (name[1] & 63);
	return ctx && name[0] != 'Z';
}

static int include(void *ctx, const char *from, const char *path, const char **ret_name,
		   struct text *ret)
{
	*ret = *(struct text *)ctx;
	*ret_name = path;
	return from[0] ? 0 : fail(0, "nothing");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct profile_facts facts[] = { { .native = ABI_X86_64 },
						      { .native = ABI_ARM } };
	struct text text = { arena_memdup(data, size), size };
	const struct minijail_source source = { &text, constant, include };

	struct expect expect;

	systemd_profile_is(&text);
	if (outcome(expect_parse("a.expect", &text, &expect)))
		for (size_t i = 0; i < expect.n; i++)
			expect_holds(&expect.v[i], 0);
	for (size_t i = 0; i < ARRAY_LEN(facts); i++) {
		const struct policy *policy;
		struct profile profile;

		if (outcome(systemd_profile_parse("a.service", &text, &facts[i], &profile)))
			outcome(policy_make(&profile, facts[i].native, false, &policy));
		if (outcome(minijail_profile_parse("a.policy", &text, &source, &facts[i],
						   &profile)))
			outcome(policy_make(&profile, facts[i].native, false, &policy));
	}
	arena_reset();
	return 0;
}
