/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns how installed filters become a subject. What was read from the kernel is used, never what
 * the container's record says. What cannot be read is an error, not "no filter".
 */
#include "cmd/seccomp/installed.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/identity.h"
#include "base/num.h"
#include "observe/filters.h"
#include "runtime/container.h"
#include "runtime/status.h"
#include "seccomp/syscall.h"

#include <limits.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>

pid_t installed_pid(const char *word)
{
	uint32_t pid;

	if (strncmp(word, "pid:", 4) != 0 || num_parse_u32(word + 4, &pid) < 0 || pid > INT_MAX)
		return 0;
	return (pid_t)pid;
}

const char *installed_id(const char *word)
{
	static const char prefix[] = "container:";

	return strncmp(word, prefix, strlen(prefix)) == 0 ? word + strlen(prefix) : NULL;
}

bool installed_has(const char *root, const char *id)
{
	const char *before = err_message();
	struct container c;
	int r = root ? container_open(root, id, &c) : OPEN_ABSENT;

	if (r < 0)
		err_restore(before);
	else if (r != OPEN_ABSENT)
		container_close(&c);
	return r == OPEN_DONE || r == OPEN_DAMAGED;
}

/* --- programs ----------------------------------------------------------------------------- */

static int join_programs(size_t n, const struct bpf_program *v, struct canon *canon,
			 struct subject *s)
{
	int r = 0;

	s->n_programs = n;
	s->programs = v;
	s->program = n == 1 ? v : NULL;
	for (size_t i = 0; i < n && r >= 0; i++) {
		struct verdicts one, before = s->verdicts;

		r = verdicts_of_program(&v[i], canon, &one);
		if (r >= 0 && i == 0)
			s->verdicts = one;
		else if (r >= 0)
			verdicts_join(canon, &before, &one, &s->verdicts);
	}
	if (r >= 0 && canon->overflow)
		r = fail(0, "its filters are together too complex to be read");
	return r < 0 ? wrap(r, "%s", s->name) : 0;
}

int installed_none(struct canon *canon, struct subject *s)
{
	static const struct sock_filter allow[] = { BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };
	static const struct bpf_program program = { allow, 1 };

	s->form = "no filter";
	s->kernel_alone = true;
	return join_programs(1, &program, canon, s);
}

/*
 * What the kernel allows in mode 1: read, write, exit and the return from a signal. It does so by
 * itself; these instructions say the same.
 */
static int read_strict(struct canon *canon, struct subject *s)
{
	static const char *const calls[] = { "read", "write", "exit", "rt_sigreturn", "sigreturn" };
	static const enum abi pairs[][2] = { { ABI_X86_64, ABI_X86 }, { ABI_AARCH64, ABI_ARM } };
	/* of each architecture 9 instructions, and the last one */
	struct sock_filter *code = arena_array(2 * 9 + 1, sizeof(*code)), *p = code;
	struct bpf_program *program = arena_alloc(sizeof(*program));
	enum abi compat = ABI_COUNT;

	for (size_t i = 0; i < ARRAY_LEN(pairs); i++)
		if (pairs[i][0] == s->facts.native)
			compat = pairs[i][1];
	for (int turn = 0; turn < 2; turn++) {
		enum abi abi = turn ? compat : s->facts.native;
		/* 64-bit architectures have one way back from a signal, and 32-bit ones the old */
		uint32_t skipped = turn ? 3 : 4;

		if (abi == ABI_COUNT)
			break;
		*p++ = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
						    offsetof(struct seccomp_data, arch));
		*p++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, arch_abi(abi)->audit,
						    0, ARRAY_LEN(calls) + 2);
		*p++ = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
						    offsetof(struct seccomp_data, nr));
		for (uint32_t i = 0, left = ARRAY_LEN(calls) - 1; i < ARRAY_LEN(calls); i++)
			if (i != skipped)
				*p++ = (struct sock_filter)BPF_JUMP(
					BPF_JMP | BPF_JEQ | BPF_K,
					syscall_nr(abi, (unsigned int)syscall_id(calls[i])),
					(uint8_t)left--, 0);
		*p++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_THREAD);
		*p++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	}
	*p++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_THREAD);
	*program = (struct bpf_program){ code, (uint16_t)(p - code) };
	s->form = "strict mode";
	s->kernel_alone = true;
	return join_programs(1, program, canon, s);
}

/* --- processes ---------------------------------------------------------------------------- */

/* "2 of 5 threads have other filters: pid:13, pid:14"; NULL: none has. */
static const char *threads_warning(const struct filters *f)
{
	const char *text;

	if (!f->n_different)
		return NULL;
	text = arena_printf("%zu of %zu threads have other filters:", f->n_different, f->n_threads);
	for (size_t i = 0; i < f->n_different && i < 8; i++)
		text = arena_printf("%s%s pid:%d", text, i ? "," : "", f->different[i]);
	return f->n_different > 8 ? arena_printf("%s, ...", text) : text;
}

/* "process 12 (sleep), 2 filters, the newest first: of 12 and 235 instructions". */
static const char *origin_of(pid_t pid, const struct filters *f)
{
	const char *text = arena_printf("process %d (%s)", pid, f->program);

	if (f->mode != SECCOMP_MODE_FILTER)
		return arena_printf("%s, %s", text,
				    f->mode ? "in seccomp's strict mode" : "without a filter");
	if (f->n == 1)
		return arena_printf("%s%s", text, f->logs[0] ? ", with the flag LOG" : "");
	text = arena_printf("%s, %zu filters, the newest first: of", text, f->n);
	for (size_t i = 0; i < f->n; i++)
		text = arena_printf("%s%s %u%s", text,
				    i == 0	   ? ""
				    : i + 1 < f->n ? ","
						   : " and",
				    f->v[i].len, f->logs[i] ? " (LOG)" : "");
	return arena_printf("%s instructions", text);
}

static int read_process(pid_t pid, int pidfd, struct canon *canon, struct subject *s)
{
	struct filters filters;
	int r = filters_read(pid, pidfd, &filters);

	if (r < 0)
		return wrap(r, "%s", s->name);
	s->origin = origin_of(pid, &filters);
	s->warning = threads_warning(&filters);
	if (filters.mode == SECCOMP_MODE_DISABLED)
		return installed_none(canon, s);
	if (filters.mode == SECCOMP_MODE_STRICT)
		return read_strict(canon, s);
	s->form = filters.n == 1 ? "installed filter" : "installed filters";
	return join_programs(filters.n, filters.v, canon, s);
}

int installed_read_process(pid_t pid, struct canon *canon, struct subject *s)
{
	return read_process(pid, -1, canon, s);
}

int installed_read_container(const char *root, const char *id, struct canon *canon,
			     struct subject *s)
{
	struct container c;
	int r = container_open_sound(root, id, &c);

	if (r < 0)
		return r;
	enum status status = container_status(&c);
	autofd pidfd = identity_open((pid_t)c.record.pid, c.record.start_time, c.record.boot_id);
	const pid_t pid = (pid_t)c.record.pid;

	container_close(&c);
	if (status != STATUS_CREATED && status != STATUS_RUNNING && status != STATUS_PAUSED)
		return fail(0, "%s: the container has no process: it is %s", s->name,
			    names_of(state_status_names, status));
	if (pidfd < 0)
		return fail(-pidfd, "%s: its process %d", s->name, pid);
	r = read_process(pid, pidfd, canon, s);
	if (r >= 0 && status == STATUS_CREATED)
		s->warning = "the container is not started: these are the filters of its init, "
			     "before its profile is complete";
	return r;
}
