/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libseccomp as an oracle: the program that it makes of a profile, called like runc calls it. It
 * runs in a child process with a deadline, because libseccomp 2.5.4 may loop forever on certain
 * conditions.
 */
#ifndef TEST_UNIT_SECCOMP_ORACLE_H
#define TEST_UNIT_SECCOMP_ORACLE_H

#include "seccomp/profile.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <poll.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ORACLE_DEADLINE = 20000 /* ms for one profile */, ORACLE_MAX = 32768 };

struct oracle {
	pid_t child;
	int pipe;
	unsigned int next, end; /* the number that the child works on; the last one plus 1 */
	void (*make)(unsigned int number, struct profile *ret, enum abi *ret_native);
};

struct oracle_program {
	int32_t error; /* of libseccomp, or -ETIME, or -EPIPE (it crashed) */
	uint32_t len;
	struct sock_filter code[ORACLE_MAX];
};

/* libseccomp's tokens are AUDIT_ARCH_* except for x32. */
static uint32_t oracle_token(enum abi abi)
{
	return abi == ABI_X32 ? SCMP_ARCH_X32 : arch_abi(abi)->audit;
}

static int oracle_rule(scmp_filter_ctx ctx, const struct rule *rule, int nr)
{
	struct scmp_arg_cmp args[6];
	unsigned int seen = 0;
	bool repeated = false;

	for (uint32_t i = 0; i < rule->n_conditions && i < 6; i++) {
		const struct condition *c = &rule->conditions[i];

		args[i] = (struct scmp_arg_cmp){ c->index, (enum scmp_compare)c->op, c->value,
						 c->value_two };
		repeated |= seen >> c->index & 1;
		seen |= 1u << c->index;
	}
	if (!repeated)
		return seccomp_rule_add_array(ctx, rule->action, nr, rule->n_conditions, args);
	for (uint32_t i = 0; i < rule->n_conditions; i++) {
		int r = seccomp_rule_add_array(ctx, rule->action, nr, 1, &args[i]);

		if (r < 0)
			return r;
	}
	return 0;
}

static int oracle_rules(scmp_filter_ctx ctx, const struct profile *p)
{
	for (size_t i = 0; i < p->n_rules; i++)
		for (uint32_t j = 0; j < p->rules[i].n_names; j++) {
			int nr = seccomp_syscall_resolve_name(p->rules[i].names[j]), r;

			if (nr == __NR_SCMP_ERROR || p->rules[i].action == p->default_action)
				continue;
			r = oracle_rule(ctx, &p->rules[i], nr);
			if (r < 0)
				return r;
		}
	return 0;
}

static void oracle_compile(const struct profile *p, enum abi native, struct oracle_program *ret)
{
	scmp_filter_ctx ctx;
	int fd = memfd_create("bpf", MFD_CLOEXEC);
	ssize_t n;

	seccomp_api_set(6);
	seccomp_api_set(5);
	ctx = seccomp_init(p->default_action);
	if (native != ABI_X86_64 || seccomp_arch_native() != SCMP_ARCH_X86_64) {
		seccomp_arch_remove(ctx, SCMP_ARCH_NATIVE);
		seccomp_arch_add(ctx, oracle_token(native));
	}
	for (size_t i = 0; i < p->n_abis; i++)
		seccomp_arch_add(ctx, oracle_token(p->abis[i]));
	ret->error = oracle_rules(ctx, p);
	if (p->n_rules > 32)
		seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	if (ret->error == 0)
		ret->error = seccomp_export_bpf(ctx, fd);
	n = pread(fd, ret->code, sizeof(ret->code), 0);
	ret->len = n < 0 ? 0 : (uint32_t)((size_t)n / sizeof(*ret->code));
	seccomp_release(ctx);
	close(fd);
}

static void oracle_work(struct oracle *o, int out, struct oracle_program *buffer)
{
	for (unsigned int i = o->next; i < o->end; i++) {
		struct profile p;
		enum abi native;

		o->make(i, &p, &native);
		oracle_compile(&p, native, buffer);
		size_t left =
			offsetof(struct oracle_program, code) + buffer->len * sizeof(*buffer->code);
		const char *at = (const char *)buffer;

		while (left) {
			ssize_t n = write(out, at, left);

			if (n <= 0)
				_exit(1);
			at += n;
			left -= (size_t)n;
		}
	}
	_exit(0);
}

static void oracle_start(struct oracle *o, struct oracle_program *buffer)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		abort();
	fflush(stdout);
	o->child = fork();
	if (o->child == 0)
		oracle_work(o, fds[1], buffer);
	close(fds[1]);
	o->pipe = fds[0];
}

static void oracle_stop(struct oracle *o)
{
	if (!o->child)
		return;
	kill(o->child, SIGKILL);
	waitpid(o->child, NULL, 0);
	close(o->pipe);
	o->child = 0;
}

static int oracle_read(const struct oracle *o, void *to, size_t n)
{
	for (char *at = to; n;) {
		struct pollfd p = { o->pipe, POLLIN, 0 };
		ssize_t got;

		if (poll(&p, 1, ORACLE_DEADLINE) == 0)
			return -ETIME;
		got = read(o->pipe, at, n);
		if (got <= 0)
			return -EPIPE;
		at += got;
		n -= (size_t)got;
	}
	return 0;
}

/* The program of the next profile; error is set if there is none. */
__attribute__((unused)) static void oracle_next(struct oracle *o, struct oracle_program *ret)
{
	int r;

	if (!o->child)
		oracle_start(o, ret);
	o->next++;
	r = oracle_read(o, ret, offsetof(struct oracle_program, code));
	if (r == 0)
		r = oracle_read(o, ret->code, ret->len * sizeof(*ret->code));
	if (r < 0) {
		oracle_stop(o);
		ret->error = r;
		ret->len = 0;
	}
	if (o->next == o->end)
		oracle_stop(o);
}

#endif
