/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads any JSON as a seccompiler filter, as a resource of the security-profiles-operator and as a
 * pod. A refusal has a message, a success none. An accepted profile gives a policy or a message
 * with the reason. Written as seccompiler's JSON, it is accepted again.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "fuzz/fuzz.h"
#include "oci/json.h"
#include "seccomp/pod.h"
#include "seccomp/policy.h"
#include "seccomp/seccompiler.h"
#include "seccomp/spo.h"

const char fuzz_corpus[] = "formats";

static bool has_policy(const struct profile *profile, enum abi native)
{
	const struct policy *policy;

	return outcome(policy_make(profile, native, false, &policy));
}

static void seccompiler(const struct json *root, const struct profile_facts *facts)
{
	struct profile profile, again;
	const struct json *written;
	struct text text;

	if (!outcome(seccompiler_profile_decode("f.json", root, NULL, facts, &profile)) ||
	    !has_policy(&profile, facts->native) ||
	    !outcome(seccompiler_profile_write(&profile, "thread", facts->native, &text)))
		return;
	require(outcome(json_parse("again.json", &text, &written)));
	require(outcome(
		seccompiler_profile_decode("again.json", written, "thread", facts, &again)));
	require(has_policy(&again, facts->native));
}

static void spo(const struct json *root, const struct profile_facts *facts)
{
	const struct spo_documents others = { 1, &root };
	struct profile profile;
	struct text text;

	if (outcome(spo_profile_decode("p.json", root, &others, facts, &profile)) &&
	    has_policy(&profile, facts->native) && outcome(spo_write(&profile, "name", &text)))
		require(text.len > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct profile_facts facts[] = { { .native = ABI_X86_64 },
						      { .native = ABI_S390X } };
	struct text text = { arena_memdup(data, size), size };
	const struct json *root;
	struct pod pod;

	if (outcome(json_parse("f.json", &text, &root))) {
		for (size_t i = 0; i < ARRAY_LEN(facts); i++) {
			seccompiler(root, &facts[i]);
			spo(root, &facts[i]);
		}
		if (outcome(pod_read(root, &pod)))
			require(pod.n > 0);
	}
	arena_reset();
	return 0;
}
