/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compares profiles.table with the engines' own files in ../shared/profiles. For every native
 * architecture, and on x86_64 for every capability, it proves that the program compiled from our
 * profile gives the answer of the engine's policy for every call and every argument.
 */
#include "seccomp/emit.h"
#include "seccomp/policy.h"
#include "seccomp/prove.h"
#include "seccomp/tree.h"

#include "unit/seccomp_rules.h"

static const struct {
	const char *ours, *theirs;
	bool resolved; /* for amd64 and Docker's capabilities only */
} pairs[] = {
	{ "docker-2016.json", "moby-fixture-default-old-format.json", false },
	{ "docker-2021.json", "youki-fixture-config.json", false },
	{ "docker-2024.json", "youki-experiment-default.json", false },
	{ "docker-2026.json", "moby-default-2026.json", false },
	{ "docker-2026.oci.json", "resolved-moby-default-2026.amd64.k6.18.defaultcaps.oci.json",
	  true },
	{ "podman-2020.json", "containers-golang-2020.json", false },
	{ "podman-2022.json", "containers-common-debian12.json", false },
	{ "podman-2026.json", "containers-common-2026.json", false },
	{ "podman-2026.oci.json", "resolved-containers-common-2026.amd64.dockercaps.oci.json",
	  true },
};

/* Prints the names of the calls with different answers, as the reason of a failed proof. */
static void show_names(const struct profile *ours, const struct profile *theirs)
{
	const char *last = "";

	for (int turn = 0; turn < 2; turn++) {
		const struct profile *p = turn ? theirs : ours;

		for (size_t i = 0; i < p->n_rules; i++)
			for (size_t j = 0; j < p->rules[i].n_names; j++) {
				const char *name = p->rules[i].names[j];
				const char *a = rules_of(ours, name), *b = rules_of(theirs, name);

				if (strcmp(a, b) != 0 && strcmp(name, last) != 0)
					printf("# %s: ours \"%s\", theirs \"%s\"\n", name, a, b);
				last = name;
			}
	}
}

static bool same_abis(const struct profile *a, const struct profile *b)
{
	bool same = a->n_abis == b->n_abis;

	for (size_t i = 0; same && i < a->n_abis; i++)
		same = a->abis[i] == b->abis[i];
	return same;
}

/* 0 if both mean the same under these facts. */
static int compare(const char *our_path, const char *their_path, const struct profile_facts *facts)
{
	const struct policy *a, *b;
	struct profile ours, theirs;
	struct bpf_program program;
	struct tree tree;

	if (!profile_read(our_path, facts, &ours) || !profile_read(their_path, facts, &theirs))
		return -1;
	if (!same_abis(&ours, &theirs))
		return fail(0, "architectures differ");
	/* does not depend on the kernel */
	if (facts->native != ABI_X86_64 && ours.n_abis && ours.abis[0] == ABI_X86_64)
		ours.n_abis = theirs.n_abis = 0;
	int r = policy_make(&ours, facts->native, false, &a);

	if (r == 0)
		r = policy_make(&theirs, facts->native, false, &b);
	if (r == 0)
		r = emit(&tree, tree_make(&tree, a), ours.place, &program);
	if (r == 0)
		r = prove(b, &program, "theirs");
	if (r < 0)
		show_names(&ours, &theirs);
	return r;
}

static unsigned int compare_all(size_t i, unsigned int *n)
{
	struct profile_facts facts = { .kernel_minor = 4 };
	unsigned int wrong = 0;

	for (facts.native = 0; facts.native < ABI_OWN && !wrong; facts.native++)
		for (int cap = -2; cap <= 40 && !wrong; cap++) {
			/* With no capability, Docker's, and each one alone; with minKernel 4.8
			 * and older kernels. */
			facts.caps = cap == -2 ? 0 : cap == -1 ? DOCKER_CAPS : UINT64_C(1) << cap;
			facts.kernel_major = cap == -2 ? 4 : 6;
			if (facts.native != ABI_X86_64 && cap >= 0)
				break;
			if (pairs[i].resolved && (facts.native != ABI_X86_64 || cap != -1))
				continue;
			if (compare(made_path(pairs[i].ours), shared_path(pairs[i].theirs),
				    &facts) < 0) {
				printf("# %s, capabilities %" PRIx64 ": %s\n",
				       arch_abi(facts.native)->scmp, facts.caps, err_message());
				wrong++;
			}
			++*n;
			arena_reset();
		}
	return wrong;
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		unsigned int wrong, n = 0;

		if (!shared_path(pairs[i].theirs))
			continue;
		wrong = compare_all(i, &n);
		ok(n && !wrong, "%s means what %s means, in %u cases", pairs[i].ours,
		   pairs[i].theirs, n);
	}
	if (!tap_n)
		skip("../shared/profiles is missing: the table was not compared");
	return done();
}
