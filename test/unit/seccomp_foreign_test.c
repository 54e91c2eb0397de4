/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Units of systemd, policies of minijail and files of seccompiler against the filters that those
 * programs make: systemd's by libseccomp, called as systemd calls it; those of the others are
 * written out. Every call of every architecture is answered alike.
 */
#include "base/arena.h"
#include "base/err.h"
#include "oci/json.h"
#include "seccomp/minijail.h"
#include "seccomp/policy.h"
#include "seccomp/seccompiler.h"
#include "seccomp/syscall.h"
#include "seccomp/systemd.h"
#include "seccomp/verdicts.h"

#include <errno.h>
#include <linux/audit.h>
#include <seccomp.h>
#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

#include "unit/tap.h"

#define LOAD(member) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, member))
#define JEQ(k, jt, jf) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, k, jt, jf)
#define RET(k) BPF_STMT(BPF_RET | BPF_K, k)

enum { READ = 0, CLOSE = 3 }; /* on x86_64 */

static const struct profile_facts facts = { .native = ABI_X86_64 };

static bool differ(void *ctx, const struct verdicts_pair *pair)
{
	struct verdicts_pair *found = ctx;

	if (pair->a == pair->b)
		return true;
	*found = *pair;
	return false;
}

static void compare(const struct profile *p, const struct bpf_program *programs, size_t n,
		    const char *what)
{
	struct verdicts_pair differing = { .first = 1, .last = 0 };
	struct verdicts ours, theirs = { 0 };
	const struct policy *policy;
	struct canon canon;

	canon_init(&canon);
	if (policy_make(p, ABI_X86_64, false, &policy) < 0) {
		ok(false, "%s: %s", what, err_message());
		return;
	}
	verdicts_of_policy(policy, &canon, &ours);
	for (size_t i = 0; i < n; i++) {
		struct verdicts one, before = theirs;

		if (verdicts_of_program(&programs[i], &canon, &one) < 0) {
			ok(false, "%s: %s", what, err_message());
			return;
		}
		if (i)
			verdicts_join(&canon, &before, &one, &theirs);
		else
			theirs = one;
	}
	verdicts_each(&ours, &theirs, differ, &differing);
	ok(differing.first > differing.last, "%s", what);
	if (differing.first <= differing.last)
		printf("# architecture %x, numbers %u to %u\n", differing.audit, differing.first,
		       differing.last);
}

static void test_minijail(void)
{
	static char policy[] = "read: 1\nclose: return EPERM\n";
	static const struct sock_filter code[] = {
		LOAD(arch),
		JEQ(AUDIT_ARCH_X86_64, 1, 0),
		RET(SECCOMP_RET_KILL_THREAD),
		LOAD(nr),
		JEQ(READ, 2, 0),
		JEQ(CLOSE, 2, 0),
		RET(SECCOMP_RET_KILL_THREAD),
		RET(SECCOMP_RET_ALLOW),
		RET(SECCOMP_RET_ERRNO | EPERM),
	};
	const struct bpf_program program = { code, ARRAY_LEN(code) };
	const struct text text = { policy, strlen(policy) };
	struct profile p;

	if (ok(minijail_profile_parse("p", &text, NULL, &facts, &p) == 0, "a policy of minijail"))
		compare(&p, &program, 1, "is answered as minijail's filter does");
}

static void test_seccompiler(void)
{
	static char json[] = "{\"t\": {\"mismatch_action\": {\"errno\": 1}, \"match_action\": "
			     "\"allow\", \"filter\": [{\"syscall\": \"read\"}]}}";
	static const struct sock_filter code[] = {
		LOAD(arch),
		JEQ(AUDIT_ARCH_X86_64, 1, 0),
		RET(SECCOMP_RET_KILL_PROCESS),
		LOAD(nr),
		JEQ(READ, 1, 0),
		RET(SECCOMP_RET_ERRNO | 1),
		RET(SECCOMP_RET_ALLOW),
	};
	const struct bpf_program program = { code, ARRAY_LEN(code) };
	const struct text text = { json, strlen(json) };
	const struct json *root;
	struct profile p;

	if (ok(json_parse("p", &text, &root) == 0 &&
		       seccompiler_profile_decode("p", root, NULL, &facts, &p) == 0,
	       "a file of seccompiler"))
		compare(&p, &program, 1, "is answered as seccompiler's filter does");
}

/* --- systemd ------------------------------------------------------------------------------ */

static bool export(scmp_filter_ctx ctx, struct bpf_program *ret)
{
	int fd = memfd_create("bpf", MFD_CLOEXEC);
	struct sock_filter *code = arena_array(BPF_MAXINSNS, sizeof(*code));
	ssize_t n = -1;

	if (seccomp_export_bpf(ctx, fd) == 0)
		n = pread(fd, code, BPF_MAXINSNS * sizeof(*code), 0);
	close(fd);
	seccomp_release(ctx);
	*ret = (struct bpf_program){ code, (uint16_t)((size_t)n / sizeof(*code)) };
	return n > 0;
}

/* The filter of one architecture: all others are let through. */
static bool make_list(const struct profile *p, uint32_t arch, uint32_t def, struct bpf_program *ret)
{
	scmp_filter_ctx ctx = seccomp_init(def);

	if (arch != seccomp_arch_native()) {
		seccomp_arch_remove(ctx, seccomp_arch_native());
		seccomp_arch_add(ctx, arch);
	}
	seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ALLOW);
	for (size_t i = 0; i < p->n_rules; i++)
		for (uint32_t j = 0; j < p->rules[i].n_names; j++) {
			int nr = seccomp_syscall_resolve_name(p->rules[i].names[j]);

			if (p->rules[i].action != def)
				(void)!seccomp_rule_add_exact(ctx, p->rules[i].action, nr, 0);
		}
	return export(ctx, ret);
}

/* Takes the names out that this libseccomp does not know; systemd cannot make rules of them. */
static void forget_unknown(struct profile *p)
{
	struct rule *rules = arena_array(p->n_rules, sizeof(*rules));

	for (size_t i = 0; i < p->n_rules; i++) {
		const struct rule *from = &p->rules[i];
		const char **names = arena_array(from->n_names, sizeof(*names));

		rules[i] = *from;
		rules[i].names = names;
		rules[i].n_names = 0;
		for (uint32_t j = 0; j < from->n_names; j++)
			if (seccomp_syscall_resolve_name(from->names[j]) != __NR_SCMP_ERROR)
				names[rules[i].n_names++] = from->names[j];
	}
	p->rules = rules;
}

static bool parse_unit(char *unit, struct profile *ret)
{
	const struct text text = { unit, strlen(unit) };

	if (!ok(systemd_profile_parse("u", &text, &facts, ret) == 0, "a unit of systemd"))
		return false;
	forget_unknown(ret);
	return true;
}

static void test_systemd(void)
{
	static char list[] = "SystemCallFilter=read close\nSystemCallErrorNumber=EPERM\n";
	static char deny[] = "SystemCallFilter=~mkdir swapon:ENOSYS\n";
	static const uint32_t archs[] = { SCMP_ARCH_X86, SCMP_ARCH_X32, SCMP_ARCH_X86_64 };
	struct bpf_program programs[ARRAY_LEN(archs)];
	struct profile p;
	bool made = true;

	if (seccomp_arch_native() != SCMP_ARCH_X86_64) {
		skip("libseccomp resolves names by the machine's architecture, here not x86_64");
		return;
	}
	seccomp_api_set(6);
	if (!parse_unit(list, &p))
		return;
	for (size_t i = 0; i < ARRAY_LEN(archs); i++)
		made &= make_list(&p, archs[i], SCMP_ACT_ERRNO(EPERM), &programs[i]);
	if (ok(made, "libseccomp's filters"))
		compare(&p, programs, ARRAY_LEN(archs),
			"a list is answered as systemd's filters do");
	if (!parse_unit(deny, &p))
		return;
	for (size_t i = 0; i < ARRAY_LEN(archs); i++)
		made &= make_list(&p, archs[i], SCMP_ACT_ALLOW, &programs[i]);
	compare(&p, programs, ARRAY_LEN(archs), "and so is one that denies");
}

/* With SystemCallArchitectures=native another filter kills on all but that one. */
static void test_systemd_native(void)
{
	static char unit[] = "SystemCallFilter=read\nSystemCallArchitectures=native\n";
	struct bpf_program programs[2];
	struct profile p;

	if (seccomp_arch_native() != SCMP_ARCH_X86_64 || !parse_unit(unit, &p))
		return;
	if (ok(make_list(&p, SCMP_ARCH_X86_64, SCMP_ACT_KILL_PROCESS, &programs[0]) &&
		       export(seccomp_init(SCMP_ACT_ALLOW), &programs[1]),
	       "libseccomp's filters"))
		compare(&p, programs, 2, "the others are killed");
}

int main(void)
{
	test_minijail();
	test_seccompiler();
	test_systemd();
	test_systemd_native();
	return done();
}
