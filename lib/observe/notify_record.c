/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the engine "notify". The filter lets through what is made very often and what the recording
 * has already; all else waits until it was recorded here and goes on unchanged
 * (SECCOMP_USER_NOTIF_FLAG_CONTINUE). Nothing is decided here, so it does not matter that another
 * thread may change what a pointer refers to: only numbers and registers are recorded.
 *
 * If this process dies the notified calls fail with ENOSYS. So the command is killed with it, and a
 * recorder that is told to stop leaves a process behind that answers for what is still running.
 */
#include "observe/notify_record.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/io.h"
#include "base/num.h"
#include "base/sys.h"
#include "observe/listener.h"
#include "seccomp/emit.h"
#include "seccomp/filter.h"
#include "seccomp/profile.h"
#include "seccomp/syscall.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/utsname.h>
#include <unistd.h>

enum {
	SAMPLE_MS = 50,
	THREADS = 4096, /* that are sampled */
	RULES = 2,
	SAMPLE_BYTES = 512,
};

/*
 * Calls that programs make over and over, or with each new process (set_robust_list). A program
 * whose every such call waited for the recorder would be much slower, so they are let through.
 */
static const char *const hot[] = {
	"_llseek",
	"_newselect",
	"access",
	"brk",
	"clock_gettime",
	"clock_gettime64",
	"clock_nanosleep",
	"clock_nanosleep_time64",
	"close",
	"epoll_ctl",
	"epoll_pwait",
	"epoll_wait",
	"exit",
	"exit_group",
	"faccessat",
	"faccessat2",
	"fstat",
	"fstat64",
	"fstatat64",
	"futex",
	"futex_time64",
	"getdents",
	"getdents64",
	"getpid",
	"getppid",
	"getrandom",
	"getrusage",
	"gettid",
	"gettimeofday",
	"getuid",
	"lseek",
	"lstat",
	"madvise",
	"mmap",
	"mmap2",
	"munmap",
	"nanosleep",
	"newfstatat",
	"open",
	"openat",
	"poll",
	"ppoll",
	"ppoll_time64",
	"pread64",
	"preadv",
	"pselect6",
	"pselect6_time64",
	"pwrite64",
	"pwritev",
	"read",
	"readlink",
	"readlinkat",
	"readv",
	"recvfrom",
	"recvmsg",
	"restart_syscall",
	"rseq",
	"rt_sigaction",
	"rt_sigprocmask",
	"rt_sigreturn",
	"sched_yield",
	"select",
	"sendmsg",
	"sendto",
	"set_robust_list",
	"set_tid_address",
	"sigreturn",
	"splice",
	"stat",
	"stat64",
	"statx",
	"time",
	"wait4",
	"waitpid",
	"write",
	"writev",
};

/* A thread that has made a notified call, by which its program and architecture are known. */
struct thread {
	pid_t tid;
	enum abi abi;
	uint32_t program;
};

struct notifier {
	struct recorder *recorder;
	int listener;
	enum abi native;
	bool *through;		 /* by id: let through */
	bool has_abi[ABI_COUNT]; /* whose calls that are let through were noted */
	struct listener calls;
	bool has_begun; /* the execve of the command itself was answered */
	struct thread *threads;
	size_t n_threads, next_thread;
	int64_t next_sample_ms;
};

/* --- the filter --------------------------------------------------------------------------- */

static size_t list_abis(enum abi native, enum abi *ret)
{
	size_t n = 0;

	ret[n++] = native;
	if (native == ABI_X86_64) {
		ret[n++] = ABI_X86;
		ret[n++] = ABI_X32;
	} else if (native == ABI_AARCH64) {
		ret[n++] = ABI_ARM;
	}
	return n;
}

/* Whether an earlier run has recorded all that a notification of the call would say. */
static bool is_known(const struct recording *before, enum abi abi, unsigned int id)
{
	uint32_t nr = syscall_nr(abi, id);
	const struct recording_call *c;

	if (!before || nr == SYSCALL_NONE || recording_interest(before, abi, (int)id))
		return false;
	c = recording_find(before, abi, nr);
	/* execve tells which program a process runs; new threads are known by their first calls */
	return c && !c->assumed && strcmp(syscall_name(id), "execve") != 0 &&
	       strcmp(syscall_name(id), "execveat") != 0;
}

static void fill_rules(const struct notifier *n, struct rule *rules, struct condition *ours)
{
	const char **names = arena_array(syscall_count(), sizeof(*names));
	const struct recorder *r = n->recorder;
	uint32_t count = 0;

	for (size_t i = 0; i < ARRAY_LEN(hot) && !r->run->exact; i++)
		if (syscall_id(hot[i]) >= 0)
			n->through[syscall_id(hot[i])] = true;
	for (unsigned int id = 0; id < syscall_count(); id++) {
		n->through[id] |= !r->run->exact && is_known(r->before, n->native, id);
		if (n->through[id])
			names[count++] = syscall_name(id);
	}
	rules[0] = (struct rule){ .action = SECCOMP_RET_ALLOW, .n_names = count, .names = names };
	names = arena_array(1, sizeof(*names));
	names[0] = "write";
	ours[0] = (struct condition){ 0, SECCOMP_OP_EQ, (uint64_t)recorder_ready_fd(r), 0 };
	ours[1] = (struct condition){ 1, SECCOMP_OP_EQ, recorder_ready_address(r), 0 };
	rules[1] = (struct rule){ .action = SECCOMP_RET_ALLOW,
				  .n_names = 1,
				  .names = names,
				  .n_conditions = 2,
				  .conditions = ours };
}

/* All that is let through; the write by which recorder_start() says that it has loaded it. */
static int make_filter(const struct notifier *n, const char *machine, struct bpf_program *ret)
{
	struct condition ours[2];
	struct rule rules[RULES];
	struct profile profile = { .place = "filter of the recorder",
				   .default_action = SECCOMP_RET_USER_NOTIF,
				   .is_plain = true,
				   .other_arch = SECCOMP_RET_USER_NOTIF,
				   .other_x32 = SECCOMP_RET_USER_NOTIF };
	const struct filter_options o = { .kernel_flags = UINT64_MAX,
					  .machine = machine,
					  .receiver = "/" };
	const struct filter *filter;
	int r;

	fill_rules(n, rules, ours);
	profile.n_abis = list_abis(n->native, profile.abis);
	profile.rules = rules[0].n_names ? rules : rules + 1;
	profile.n_rules = rules[0].n_names ? RULES : 1;
	r = filter_compile(&profile, &o, &filter);
	if (r == 0)
		*ret = (struct bpf_program){ filter->code, filter->len };
	return r;
}

/* What is let through is assumed until it is confirmed. */
static void add_assumed(struct notifier *n, enum abi abi)
{
	struct recorder *r = n->recorder;

	n->has_abi[abi] = true;
	for (unsigned int id = 0; id < syscall_count(); id++) {
		struct recording_event event = { .abi = abi,
						 .nr = syscall_nr(abi, id),
						 .assumed = true };

		if (n->through[id] && event.nr != SYSCALL_NONE && !is_known(r->before, abi, id))
			recording_add(r->recording, &event);
	}
}

/* --- notifications ------------------------------------------------------------------------ */

static uint32_t read_program(struct recorder *r, pid_t tid)
{
	char path[4096], link[32];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/%d/exe", tid);
	n = readlink(link, path, sizeof(path) - 1);
	if (n <= 0)
		return 0;
	path[n] = '\0';
	return recording_program(r->recording, path);
}

static void note_thread(struct notifier *n, pid_t tid, enum abi abi, uint32_t program)
{
	struct thread *t = NULL;

	for (size_t i = 0; i < n->n_threads && !t; i++)
		if (n->threads[i].tid == tid)
			t = &n->threads[i];
	if (!t && n->n_threads < THREADS)
		t = &n->threads[n->n_threads++];
	if (t)
		*t = (struct thread){ tid, abi, program };
}

static void record_call(struct notifier *n, const struct seccomp_data *data, pid_t tid)
{
	struct recorder *r = n->recorder;
	struct recording_event event = { .abi = arch_by_number(data->arch, (uint32_t)data->nr),
					 .count = 1 };
	uint64_t args[6];

	if (event.abi == ABI_COUNT || data->nr == -1)
		return;
	for (size_t i = 0; i < ARRAY_LEN(args); i++)
		args[i] = data->args[i];
	event.nr = (uint32_t)data->nr & ~arch_abi(event.abi)->nr_bit;
	event.args = args;
	event.program = read_program(r, tid);
	event.first_ms = (uint64_t)(sys_now_ms() - r->start_ms);
	recording_add(r->recording, &event);
	if (!n->has_abi[event.abi])
		add_assumed(n, event.abi);
	note_thread(n, tid, event.abi, event.program);
}

/* Answers one notification. 0, or -errno: -ENODEV if no process is left. Silent. */
static int answer(struct notifier *n, bool is_recorded)
{
	int r = listener_receive(&n->calls, n->listener);
	const struct seccomp_notif *call = n->calls.call;

	if (r <= 0)
		return r;
	if (is_recorded && n->has_begun)
		record_call(n, &call->data, (pid_t)call->pid);
	n->has_begun = true;
	/* fails only if the process was killed meanwhile */
	(void)!listener_continue(&n->calls, n->listener, call->id);
	return 0;
}

/* --- sampling ----------------------------------------------------------------------------- */

/* A call that the thread stands in confirms that it is made. False: the thread has ended. */
static bool sample(struct notifier *n, const struct thread *t)
{
	struct arena_mark mark = arena_mark();
	struct text text;
	const char *end;
	uint64_t nr;
	int r = io_read_file(AT_FDCWD, arena_printf("/proc/%d/syscall", t->tid), SAMPLE_BYTES,
			     &text);

	if (r >= 0 && num_scan_u64(text.data, &end, &nr) >= 0 && nr <= UINT32_MAX)
		recording_confirm(n->recorder->recording, t->abi,
				  (uint32_t)nr & ~arch_abi(t->abi)->nr_bit);
	arena_release(mark, NULL, 0);
	return r >= 0;
}

static void sample_threads(struct notifier *n)
{
	int64_t now = sys_now_ms();

	if (now < n->next_sample_ms)
		return;
	n->next_sample_ms = now + SAMPLE_MS;
	for (size_t i = 0; i < n->n_threads;)
		if (sample(n, &n->threads[i]))
			i++;
		else
			n->threads[i] = n->threads[--n->n_threads];
}

/* --- the run ------------------------------------------------------------------------------ */

static int run(struct notifier *n)
{
	struct recorder *r = n->recorder;
	struct pollfd fds[3] = { { n->listener, POLLIN, 0 } };
	bool is_alive = true;
	int ret = 0;

	while (ret >= 0 && (is_alive || !r->has_ended) && !r->is_due) {
		ret = recorder_wait(r, fds, 1, n->recorder->run->exact ? -1 : SAMPLE_MS);
		if (ret >= 0 && fds[0].revents & POLLIN)
			is_alive = answer(n, true) >= 0;
		else if (fds[0].revents & (POLLHUP | POLLERR))
			is_alive = false;
		if (!is_alive)
			fds[0].fd = -1;
		if (!r->run->exact)
			sample_threads(n);
	}
	return ret;
}

/* Goes on to answer, without recording, for the processes that the command has left. */
static void leave_answering(struct notifier *n)
{
	struct pollfd fd = { n->listener, POLLIN, 0 };
	pid_t pid = fork();

	if (pid != 0)
		return;
	(void)!setsid();
	if (fd_null_standard(STDERR_FILENO) < 0 || fd_close_others(&n->listener, 1) < 0)
		_exit(1);
	while ((poll(&fd, 1, -1) > 0 || errno == EINTR) && !(fd.revents & POLLHUP))
		if (fd.revents & POLLIN && answer(n, false) < 0)
			break;
	_exit(0);
}

static int prepare(struct notifier *n, struct bpf_program *ret)
{
	struct utsname host;
	int r = recorder_prepare(n->recorder);

	if (r < 0)
		return r;
	if (uname(&host) < 0)
		return fail(errno, "uname");
	n->native = arch_by_machine(host.machine);
	if (n->native == ABI_COUNT)
		return fail(0, "%s: an unknown architecture", host.machine);
	r = listener_init(&n->calls);
	if (r < 0)
		return fail(-r, "seccomp notifications");
	n->through = arena_array(syscall_count(), sizeof(*n->through));
	n->threads = arena_array(THREADS, sizeof(*n->threads));
	r = make_filter(n, host.machine, ret);
	if (r >= 0)
		add_assumed(n, n->native);
	return r;
}

int notify_record(struct recorder *r)
{
	struct notifier n = { .recorder = r };
	struct bpf_program program;
	int ret = prepare(&n, &program);

	if (ret >= 0)
		ret = n.listener = recorder_start(r, &program);
	if (ret < 0) {
		recorder_abandon(r);
		return ret;
	}
	listener_hurry(n.listener);
	ret = run(&n);
	if (ret >= 0 && r->is_due)
		leave_answering(&n);
	return ret < 0 ? ret : recorder_finish(r);
}
