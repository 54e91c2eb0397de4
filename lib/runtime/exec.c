/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the `exec` command on the host's side. What must hold:
 *
 * - The process gets init's filter, from the state directory and of the length in the record, or it
 *   does not run.
 * - Init is identified by its pid, start time and boot id, and joined by its pidfd, never by a
 *   number.
 * - If the program does not run, nothing is left, not even a pid file.
 * - This process is non-dumpable before one of its children is in the container (CVE-2016-9962).
 */
#include "runtime/exec.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/identity.h"
#include "base/interrupt.h"
#include "base/msg.h"
#include "base/steps.h"
#include "base/sys.h"
#include "base/words.h"
#include "cgroup/cgroup.h"
#include "cgroup/join.h"
#include "cgroup/room.h"
#include "channel/child.h"
#include "channel/handles.h"
#include "channel/procfs.h"
#include "channel/start.h"
#include "channel/sync.h"
#include "process/affinity.h"
#include "process/spawn.h"
#include "runtime/connect.h"
#include "runtime/container.h"
#include "runtime/denials.h"
#include "runtime/exec_cgroup.h"
#include "runtime/exec_process.h"
#include "runtime/load.h"
#include "runtime/recorded.h"
#include "runtime/relay.h"
#include "runtime/room.h"
#include "runtime/state.h"
#include "runtime/status.h"
#include "runtime/timeouts.h"
#include "seccomp/filter.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

struct exec {
	const struct exec_options *options;
	struct container c;
	enum status status;
	const struct plan *plan;
	struct handles h;
	struct child child;
	int agent;   /* socket connected to the seccomp agent, or -1 */
	int master;  /* master of the process's terminal, or -1; kept open in the foreground */
	int signals; /* foreground: from relay_block(); or -1 */
	const struct plan_hook *hook; /* a startContainer hook; NULL: the user's program */
};

/* --- what can be refused ------------------------------------------------------------------ */

static int check_status(const struct exec *e)
{
	switch (e->status) {
	case STATUS_STOPPED:
	case STATUS_BROKEN:
	case STATUS_GONE:
		return fail(0, "cannot exec in a stopped container: " WORDS_NOT_RUNNING);
	case STATUS_CREATING:
		return fail(0, "container '%s' is still being created", e->c.id);
	case STATUS_PAUSED:
		return e->options->ignore_paused
			       ? 0
			       : fail(0, WORDS_PAUSED " (use --ignore-paused to override)");
	case STATUS_CREATED:
	case STATUS_RUNNING:
		break;
	}
	return 0;
}

/*
 * Reads the filter that `create` saved, which must have exactly the recorded length; or there is
 * none.
 */
static int read_filter(const struct exec *e, const struct filter **ret)
{
	const struct container *c = &e->c;
	const struct record *record = &c->record;
	size_t want = record->filter_len * sizeof(struct sock_filter);
	struct filter *f = arena_alloc(sizeof(*f));
	struct text text;
	int r = io_read_file(c->dir, "filter.bpf", BPF_MAXINSNS * sizeof(struct sock_filter),
			     &text);

	if (r == -ENOENT && want == 0)
		return 0;
	if (r < 0)
		return fail(-r, "filter.bpf: cannot be read");
	if (text.len != want || want == 0)
		return fail(0, "filter.bpf: found %zu bytes, expected %zu", text.len, want);
	*f = (struct filter){
		.code = (const void *)text.data,
		.len = (uint16_t)record->filter_len,
		.flags = record->filter_flags,
		.user_notif = record->user_notif,
		.listener_path = record->listener_path,
		.listener_metadata = record->listener_metadata,
	};
	/* the agent is for the program; a call of a hook that would be notified gets ENOSYS */
	if (e->hook || denials_lost_agent(c)) {
		f->user_notif = false;
		f->flags &= ~(uint32_t)(SECCOMP_FILTER_FLAG_NEW_LISTENER |
					SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV);
	}
	*ret = f;
	return 0;
}

static int make_plan(struct exec *e)
{
	const struct exec_options *o = e->options;
	const struct record *record = &e->c.record;
	struct plan_options po = { .id = o->id,
				   .bundle = record->bundle,
				   .keyring = record->keyring,
				   .preserve_fds = o->preserve_fds,
				   .detached = o->detached,
				   .console_socket = o->console_socket };
	struct process_spec process;
	struct config config;
	struct cgroup cgroup;
	struct host host;
	struct text text;
	int r = load_config(e->c.dir, "config.json", &text, &config);

	if (r >= 0)
		r = exec_process(o, &config.process, &process);
	if (r >= 0)
		r = host_read(&host);
	if (r >= 0)
		r = read_filter(e, &po.filter);
	if (r < 0)
		return r;
	record_cgroup(record, &cgroup);
	const struct plan_exec exec = {
		.config = &config,
		.process = &process,
		.namespaces = record->namespaces,
		.keep_groups = record->keep_groups,
		.n_cgroups = cgroup.n,
		.cgroups = cgroup.v,
		.hook = e->hook,
	};

	return plan_exec_make(&exec, &host, &po, &e->plan);
}

/* --- the steps ---------------------------------------------------------------------------- */

static int open_target(struct exec *e)
{
	const struct record *r = &e->c.record;
	int fd = identity_open((pid_t)r->pid, r->start_time, r->boot_id);

	if (fd == -ESRCH)
		return fail(0, "container '%s': " WORDS_NOT_RUNNING, e->c.id);
	if (fd < 0)
		return fail(-fd, "container '%s': init", e->c.id);
	e->h.target = fd;
	return 0;
}

static int open_descriptors(void *ctx)
{
	struct exec *e = ctx;
	const struct filter *f = e->plan->filter;
	int r = open_target(e);

	if (r >= 0)
		r = e->h.proc = procfs_open();
	if (r >= 0 && e->options->console_socket)
		r = connect_check("--console-socket", e->options->console_socket);
	if (r >= 0 && f && f->user_notif)
		r = connect_socket(denials_socket_word(&e->c), f->listener_path, &e->agent);
	if (r >= 0)
		r = start_page_make(&e->h.page);
	if (r < 0)
		return r;
	r = msg_pair(e->h.sync);
	return r < 0 ? fail(-r, "socketpair") : 0;
}

static int open_cgroup(void *ctx)
{
	struct exec *e = ctx;
	struct cgroup cgroup;

	record_cgroup(&e->c.record, &cgroup);
	int r = exec_cgroup(&e->options->cgroups, e->h.proc, (pid_t)e->c.record.pid, &cgroup);

	if (r < 0)
		return r;
	return cgroup_join_open(&cgroup, e->h.tasks, &e->h.n_tasks, &e->h.cgroup_dir);
}

/*
 * Processes of ours that are inside for a moment: the intermediate process and the process proper.
 */
enum { OURS = 2 };

static int open_room(void *ctx)
{
	struct exec *e = ctx;
	struct cgroup cgroup;

	record_cgroup(&e->c.record, &cgroup);
	if (e->c.record.room.raised == 0 && cgroup_room_is_for(&cgroup, OURS))
		return 0;
	/*
	 * The lock keeps out `update` and another exec. `start`, which runs hooks, holds it
	 * already.
	 */
	int r = e->hook ? 0 : container_lock(&e->c, LOCK_TIMEOUT_MS);

	return r < 0 ? r : room_open(&e->c, OURS);
}

static int close_room(void *ctx)
{
	struct exec *e = ctx;
	int r = e->c.locked ? room_close(&e->c) : 0;

	if (!e->hook)
		container_unlock(&e->c);
	return r;
}

static int make_process(void *ctx)
{
	struct exec *e = ctx;

	const struct plan_cpus *initial = e->plan->process.affinity_initial;
	struct plan_cpus old;

	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return fail(errno, "protect the process that joins namespaces");
	e->h.hook = e->hook;
	int r = initial ? affinity_enter(initial, &old) : 0;

	if (r >= 0)
		r = spawn_exec(e->plan, &e->h, &e->child);
	if (r >= 0)
		interrupt_watch(INTERRUPT_INIT, e->child.pidfd);
	if (r >= 0 && initial && affinity_leave(&old) < 0) {
		child_end(&e->child);
		r = -EINVAL;
	}
	return r;
}

static int undo_process(void *saved)
{
	struct exec *e = saved;

	child_end(&e->child);
	return 0;
}

static int settle_process(void *ctx)
{
	struct exec *e = ctx;
	int r = spawn_settle(e->plan, &e->h, &e->child);

	if (r >= 0)
		r = sync_say(&e->h, SYNC_MAPPED);
	if (r >= 0 && e->plan->process.terminal)
		r = e->master = sync_expect_terminal(&e->h, &e->child, READY_TIMEOUT_MS);
	return r < 0 ? r : sync_expect_within(&e->h, &e->child, SYNC_READY, READY_TIMEOUT_MS);
}

static bool has_terminal(const void *ctx)
{
	return ((const struct exec *)ctx)->plan->process.terminal;
}

static int hand_terminal(void *ctx)
{
	struct exec *e = ctx;

	if (!e->options->console_socket)
		return relay_begin(e->master);
	int r = connect_send_terminal(e->options->console_socket, e->master);

	fd_close(&e->master);
	return r;
}

static int clone_process(void *ctx)
{
	struct exec *e = ctx;
	int r = sync_say(&e->h, SYNC_COMMIT);

	if (r >= 0)
		r = spawn_follow(&e->h, &e->child, READY_TIMEOUT_MS);
	interrupt_watch(INTERRUPT_INIT, r < 0 ? -1 : e->child.pidfd);
	return r;
}

/* Hooks are the runtime's work, not the container's. */
static bool is_recorded(const void *ctx)
{
	const struct exec *e = ctx;

	return e->c.record.recorder_pid && !e->hook;
}

/*
 * The process proper runs on to its program, so the intermediate process is announced, from which
 * it inherits its perf events.
 */
static int record_process(void *ctx)
{
	struct exec *e = ctx;

	return recorded_add(&e->c, e->child.pidfd);
}

static int run_program(void *ctx)
{
	struct exec *e = ctx;
	bool user_notif = e->plan->filter && e->plan->filter->user_notif;
	struct start_request request = {
		.pidfd = e->child.pidfd,
		.agent = user_notif ? &e->agent : NULL,
		.timeout_ms = LOCK_TIMEOUT_MS,
		.program = e->plan->process.argv[0],
	};

	if (user_notif)
		request.process_state = container_state_of_process(&e->c, e->status, e->child.pid);
	return start_follow(&request, e->h.sync[0], e->h.page);
}

static bool has_pidfd_socket(const void *ctx)
{
	return ((const struct exec *)ctx)->options->pidfd_socket;
}

static int send_pidfd(void *ctx)
{
	struct exec *e = ctx;

	return connect_send_pidfd(e->options->pidfd_socket, e->child.pidfd);
}

static bool has_pid_file(const void *ctx)
{
	return ((const struct exec *)ctx)->options->pid_file;
}

static int write_pid_file(void *ctx)
{
	struct exec *e = ctx;

	return connect_pid_file(e->options->pid_file, e->child.pid);
}

static const struct step exec_steps[] = {
	{ "descriptors", NULL, open_descriptors, NULL },
	{ "cgroup", NULL, open_cgroup, NULL },
	{ "limit of processes", NULL, open_room, close_room },
	{ "namespaces", NULL, make_process, undo_process },
	{ "process set-up", NULL, settle_process, NULL },
	{ "terminal", has_terminal, hand_terminal, NULL },
	{ "recorder", is_recorded, record_process, NULL },
	{ "process", NULL, clone_process, NULL },
	{ "limit of processes, again", NULL, close_room, NULL },
	{ "start of the program", NULL, run_program, NULL },
	{ "pidfd socket", has_pidfd_socket, send_pidfd, NULL },
	{ "pid file", has_pid_file, write_pid_file, NULL }, /* last, because engines wait for it */
};

/* --- the command -------------------------------------------------------------------------- */

static int run_steps(struct exec *e)
{
	int r = steps_run(exec_steps, ARRAY_LEN(exec_steps), e, e);

	interrupt_watch(INTERRUPT_INIT, -1);
	handles_close(&e->h);
	if (r < 0)
		/* milliseconds; what is left after that is held by a tracer */
		child_reap(-1, 1000);
	return r;
}

/*
 * Handles a failure after a signal that came before the program ran. The failure is a consequence
 * of the signal.
 */
static int interrupted(const struct exec *e, int r, int *ret_exit)
{
	int came = e->options->detached ? 0 : interrupt_end();

	if (came) {
		err_clear();
		*ret_exit = 128 + came;
		return 0;
	}
	came = interrupt_report();
	return came < 0 ? came : r;
}

static int run(struct exec *e, int *ret_exit)
{
	sigset_t old;
	int r = 0;

	if (!e->options->detached)
		r = e->signals = relay_block(&old);
	if (r >= 0)
		r = interrupt_begin();
	if (r < 0)
		return r;
	r = run_steps(e);
	if (r < 0)
		return interrupted(e, r, ret_exit);
	int came = interrupt_end();

	if (e->options->detached)
		return 0;
	if (came) /* it came too late to end us and is meant for the program */
		(void)sys_pidfd_send_signal(e->child.pidfd, came);
	const struct relay relay = { e->child.pidfd, e->master, e->signals, -1 };

	return relay_run(&relay, ret_exit);
}

int container_exec(const struct exec_options *options, int *ret_exit)
{
	struct exec e = {
		.options = options, .agent = -1, .master = -1, .signals = -1, .child = { -1, -1 }
	};
	int r = container_open_sound(options->root, options->id, &e.c);

	*ret_exit = 0;
	if (r < 0)
		return r;
	e.status = container_status(&e.c);
	r = check_status(&e);
	if (r >= 0)
		r = make_plan(&e);
	if (r >= 0) {
		handles_init(e.plan, &e.h);
		r = run(&e, ret_exit);
	}
	fd_close(&e.agent);
	fd_close(&e.master);
	fd_close(&e.signals);
	fd_close(&e.child.pidfd);
	container_close(&e.c);
	return r;
}

/* Ends this process as its child ended. */
no_return static void end_alike(int pidfd)
{
	siginfo_t how = { 0 };

	while (waitid(P_PIDFD, (id_t)pidfd, &how, WEXITED) < 0 && errno == EINTR)
		;
	if (how.si_code != CLD_EXITED)
		(void)kill(getpid(), how.si_status);
	_exit(how.si_code == CLD_EXITED ? how.si_status : 1);
}

no_return void container_exec_hook(const struct container *c, const struct plan_hook *hook)
{
	const struct exec_options options = { .id = c->id,
					      .detached = true,
					      .args = { 1, (char **)(uintptr_t)hook->argv } };
	struct exec e = { .options = &options,
			  .c = *c,
			  .status = STATUS_CREATED,
			  .agent = -1,
			  .master = -1,
			  .signals = -1,
			  .child = { -1, -1 },
			  .hook = hook };
	int r = make_plan(&e);

	if (r >= 0) {
		handles_init(e.plan, &e.h);
		r = run_steps(&e);
	}
	if (r >= 0)
		end_alike(e.child.pidfd);
	const char *said = err_message();

	if (said)
		io_write_best(STDERR_FILENO, said, strlen(said));
	_exit(1);
}
