/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the comparison with libseccomp. Nothing depends on its result but figures that are shown. */
#include "cmd/seccomp/libseccomp.h"

#include "base/arena.h"
#include "base/fd.h"
#include "base/io.h"
#include "seccomp/bpf.h"

#include <fcntl.h>
#include <seccomp.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SECONDS = 2, RULES_SORTED = 32 /* from here on runc asks for a sorted filter */ };

static uint32_t token(enum abi abi)
{
	return abi == ABI_X32 ? SCMP_ARCH_X32 : arch_abi(abi)->audit;
}

static int add_rule(scmp_filter_ctx ctx, const struct rule *rule, int nr)
{
	struct scmp_arg_cmp *args = arena_array(rule->n_conditions, sizeof(*args));
	int r = 0;

	for (uint32_t i = 0; i < rule->n_conditions; i++) {
		const struct condition *c = &rule->conditions[i];

		args[i] = (struct scmp_arg_cmp){ c->index, (enum scmp_compare)c->op, c->value,
						 c->value_two };
	}
	if (!profile_rule_repeats_index(rule))
		return seccomp_rule_add_array(ctx, rule->action, nr, rule->n_conditions, args);
	for (uint32_t i = 0; i < rule->n_conditions && r == 0; i++)
		r = seccomp_rule_add_array(ctx, rule->action, nr, 1, &args[i]);
	return r;
}

static int add_rules(scmp_filter_ctx ctx, const struct profile *p)
{
	int r = 0;

	for (size_t i = 0; i < p->n_rules; i++)
		for (uint32_t j = 0; j < p->rules[i].n_names && r == 0; j++) {
			int nr = seccomp_syscall_resolve_name(p->rules[i].names[j]);

			if (nr != __NR_SCMP_ERROR && p->rules[i].action != p->default_action)
				r = add_rule(ctx, &p->rules[i], nr);
		}
	return r;
}

static bool write_filter(const struct profile *p, enum abi native, int fd)
{
	scmp_filter_ctx ctx = seccomp_init(p->default_action);

	if (!ctx)
		return false;
	if (token(native) != seccomp_arch_native()) {
		(void)seccomp_arch_remove(ctx, SCMP_ARCH_NATIVE);
		(void)seccomp_arch_add(ctx, token(native));
	}
	for (size_t i = 0; i < p->n_abis; i++)
		(void)seccomp_arch_add(ctx, token(p->abis[i]));
	if (p->n_rules > RULES_SORTED)
		(void)seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	return add_rules(ctx, p) == 0 && seccomp_export_bpf(ctx, fd) == 0;
}

static _Noreturn void work(const struct profile *p, enum abi native, int fd)
{
	const struct rlimit limit = { SECONDS, SECONDS };
	const struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
	setrlimit(RLIMIT_CPU, &limit);
	_exit(write_filter(p, native, fd) ? 0 : 1);
}

bool libseccomp_compile(const struct profile *profile, enum abi native, struct bpf_program *ret)
{
	struct text text = { 0 };
	int fds[2], status = -1;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return false;
	pid_t child = fork();

	if (child == 0)
		work(profile, native, fds[1]);
	close(fds[1]);
	int r = child < 0 ? -1
			  : io_read_all(fds[0], BPF_MAXINSNS * sizeof(struct sock_filter), &text);

	close(fds[0]);
	if (child > 0)
		waitpid(child, &status, 0);
	if (r < 0 || status != 0 || text.len == 0 || text.len % sizeof(struct sock_filter))
		return false;
	struct sock_filter *code = arena_array(text.len / sizeof(*code), sizeof(*code));

	memcpy(code, text.data, text.len);
	*ret = (struct bpf_program){ code, (uint16_t)(text.len / sizeof(*code)) };
	return bpf_first_bad(code, ret->len) < 0;
}
