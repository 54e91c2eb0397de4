/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Measures the time from a profile to a proved program, and the time of libseccomp for the same
 * rules. A runtime compiles only one filter, so each sample is the first compilation of a new
 * process.
 *
 * bench_seccomp PROFILE [SAMPLES]
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "base/num.h"
#include "oci/config.h"
#include "oci/parse.h"
#include "seccomp/bpf.h"
#include "seccomp/emit.h"
#include "seccomp/filter.h"
#include "seccomp/oci.h"
#include "seccomp/policy.h"
#include "seccomp/profile.h"
#include "seccomp/prove.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PHASES = 6, SAMPLES_MAX = 1000, WARM = 50 };

/* Time in microseconds, and length of the program. */
struct sample {
	double us[PHASES];
	int len;
};

static const char *const phases[PHASES] = { "total", "policy", "tree", "emit", "prove", "parse" };

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static const struct profile *read_profile(const char *path, double *us)
{
	const struct profile *profile;
	struct seccomp_spec spec;
	struct text text;

	if (io_read_file(AT_FDCWD, path, 1 << 22, &text) < 0) {
		fprintf(stderr, "%s: cannot be read\n", path);
		exit(1);
	}
	double start = now();

	if (parse_seccomp(path, &text, &spec) < 0 || oci_profile(&spec, false, &profile) < 0 ||
	    !profile) {
		fprintf(stderr, "%s\n",
			err_message() ? err_message() : "the profile asks for no filter");
		exit(1);
	}
	*us = now() - start;
	return profile;
}

static struct sample compile_ours(const struct profile *profile)
{
	struct sample s = { 0 };
	const struct policy *policy;
	struct bpf_program program;
	struct tree tree;
	double t[5];

	t[0] = now();
	int r = policy_make(profile, ABI_X86_64, false, &policy);

	t[1] = now();
	const struct node *first = r < 0 ? NULL : tree_make(&tree, policy);

	t[2] = now();
	r = r < 0 ? r : emit(&tree, first, profile->place, &program);
	t[3] = now();
	r = r < 0 ? r : prove(policy, &program, profile->place);
	t[4] = now();
	if (r < 0) {
		fprintf(stderr, "%s\n", err_message());
		exit(1);
	}
	s.us[0] = t[4] - t[0];
	for (int i = 1; i < 5; i++)
		s.us[i] = t[i] - t[i - 1];
	s.len = program.len;
	return s;
}

/* --- libseccomp --------------------------------------------------------------------------- */

static void add_rule(scmp_filter_ctx ctx, const struct rule *rule, const char *name)
{
	static const enum scmp_compare ops[] = { [SECCOMP_OP_NE] = SCMP_CMP_NE,
						 [SECCOMP_OP_LT] = SCMP_CMP_LT,
						 [SECCOMP_OP_LE] = SCMP_CMP_LE,
						 [SECCOMP_OP_EQ] = SCMP_CMP_EQ,
						 [SECCOMP_OP_GE] = SCMP_CMP_GE,
						 [SECCOMP_OP_GT] = SCMP_CMP_GT,
						 [SECCOMP_OP_MASKED_EQ] = SCMP_CMP_MASKED_EQ };
	struct scmp_arg_cmp args[6];
	int nr = seccomp_syscall_resolve_name(name);

	if (nr == __NR_SCMP_ERROR || rule->n_conditions > ARRAY_LEN(args))
		return;
	for (uint32_t i = 0; i < rule->n_conditions; i++) {
		const struct condition *c = &rule->conditions[i];

		args[i] = (struct scmp_arg_cmp){ .arg = c->index,
						 .op = ops[c->op],
						 .datum_a = c->value,
						 .datum_b = c->value_two };
	}
	if (seccomp_rule_add_array(ctx, rule->action, nr, rule->n_conditions, args) < 0)
		fprintf(stderr, "libseccomp refuses a rule about %s\n", name);
}

static struct sample compile_libseccomp(const struct profile *p, unsigned int optimize)
{
	struct sample s = { 0 };
	int fd = memfd_create("filter", MFD_CLOEXEC);
	double start = now();
	scmp_filter_ctx ctx = seccomp_init(p->default_action);

	for (size_t i = 0; i < p->n_abis; i++) {
		uint32_t arch = seccomp_arch_resolve_name(arch_abi(p->abis[i])->docker);

		if (seccomp_arch_exist(ctx, arch) < 0 && seccomp_arch_add(ctx, arch) < 0)
			fprintf(stderr, "libseccomp refuses %s\n", arch_abi(p->abis[i])->scmp);
	}
	if (seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, optimize) < 0)
		fprintf(stderr, "libseccomp cannot optimize\n");
	for (size_t i = 0; i < p->n_rules; i++)
		for (size_t j = 0; j < p->rules[i].n_names; j++)
			if (p->rules[i].action != p->default_action)
				add_rule(ctx, &p->rules[i], p->rules[i].names[j]);
	if (seccomp_export_bpf(ctx, fd) < 0)
		fprintf(stderr, "libseccomp cannot write\n");
	s.us[0] = now() - start;
	s.len = (int)(lseek(fd, 0, SEEK_CUR) / (off_t)sizeof(struct sock_filter));
	seccomp_release(ctx);
	close(fd);
	return s;
}

/* --- samples ------------------------------------------------------------------------------ */

/* Runs in a new process: compiles once and writes the sample to the pipe on descriptor 1. */
static int once(const char *path, const char *engine)
{
	double parse;
	const struct profile *p = read_profile(path, &parse);
	struct sample s = strcmp(engine, "0") == 0
				  ? compile_ours(p)
				  : compile_libseccomp(p, (unsigned int)(engine[0] - '0'));

	s.us[5] = parse;
	return write(STDOUT_FILENO, &s, sizeof(s)) != sizeof(s);
}

static struct sample run_once(const char *self, const char *path, const char *engine)
{
	struct sample s = { 0 };
	int pipe_fds[2];

	if (pipe2(pipe_fds, O_CLOEXEC) < 0)
		exit(1);
	pid_t pid = fork();

	if (pid == 0) {
		dup2(pipe_fds[1], STDOUT_FILENO);
		execl(self, self, "--once", path, engine, (char *)NULL);
		_exit(127);
	}
	close(pipe_fds[1]);
	bool whole = read(pipe_fds[0], &s, sizeof(s)) == sizeof(s);

	close(pipe_fds[0]);
	waitpid(pid, NULL, 0);
	if (!whole)
		exit(1);
	return s;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void print(const char *what, const struct sample *v, int n, int n_phases)
{
	double us[SAMPLES_MAX];

	printf("%-24s %5d instructions", what, v->len);
	for (int phase = 0; phase < n_phases; phase++) {
		for (int i = 0; i < n; i++)
			us[i] = v[i].us[phase];
		qsort(us, (size_t)n, sizeof(*us), by_value);
		printf("%s%s %.1f us", phase ? ", " : "  median ", phases[phase], us[n / 2]);
		if (!phase)
			printf(" (%.1f to %.1f)", us[0], us[n - 1]);
	}
	putchar('\n');
}

int main(int argc, char **argv)
{
	static const struct {
		const char *engine, *what;
	} engines[] = {
		{ "0", "tamis, cold" },
		{ "1", "libseccomp -O1, cold" },
		{ "2", "libseccomp -O2, cold" },
	};
	static struct sample samples[SAMPLES_MAX];

	if (argc == 4 && strcmp(argv[1], "--once") == 0)
		return once(argv[2], argv[3]);
	if (argc < 2) {
		fprintf(stderr, "usage: bench_seccomp PROFILE [SAMPLES]\n");
		return 2;
	}
	uint32_t n = 25;

	if (argc > 2 && (num_parse_u32(argv[2], &n) < 0 || n < 1 || n > SAMPLES_MAX))
		return 2;
	for (size_t e = 0; e < ARRAY_LEN(engines); e++) {
		for (uint32_t i = 0; i < n; i++)
			samples[i] = run_once(argv[0], argv[1], engines[e].engine);
		print(engines[e].what, samples, (int)n, e == 0 ? PHASES : 1);
	}
	double parse;

	for (int i = 0; i < WARM; i++) {
		const struct profile *p = read_profile(argv[1], &parse);

		samples[i] = compile_ours(p);
		arena_reset();
	}
	print("tamis, warm", samples + WARM / 2, WARM / 2, PHASES - 1);
	return 0;
}
