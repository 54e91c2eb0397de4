/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What `tamis seccomp check` says of a profile is what happens: for each finding whose consequence
 * can be seen a child makes the calls in question under the filter. The calls do nothing, except
 * those that are to show that an operation works: descriptors, pointers or flags are ones that the
 * kernel refuses.
 */
#include "seccomp/filter.h"
#include "seccomp/syscall.h"
#include "unit/seccomp_doors.h"
#include "unit/seccomp_findings.h"

#include <fcntl.h>
#include <linux/io_uring.h>
#include <linux/sched.h>
#include <pthread.h>

#define BAD UINT32_MAX
#define NOWHERE 1
#define NEWUSER (CLONE_NEWUSER | CLONE_SIGHAND) /* which the kernel refuses without CLONE_VM */

/* What comes of a call, beside an error. */
enum { PLAIN = 10000 /* as without a filter */, KILLED, CALLS = 4 };

/* --- what is more than one call ----------------------------------------------------------- */

static long library_open(long nr, const uint64_t args[6])
{
	int fd = open("/", O_RDONLY | O_CLOEXEC);

	(void)nr;
	(void)args;
	return fd < 0 ? -errno : 0;
}

static long library_access(long nr, const uint64_t args[6])
{
	(void)nr;
	(void)args;
	return faccessat(AT_FDCWD, "/", R_OK, AT_EACCESS) < 0 ? -errno : 0;
}

static void *do_nothing(void *data)
{
	return data;
}

static long library_thread(long nr, const uint64_t args[6])
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, do_nothing, NULL);

	(void)nr;
	(void)args;
	return error ? -error : -pthread_join(thread, NULL);
}

/* Opens "/" by io_uring. Returns the operation's result: 0 or an error. */
static long open_by_ring(long nr, const uint64_t args[6])
{
	struct io_uring_params p = { 0 };
	int ring = (int)syscall(SYS_io_uring_setup, 1, &p);
	size_t size = p.sq_off.array + p.sq_entries * sizeof(uint32_t);
	size_t end = p.cq_off.cqes + p.cq_entries * sizeof(struct io_uring_cqe);

	(void)nr;
	(void)args;
	if (ring < 0)
		return -errno;
	if (!(p.features & IORING_FEAT_SINGLE_MMAP))
		return -EOPNOTSUPP;
	char *at = mmap(NULL, size > end ? size : end, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_POPULATE, ring, IORING_OFF_SQ_RING);
	struct io_uring_sqe *entry = mmap(NULL, sizeof(*entry), PROT_READ | PROT_WRITE,
					  MAP_SHARED | MAP_POPULATE, ring, IORING_OFF_SQES);

	if (at == MAP_FAILED || entry == MAP_FAILED)
		return -errno;
	*entry = (struct io_uring_sqe){ .opcode = IORING_OP_OPENAT,
					.fd = AT_FDCWD,
					.addr = (uintptr_t) "/",
					.open_flags = O_RDONLY | O_CLOEXEC };
	*(uint32_t *)(at + p.sq_off.array) = 0;
	__atomic_store_n((uint32_t *)(at + p.sq_off.tail), 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) < 0)
		return -errno;
	const struct io_uring_cqe *done = (const struct io_uring_cqe *)(at + p.cq_off.cqes);

	return done->res < 0 ? done->res : 0;
}

static const struct {
	const char *name;
	struct door door;
} operations[] = {
	{ "open()", { .call = library_open } },
	{ "faccessat()", { .call = library_access } },
	{ "pthread_create()", { .call = library_thread } },
	{ "io_uring", { .call = open_by_ring } },
};

/* --- the findings ------------------------------------------------------------------------- */

#define RULE(call, action) "{'names': ['" call "'], 'action': 'SCMP_ACT_" action "'}"
#define ERRNO(call, number) \
	"{'names': ['" call "'], 'action': 'SCMP_ACT_ERRNO', 'errnoRet': " #number "}"
#define LIBRARY                                                                               \
	MANY ", {'names': ['newfstatat', 'faccessat', 'openat', 'clone', 'set_robust_list', " \
	     "'rseq'], 'action': 'SCMP_ACT_ALLOW'}"

static const struct clone_args new_user = { .flags = NEWUSER };

struct answer {
	const char *call; /* "i386 socketcall": by another entry than the native one */
	uint64_t args[6];
	int want; /* an error, PLAIN or KILLED */
};

static const struct row {
	enum finding_code code;
	const char *profile;
	struct answer calls[CALLS];
	bool runc;	     /* loads the filter that runc and libseccomp would make */
	const char *without; /* the same profile without what has no effect */
} rows[] = {
	/* what is newer than all that a profile names gets ENOSYS */
	{ FINDING_unknown_call, WITH(ALLOW('opnat')), { { "openat", { BAD, 1 }, ENOSYS } } },
	{ FINDING_call_name_form,
	  WITH(ALLOW('__NR_openat')),
	  { { "openat", { BAD, NOWHERE }, ENOSYS } } },
	{ FINDING_repeated_name,
	  WITH(ALLOW('read', 'write', 'read')),
	  { { "read", { BAD }, PLAIN }, { "write", { BAD }, PLAIN }, { "close", { BAD }, EPERM } },
	  .without = WITH(ALLOW('read', 'write')) },
	{ FINDING_unknown_capability,
	  WITH("{'names': ['sethostname'], 'action': 'SCMP_ACT_ALLOW', 'includes': {'caps': "
	       "['CAP_SYS_ADMIM']}}"),
	  { { "sethostname", { NOWHERE, BAD }, EPERM } } },

	{ FINDING_shadowed_rule,
	  WITH(ALLOW('setns') ", " ERRNO("setns", 22)),
	  { { "setns", { BAD }, PLAIN } },
	  .without = WITH(ALLOW('setns')) },
	{ FINDING_redundant_rule,
	  WITH(ALLOW('read') ", " ALLOW('write', 'read')),
	  { { "read", { BAD }, PLAIN }, { "write", { BAD }, PLAIN } },
	  .without = WITH(ALLOW('read') ", " ALLOW('write')) },
	{ FINDING_default_rule,
	  WITH(RULE("mkdir", "ERRNO") ", " ALLOW('openat2')),
	  { { "mkdir", { NOWHERE }, EPERM } },
	  .without = WITH(ALLOW('openat2')) },
	{ FINDING_repeated_index,
	  WITH(ARGS("socket", NE(0, 16) "," NE(0, 40))),
	  { { "socket", { 16, 0xff }, PLAIN }, { "socket", { 40, 0xff }, PLAIN } } },

	{ FINDING_no_such_argument,
	  WITH(ARGS("socket", EQ(3, 1))),
	  { { "socket", { 40, 0xff, 0, 1 }, PLAIN }, { "socket", { 40, 0xff }, EPERM } } },
	{ FINDING_never_true,
	  WITH(ARGS("socket", EQ(0, 4294967336))),
	  { { "socket", { 40, 0xff }, EPERM }, { "socket", { 0x100000028, 0xff }, EPERM } } },
	{ FINDING_always_true,
	  WITH(ARGS("socket", MASKED(0, 0, 0))),
	  { { "socket", { 1, 0xff }, PLAIN }, { "socket", { 40, 0xff }, PLAIN } } },
	{ FINDING_pointer_compared,
	  WITH(ARGS("openat", EQ(1, 4096))),
	  { { "openat", { BAD, 4096 }, PLAIN }, { "openat", { BAD, NOWHERE }, EPERM } } },
	{ FINDING_runc_width,
	  WITH(ARGS("socket", NE(0, 40))),
	  { { "socket", { 40, 0xff }, EPERM }, { "socket", { 0x100000028, 0xff }, PLAIN } },
	  .runc = true },
	{ FINDING_runc_width,
	  WITH(ARGS("socket", NE(0, 40))),
	  { { "socket", { 40, 0xff }, EPERM }, { "socket", { 0x100000028, 0xff }, EPERM } } },
	{ FINDING_unused_value_two,
	  WITH(ARGS("clone", "{'index': 0, 'value': 0, 'valueTwo': 268435456, 'op': "
			     "'SCMP_CMP_EQ'}")),
	  { { "clone", { CLONE_SIGHAND }, EPERM } } },

	{ FINDING_clone3_passes_clone,
	  WITH(ALLOW('clone3') ", " ARGS("clone", MASKED(0, 2114060288, 0))),
	  { { "clone", { NEWUSER }, EPERM },
	    { "clone3", { (uintptr_t)&new_user, sizeof(new_user) }, PLAIN } } },
	{ FINDING_needs_enosys,
	  WITH(LIBRARY ", " NEWER),
	  { { "faccessat()", { 0 }, EPERM }, { "pthread_create()", { 0 }, EPERM } } },
	{ FINDING_COUNT, /* the remedy */
	  WITH(LIBRARY ", " NEWER ", " ERRNO("faccessat2", 38) ", " ERRNO("clone3", 38)),
	  { { "faccessat()", { 0 }, 0 }, { "pthread_create()", { 0 }, 0 } } },
	{ FINDING_missing_sibling,
	  WITH(ALLOW('open', 'openat2')),
	  { { "open", { NOWHERE }, PLAIN }, { "open()", { 0 }, EPERM } } },
	{ FINDING_io_uring_passes,
	  WITH(ALLOW('io_uring_setup', 'io_uring_enter', 'mmap')),
	  { { "openat", { BAD, NOWHERE }, EPERM }, { "io_uring", { 0 }, PLAIN } } },
	{ FINDING_multiplexer_passes,
	  WITH(ALLOW('socketcall') ", " ARGS("socket", EQ(0, 1))),
	  { { "i386 socket", { 40, 0xff }, EPERM }, { "i386 socketcall", { 1, 1 }, PLAIN } } },

	{ FINDING_missing_execve,
	  HEAD "'syscalls': [" ALLOW('read') "]}",
	  { { "execve", { NOWHERE }, ENOSYS } } },
	{ FINDING_missing_exit,
	  HEAD "'syscalls': [" ALLOW('read', 'openat2') "]}",
	  { { "exit_group", { 0 }, EPERM }, { "exit", { 0 }, EPERM } } },
	{ FINDING_missing_architecture,
	  "{'defaultAction': 'SCMP_ACT_ERRNO', 'syscalls': [" NEEDED ", " ALLOW('read') "]}",
	  { { "read", { BAD }, PLAIN }, { "i386 read", { BAD }, KILLED } } },
	{ FINDING_native_unlisted,
	  "{'defaultAction': 'SCMP_ACT_ERRNO', 'architectures': ['SCMP_ARCH_AARCH64'], "
	  "'syscalls': [" NEEDED ", " ALLOW('read') "]}",
	  { { "read", { BAD }, PLAIN } } },
	{ FINDING_old_profile, WITH(MANY), { { "openat2", { BAD, NOWHERE }, ENOSYS } } },

	{ FINDING_errno_zero, WITH(ERRNO("mkdir", 0)), { { "mkdir", { NOWHERE }, 0 } } },
	{ FINDING_errno_unknown, WITH(ERRNO("mkdir", 4095)), { { "mkdir", { NOWHERE }, 4095 } } },
	{ FINDING_trace_action, WITH(RULE("mkdir", "TRACE")), { { "mkdir", { 1 }, ENOSYS } } },
	{ FINDING_default_allows,
	  "{'defaultAction': 'SCMP_ACT_ALLOW', 'syscalls': [" ERRNO("mkdir", 1) "]}",
	  { { "mkdir", { NOWHERE }, EPERM }, { "bpf", { 0, NOWHERE, BAD }, PLAIN } } },
	{ FINDING_user_namespace,
	  WITH(ALLOW('unshare')),
	  { { "unshare", { CLONE_NEWUSER }, PLAIN } } },
};

static bool is_found(const struct row *row, const struct read *read, struct canon *canon)
{
	struct findings all = findings_of(read, canon, CHECK_ANYWHERE);

	for (size_t i = 0; i < all.n; i++)
		if (all.v[i].code == row->code)
			return true;
	return row->code == FINDING_COUNT;
}

/* --- calls -------------------------------------------------------------------------------- */

/* The call of those words; false if this machine has no such entry. */
static bool find_call(const char *words, const uint64_t args[6], struct door_call *ret)
{
	const char *blank = strchr(words, ' '), *name = blank ? blank + 1 : words;

	*ret = (struct door_call){ 0 };
	memcpy(ret->args, args, sizeof(ret->args));
	for (size_t i = 0; i < ARRAY_LEN(operations); i++)
		if (strcmp(words, operations[i].name) == 0)
			ret->door = &operations[i].door;
	if (ret->door)
		return true;
	for (size_t i = 0; i < ARRAY_LEN(doors) && !ret->door; i++)
		if (!blank || strncmp(words, doors[i].name, (size_t)(blank - words)) == 0)
			ret->door = &doors[i];
	if (!ret->door || (blank && !door_is_open(ret->door)))
		return false;
	ret->nr = syscall_nr(ret->door->abi, (unsigned int)syscall_id(name));
	return ret->nr != SYSCALL_NONE;
}

/* Whether the answer under the filter is the one that is wanted. */
static bool is_answered(const struct bpf_program *p, const struct answer *answer)
{
	static struct door_outcome *out;
	struct door_call call;
	int status;

	if (!out)
		out = mmap(NULL, 2 * sizeof(*out), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (!find_call(answer->call, answer->args, &call)) {
		printf("# %s: this machine has no such calls\n", answer->call);
		return true;
	}
	memset(out, 0, 2 * sizeof(*out));
	if (answer->want == PLAIN)
		(void)door_run(NULL, &call, 1, &out[1]);
	status = door_run(p, &call, 1, &out[0]);
	if (answer->want == KILLED)
		return status >= 0 && WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;
	if (out[0].made && !out[0].trapped &&
	    (answer->want == PLAIN ? door_is_same(out[0].result, out[1].result)
				   : out[0].result == -answer->want))
		return true;
	printf("# %s: status 0x%x, result %ld; expected %d (%ld without a filter)\n", answer->call,
	       (unsigned int)status, out[0].result, answer->want, out[1].result);
	return false;
}

static bool compile(const struct profile *profile, bool runc, struct bpf_program *ret)
{
	const struct filter_options o = { .compat_runc = runc,
					  .machine = machine,
					  .kernel_flags = UINT64_MAX };
	const struct filter *filter;

	if (filter_compile(profile, &o, &filter) < 0) {
		printf("# %s\n", err_message());
		return false;
	}
	*ret = (struct bpf_program){ filter->code, filter->len };
	return true;
}

static bool are_answered(const struct row *row, const char *quoted, bool *ret_found)
{
	struct text text = text_of(quoted);
	struct bpf_program program;
	struct canon canon;
	struct read read;
	bool good = true;

	canon_init(&canon);
	if (!read_text(&text, &canon, &read) || !compile(&read.profile, row->runc, &program))
		return false;
	*ret_found = is_found(row, &read, &canon);
	for (size_t i = 0; i < CALLS && row->calls[i].call; i++)
		good &= is_answered(&program, &row->calls[i]);
	return good;
}

int main(void)
{
	static const struct sock_filter allow = { BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW };
	const struct bpf_program all = { &allow, 1 };

	if (SANITIZED || arch_by_machine(machine) != facts.native) {
		skip("the sanitizer's calls fail under a filter; the profiles are for x86_64");
		return done();
	}
	if (door_run(&all, NULL, 0, NULL) < 0) {
		skip("cannot load a filter (%s)", strerror(errno));
		return done();
	}
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *row = &rows[i];
		bool found = false, other = false;
		bool good = are_answered(row, row->profile, &found);

		ok(good && found, "%s%s: it is so%s",
		   row->code < FINDING_COUNT ? findings_kind(row->code)->code : "the remedy",
		   row->runc ? " (runc)" : "", found ? "" : ", but it is NOT FOUND");
		if (row->without)
			ok(are_answered(row, row->without, &other) && !other,
			   "the same without what has no effect");
		arena_reset();
	}
	return done();
}
