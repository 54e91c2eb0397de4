/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns how the kernel's records of denials are told. A record knows a process by its number only,
 * which may belong to another process now: a process that is younger than the record is another
 * one.
 */
#include "cmd/seccomp/why_kernel.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/identity.h"
#include "base/printable.h"
#include "base/utc.h"
#include "cmd/seccomp/say.h"
#include "cmd/seccomp/screen.h"
#include "oci/jsonw.h"
#include "seccomp/arch.h"
#include "seccomp/notifying.h"
#include "seccomp/syscall.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { NAME_COLUMNS = 120, INDENT = 8, RESERVED_ROWS = 9 };

/* Records of the same call, program and answer. */
struct group {
	const struct audit_record *last;
	size_t n;
	bool was_killed;
};

/* --- whose it is ---------------------------------------------------------------------------- */

/* When the process began, in milliseconds since the epoch; -1: it does not exist. */
static int64_t begin_of(pid_t pid)
{
	struct timespec now, up;
	uint64_t ticks;

	if (identity_start_time(pid, &ticks) < 0)
		return -1;
	clock_gettime(CLOCK_REALTIME, &now);
	clock_gettime(CLOCK_BOOTTIME, &up);
	return (int64_t)(now.tv_sec - up.tv_sec) * 1000 + (now.tv_nsec - up.tv_nsec) / 1000000 +
	       (int64_t)(ticks * 1000 / (uint64_t)sysconf(_SC_CLK_TCK));
}

static bool is_asked(const struct why_question *q, const struct audit_record *r)
{
	enum { CLOCK_ERROR_MS = 2000 }; /* the clock may have been set since */

	if (q->all)
		return true;
	for (size_t i = 0; i < q->n_pids; i++)
		if (q->pids[i] == r->pid)
			return begin_of(r->pid) <= r->time_ms + CLOCK_ERROR_MS;
	return false;
}

static bool same_text(const struct text *a, const struct text *b)
{
	return a->len == b->len && (a->len == 0 || memcmp(a->data, b->data, a->len) == 0);
}

static bool is_same(const struct audit_record *a, const struct audit_record *b)
{
	return a->arch == b->arch && a->nr == b->nr && a->action == b->action &&
	       same_text(&a->exe, &b->exe) && same_text(&a->comm, &b->comm);
}

static int by_count(const void *a, const void *b)
{
	const struct group *x = a, *y = b;

	if (x->n != y->n)
		return x->n > y->n ? -1 : 1;
	return x->last->time_ms > y->last->time_ms ? -1 : 1;
}

/* The groups, the most frequent first. */
static size_t make_groups(const struct why_question *q, const struct kernel_log *log,
			  struct group **ret)
{
	struct group *v = arena_array(log->n + 1, sizeof(*v));
	size_t n = 0;

	for (size_t i = 0; i < log->n; i++) {
		const struct audit_record *r = &log->v[i];
		size_t k = 0;

		if (!is_asked(q, r))
			continue;
		while (k < n && !is_same(v[k].last, r))
			k++;
		n += k == n;
		v[k].last = r;
		v[k].n++;
		v[k].was_killed |= r->signal == SIGSYS;
	}
	qsort(v, n, sizeof(*v), by_count);
	*ret = v;
	return n;
}

/* --- words ---------------------------------------------------------------------------------- */

static const char *say_name(const struct text *t)
{
	return t->data ? printable_text(t->data, t->len, NAME_COLUMNS) : "";
}

static const char *say_number(const struct audit_record *r, const char **ret_where)
{
	enum abi abi = arch_by_number(r->arch, r->nr);

	if (abi == ABI_COUNT) {
		*ret_where = arena_printf("architecture 0x%x", r->arch);
		return syscall_words(r->arch, r->nr);
	}
	*ret_where = arch_name(abi);
	if (notifying_is_number(r->nr))
		return "a call that the log of --explain-denials names";
	return syscall_words(r->arch, r->nr);
}

/* What the kernel did; a record has no errno. */
static const char *say_done(const struct group *g)
{
	if (g->last->action == SECCOMP_RET_LOG)
		return "was allowed and logged (LOG)";
	if (g->was_killed && g->last->action != SECCOMP_RET_TRAP)
		return "killed by SIGSYS (exit code 159, \"Bad system call\")";
	if (g->last->action == SECCOMP_RET_TRAP)
		return "signal SIGSYS (TRAP; without a handler: exit code 159)";
	if (g->last->action == SECCOMP_RET_ERRNO)
		return "failed with an error (ERRNO)";
	return say_action(g->last->action);
}

static const char *say_time(int64_t ms)
{
	return arena_printf("%sZ", utc_text(ms / 1000));
}

/* "/usr/bin/python3 (worker-1)": a thread that is named as its program needs no name. */
static const char *say_program(const struct audit_record *r)
{
	const char *exe = say_name(&r->exe), *comm = say_name(&r->comm);
	const char *slash = strrchr(exe, '/'), *base = slash ? slash + 1 : exe;

	if (!*exe)
		return arena_printf("the program of \"%s\"", comm);
	/* the kernel keeps 15 bytes of the name */
	return strncmp(base, comm, 15) == 0 ? exe : arena_printf("%s (%s)", exe, comm);
}

static void print_group(FILE *to, const void *what)
{
	const struct group *g = what;
	const struct audit_record *r = g->last;
	const char *where, *call = say_number(r, &where);

	say_print_to(to, INDENT,
		     arena_printf("%5zux  %s on %s: %s", g->n, call, where, say_done(g)));
	say_print_to(to, INDENT,
		     arena_printf("%*s%s, last process %d at %s", INDENT, "", say_program(r),
				  r->pid, say_time(r->time_ms)));
}

/* --- what is missing ------------------------------------------------------------------------ */

static void print_sources(const struct kernel_log *log)
{
	for (size_t i = 0; i < KERNEL_LOG_SOURCES; i++) {
		const struct kernel_log_source *s = &log->sources[i];

		if (s->error == -ENOENT)
			continue;
		if (s->error)
			printf("%s could not be read: %s\n", s->name,
			       s->error == -EPERM ? "it needs root (CAP_SYSLOG)"
			       : s->error > 0	  ? "journalctl(1) failed"
						  : err_words(-s->error));
		else if (s->is_partial)
			printf("%s has lost its beginning: older records may be missing\n",
			       s->name);
	}
	if (log->n_damaged)
		printf("%zu records are damaged\n", log->n_damaged);
}

static void print_advice(size_t n)
{
	say_print(
		0,
		n ? "The kernel's records have neither the arguments nor the rule of the profile, "
		    "and only calls that killed or were logged have a record."
		  : "The kernel records only calls that kill and, if the filter has the flag "
		    "SECCOMP_FILTER_FLAG_LOG, those that are denied with an error. An exit code "
		    "of 159 (128 + SIGSYS) means that a filter killed the program.");
	say_print(
		0,
		"For the arguments and the rule start the container with --explain-denials; for a "
		"record of each denied call put the flag into the profile: \"flags\": "
		"[\"SECCOMP_FILTER_FLAG_LOG\"]. Which rule decides a call: tamis seccomp "
		"explain PROFILE CALL");
}

/* --- the whole ------------------------------------------------------------------------------ */

size_t why_kernel_print(const struct why_question *q, const struct kernel_log *log, bool is_all)
{
	struct screen screen = screen_make(RESERVED_ROWS, is_all);
	struct group *v;
	size_t n = make_groups(q, log, &v);

	printf("%s: the kernel recorded %s since %s\n",
	       q->name && !q->all ? q->name : "all processes",
	       n == 0 ? "no denied call" : "these calls", say_time(q->since_ms));
	if (q->all && q->name)
		printf("(%s has no process any more, so its records cannot be told from others)\n",
		       q->name);
	for (size_t i = 0; i < n; i++)
		screen_print(&screen, print_group, &v[i]);
	if (screen.n_shown < n)
		printf("%zu more; --all shows them\n", n - screen.n_shown);
	putchar('\n');
	print_sources(log);
	print_advice(n);
	return n;
}

static void write_sources(struct jsonw *w, const struct kernel_log *log)
{
	jsonw_member_array(w, "sources");
	for (size_t i = 0; i < KERNEL_LOG_SOURCES; i++) {
		const struct kernel_log_source *s = &log->sources[i];

		jsonw_object(w);
		jsonw_member_string(w, "name", s->name);
		jsonw_member_bool(w, "read", s->error == 0);
		jsonw_member_bool(w, "partial", s->is_partial);
		jsonw_end(w);
	}
	jsonw_end(w);
}

size_t why_kernel_print_json(const struct why_question *q, const struct kernel_log *log)
{
	struct jsonw *w = jsonw_new(JSONW_PRETTY);
	struct group *v;
	size_t n = make_groups(q, log, &v);

	jsonw_object(w);
	jsonw_member_string(w, "schema", "tamis-seccomp-why/1");
	jsonw_member_string(w, "source", "kernel");
	jsonw_member_string(w, "name", q->name);
	jsonw_member_bool(w, "ofAllProcesses", q->all);
	jsonw_member_array(w, "denials");
	for (size_t i = 0; i < n; i++) {
		const struct audit_record *r = v[i].last;
		const char *where, *call = say_number(r, &where);

		jsonw_object(w);
		jsonw_member_string(w, "program", r->exe.data);
		jsonw_member_string(w, "thread", r->comm.data);
		jsonw_member_i64(w, "pid", r->pid);
		jsonw_member_string(w, "architecture", where);
		jsonw_member_u64(w, "number", r->nr);
		jsonw_member_string(w, "call", call);
		jsonw_member_string(w, "answer", say_action(r->action));
		jsonw_member_u64(w, "instruction", r->ip);
		jsonw_member_u64(w, "count", v[i].n);
		jsonw_member_bool(w, "killed", v[i].was_killed);
		jsonw_member_string(w, "last", say_time(r->time_ms));
		jsonw_end(w);
	}
	jsonw_end(w);
	write_sources(w, log);
	jsonw_end(w);
	fputs(jsonw_finish(w).data, stdout);
	return n;
}
