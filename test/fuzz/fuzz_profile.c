/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compiles any bytes as a profile to a filter, for several machines. A refusal has a message, a
 * success none. An accepted profile may be too large for a filter, but the prover never finds its
 * filter wrong. Written as linux.seccomp it is accepted again and gives the same filter.
 */
#include "base/arena.h"
#include "base/err.h"
#include "fuzz/fuzz.h"
#include "oci/jsonw.h"
#include "seccomp/bpf.h"
#include "seccomp/docker.h"
#include "seccomp/filter.h"

#include <string.h>

const char fuzz_corpus[] = "profile";

static const struct filter *compile(const struct profile *profile, enum abi native, bool compat)
{
	struct filter_options options = { .compat_runc = compat,
					  .kernel_flags = UINT64_MAX,
					  .machine = arch_abi(native)->machine };
	const struct filter *filter;
	int r = filter_compile(profile, &options, &filter);

	/* these messages contain no text of the input */
	if (r < 0)
		require(err_message() && !strstr(err_message(), "the filter is wrong") &&
			!strstr(err_message(), "the kernel would refuse it"));
	if (!outcome(r))
		return NULL;
	require(filter->len <= BPF_MAXINSNS && bpf_first_bad(filter->code, filter->len) < 0);
	return filter;
}

static void one(const struct text *text, const struct profile_facts *facts)
{
	struct jsonw *w = jsonw_new(JSONW_COMPACT);
	struct profile profile, again;
	const struct filter *a, *b;

	if (!outcome(docker_profile_parse("profile.json", text, facts, &profile)))
		return;
	compile(&profile, facts->native, true);
	a = compile(&profile, facts->native, false);
	profile_write(w, &profile);

	struct text written = jsonw_finish(w);

	require(outcome(docker_profile_parse("again.json", &written, facts, &again)));
	b = compile(&again, facts->native, false);
	require(!a == !b);
	if (a)
		require(a->len == b->len && !memcmp(a->code, b->code, a->len * sizeof(*a->code)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct profile_facts facts[] = {
		{ .caps = 0, .native = ABI_X86_64, .kernel_major = 6, .kernel_minor = 18 },
		{ .caps = UINT64_MAX, .native = ABI_AARCH64, .kernel_major = 5 },
		{ .caps = 1, .native = ABI_S390X, .kernel_major = 4, .kernel_minor = 8 },
	};
	struct text text = { arena_memdup(data, size), size };

	for (size_t i = 0; i < ARRAY_LEN(facts); i++)
		one(&text, &facts[i]);
	arena_reset();
	return 0;
}
