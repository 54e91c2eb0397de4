/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The built-in profiles of engines answer every call as the profiles of profiles.table do, and as
 * the engines' own files do where those are there: on each architecture, with no, all, Docker's and
 * each capability alone or missing, on kernels around each condition.
 */
#include "seccomp/engines.h"
#include "seccomp/policy.h"
#include "seccomp/verdicts.h"

#include "unit/seccomp_rules.h"

enum { CAPS = 41 };

static const struct {
	const char *engine, *made, *shared; /* shared NULL: the engine has no such file */
} pairs[] = {
	{ "docker", "docker-2026.json", "moby-default-2026.json" },
	{ "containerd", "containerd-2026.json", NULL },
	{ "podman", "podman-2026.json", "containers-common-2026.json" },
	{ "crio", "crio-2026.json", NULL },
};

static bool stop(void *ctx, const struct verdicts_pair *pair)
{
	struct verdicts_pair *found = ctx;

	if (pair->a == pair->b)
		return true;
	*found = *pair;
	return false;
}

static bool verdicts_read(const struct profile *profile, const struct profile_facts *facts,
			  struct canon *canon, struct verdicts *ret)
{
	const struct policy *policy;

	if (policy_make(profile, facts->native, false, &policy) < 0)
		return false;
	verdicts_of_policy(policy, canon, ret);
	return true;
}

static bool agree(const struct engines_profile *engine, const char *path,
		  const struct profile_facts *facts)
{
	struct verdicts_pair differing = { .first = UINT32_MAX, .last = 0 };
	struct profile ours, theirs;
	struct verdicts a, b;
	struct canon canon;

	canon_init(&canon);
	engines_make(engine, facts, &ours);
	if (!profile_read(path, facts, &theirs) || !verdicts_read(&ours, facts, &canon, &a) ||
	    !verdicts_read(&theirs, facts, &canon, &b))
		return false;
	verdicts_each(&a, &b, stop, &differing);
	if (differing.first > differing.last && !canon.overflow)
		return true;
	printf("# %s, %s, capabilities %" PRIx64 ", Linux %u.%u: number %u differs\n", engine->name,
	       arch_abi(facts->native)->scmp, facts->caps, facts->kernel_major, facts->kernel_minor,
	       differing.first);
	return false;
}

/* n-th set of capabilities: none, all, Docker's, each one alone, all but each one. */
static uint64_t caps_nth(unsigned int n)
{
	if (n < 3)
		return n == 0 ? 0 : n == 1 ? UINT64_MAX : DOCKER_CAPS;
	return n < 3 + CAPS ? UINT64_C(1) << (n - 3) : ~(UINT64_C(1) << (n - 3 - CAPS));
}

static void compare(const char *name, const char *where)
{
	char *path = strdup(where); /* the arena is reset in between */
	static const unsigned int kernels[][2] = { { 6, 18 }, { 4, 7 }, { 4, 8 }, { 3, 10 } };
	const struct engines_profile *engine = engines_find(name);
	unsigned int n = 0, wrong = 0;

	for (enum abi abi = 0; abi < ABI_OWN && wrong < 9; abi++)
		for (unsigned int caps = 0; caps < 3 + 2 * CAPS; caps++) {
			struct profile_facts facts = { .native = abi, .caps = caps_nth(caps) };

			/* conditions on capabilities are the same on all other architectures */
			if (caps > 2 && abi != ABI_X86_64 && abi != ABI_S390X)
				break;
			for (size_t i = 0; i < (caps < 3 ? ARRAY_LEN(kernels) : 1); i++, n++) {
				facts.kernel_major = kernels[i][0];
				facts.kernel_minor = kernels[i][1];
				wrong += !agree(engine, path, &facts);
				arena_reset();
			}
		}
	ok(!wrong, "%s: %u of %u sets of facts answer alike", name, n - wrong, n);
	free(path);
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		const struct engines_profile *engine = engines_find(pairs[i].engine);

		if (!ok(engine && strlen(engine->date) == 10 && *engine->source,
			"%s is built in, with its source and date", pairs[i].engine))
			continue;
		compare(engine->name, made_path(pairs[i].made));
		if (pairs[i].shared && shared_path(pairs[i].shared))
			compare(engine->name, shared_path(pairs[i].shared));
	}
	ok(!engines_find("cri-o") && !engines_find("Docker"), "no other name is one");
	return done();
}
