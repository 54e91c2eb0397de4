/* SPDX-License-Identifier: Apache-2.0 */
/* Compares the built-in default profile with Docker's, for each call and each capability. */
#include "seccomp/default.h"
#include "seccomp/syscall.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <unistd.h>

#include "unit/seccomp_rules.h"

#define ALLOWED "7fff0000"

/* Calls that the default allows and Docker's profile does not. Every other difference is an
 * error. */
static const struct {
	const char *name, *reason;
	uint64_t cap; /* only with this capability; 0: always */
} more[] = {
	{ "lsm_get_self_attr", "reads attributes of the caller, as /proc/self/attr does", 0 },
	{ "lsm_set_self_attr", "sets them; the security module decides", 0 },
	{ "lsm_list_modules", "names the security modules", 0 },
	{ "uprobe", "fails except from the kernel's trampoline, like uretprobe", 0 },
	{ "file_getattr", "equal to an ioctl that is allowed", 0 },
	{ "file_setattr", "equal to an ioctl that is allowed", 0 },
	{ "get_tls", "beside set_tls", 0 },
	{ "listns", "beside setns", 1ull << 21 },
	{ "open_tree_attr", "equal to open_tree and mount_setattr", 1ull << 21 },
};
static bool used[ARRAY_LEN(more)];

static bool excused(const char *name, const struct profile_facts *facts, const char *ours,
		    const char *theirs)
{
	for (size_t i = 0; i < ARRAY_LEN(more); i++) {
		if (strcmp(more[i].name, name) != 0 || (facts->caps & more[i].cap) != more[i].cap)
			continue;
		used[i] = true;
		return strcmp(ours, ALLOWED) == 0 && !*theirs;
	}
	return false;
}

/* Docker's profile has some calls in two rules with the same action; they count once. */
static const char *once(const char *rules)
{
	return strcmp(rules, ALLOWED "; " ALLOWED) == 0 ? ALLOWED : rules;
}

static unsigned int compare(const struct profile_facts *facts, const struct profile *theirs)
{
	struct profile ours;
	unsigned int wrong = 0;

	if (default_profile(facts, &ours) < 0 || ours.default_action != theirs->default_action)
		return 1;
	for (unsigned int i = 0; i < syscall_count(); i++) {
		const char *name = syscall_name(i);
		const char *a = once(rules_of(&ours, name)), *b = once(rules_of(theirs, name));

		if (strcmp(a, b) == 0 || excused(name, facts, a, b))
			continue;
		wrong++;
		printf("# %s, capabilities %" PRIx64 ", %s: ours \"%s\", Docker's \"%s\"\n", name,
		       facts->caps, arch_abi(facts->native)->scmp, a, b);
	}
	return wrong;
}

static void against_docker(void)
{
	struct profile_facts facts = { .kernel_major = 6, .kernel_minor = 18 };
	struct text text;
	unsigned int wrong = 0, n = 0;

	if (!ok(io_read_file(AT_FDCWD, made_path("docker-2026.json"), 1 << 20, &text) >= 0,
		"Docker's default"))
		return;
	for (facts.native = 0; facts.native < ABI_OWN; facts.native++)
		for (int cap = -2; cap <= 40; cap++) {
			struct profile theirs;

			/* With no capability, Docker's, and each one alone. */
			facts.caps = cap == -2 ? 0 : cap == -1 ? DOCKER_CAPS : UINT64_C(1) << cap;
			if (docker_profile_parse("moby", &text, &facts, &theirs) < 0)
				ok(false, "%s", err_message());
			else
				wrong += compare(&facts, &theirs);
			n++;
		}
	ok(!wrong, "equal to Docker's in %u cases, except for the list", n);
	for (size_t i = 0; i < ARRAY_LEN(more); i++)
		ok(used[i], "really more: %s: %s", more[i].name, more[i].reason);
}

/* Every name in the profile must be a call, so that a misspelt name is found. */
static void names(void)
{
	struct profile_facts facts = { .caps = UINT64_MAX, .native = ABI_X86_64 };
	unsigned int n = 0;
	struct profile p;

	is_int(default_profile(&facts, &p), 0, "made");
	for (size_t i = 0; i < p.n_rules; i++)
		for (size_t j = 0; j < p.rules[i].n_names; j++, n++)
			if (syscall_id(p.rules[i].names[j]) < 0)
				ok(false, "%s is no call", p.rules[i].names[j]);
	ok(n > 380, "%u names", n);
	ok(p.n_abis == 3 && p.abis[0] == ABI_X86_64 && p.abis[2] == ABI_X32, "architectures");
	is_str(rules_of(&p, "io_uring_setup"), "", "io_uring is always denied");
	is_str(rules_of(&p, "clone3"), ALLOWED, "clone3 with CAP_SYS_ADMIN");
	facts.caps = 0;
	is_int(default_profile(&facts, &p), 0, "made");
	is_str(rules_of(&p, "clone3"), "50026", "clone3 without");
	facts.native = ABI_PPC;
	is_int(default_profile(&facts, &p), -ENOTSUP, "no table, no default");
}

int main(void)
{
	names();
	against_docker();
	return done();
}
