/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns create_steps[]: what is made for a container, in order, and how each step is undone.
 * `delete` runs the same table backwards, so the two always match. What must hold: whichever
 * process dies at whatever point, a later `delete --force` finds in the record everything that may
 * exist, and no resource on the host outlives it.
 */
#include "runtime/create.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/identity.h"
#include "base/interrupt.h"
#include "base/log.h"
#include "base/steps.h"
#include "cgroup/cgroup.h"
#include "cgroup/join.h"
#include "cgroup/make.h"
#include "cgroup/oom.h"
#include "cgroup/remove.h"
#include "cgroup/scope.h"
#include "channel/child.h"
#include "channel/handles.h"
#include "channel/start.h"
#include "channel/sync.h"
#include "oci/state.h"
#include "process/hooks.h"
#include "process/open.h"
#include "process/procns.h"
#include "process/spawn.h"
#include "runtime/connect.h"
#include "runtime/container.h"
#include "runtime/denials.h"
#include "runtime/end.h"
#include "runtime/holder.h"
#include "runtime/hooks.h"
#include "runtime/load.h"
#include "runtime/recorded.h"
#include "runtime/room.h"
#include "runtime/sdnotify.h"
#include "runtime/state.h"
#include "runtime/statedir.h"
#include "runtime/timeouts.h"
#include "seccomp/filter.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct create {
	const struct create_options *options;
	struct loaded in;
	struct handles h;
	struct cgroup cgroup;
	struct scope_keeper keeper;
	struct container *c;
};

/* --- state directory ---------------------------------------------------------------------- */

/*
 * Makes the scope's description unique, because another container, now or earlier, may have used
 * the same unit name.
 */
static const char *scope_mark(const struct record *r)
{
	return arena_printf("tamis container %s (%jd-%ju)", r->id, (intmax_t)r->creator_pid,
			    (uintmax_t)r->creator_start);
}

static const char *now_rfc3339(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return state_time(ts.tv_sec, (uint32_t)ts.tv_nsec);
}

/* The log that the caller named, for later commands; NULL: that of the state directory. */
static const char *denials_log(const struct create *k)
{
	return k->in.plan->profile && *k->in.denials_log ? k->in.denials_log : NULL;
}

static int intend(const struct create *k, struct record *ret)
{
	const struct plan *plan = k->in.plan;
	const char *boot;
	uint64_t start;
	int e = identity_boot(&boot);

	if (e >= 0)
		e = identity_start_time(getpid(), &start);
	if (e < 0)
		return fail(-e, "read the identity of this process");
	*ret = (struct record){
		.version = 1,
		.id = plan->id,
		.oci_version = plan->oci_version,
		.bundle = plan->bundle,
		.rootfs = plan->root.path,
		.created_at = now_rfc3339(),
		.owner = geteuid(),
		.boot_id = boot,
		.creator_pid = getpid(),
		.creator_start = start,
		.namespaces = plan->ns.made | plan->ns.joined,
		.own_pid_namespace = plan->ns.made & CLONE_NEWPID,
		.terminal = plan->process.terminal,
		.user_notif = plan->filter && plan->filter->user_notif,
		.listener_path = plan->listener_path,
		.listener_metadata = plan->listener_metadata,
		.denials_log = denials_log(k),
		.filter_len = plan->filter ? plan->filter->len : 0,
		.filter_flags = plan->filter ? plan->filter->flags : 0,
		.keyring = plan->keyring,
		.keep_groups = plan->process.keep_groups,
		.program = plan->process.argv[0],
		.start_hooks = plan->hooks[HOOK_START_CONTAINER].n,
		.poststart = plan->hooks[HOOK_POSTSTART].n,
		.poststop = plan->hooks[HOOK_POSTSTOP].n,
		.annotations = k->in.config.annotations,
	};
	return 0;
}

/* A new file in the state directory. No command reads it before the record says "created". */
static int save(const struct create *k, const char *name, const void *data, size_t n)
{
	int r = io_write_new(k->c->dir, name, data, n, 0600);

	return r < 0 ? fail(-r, "%s: cannot be written", name) : 0;
}

/* Sets the planned cgroups for the intent record. */
static void plan_cgroups(struct create *k)
{
	const struct record *r = &k->c->record;

	cgroup_planned(&k->in.plan->cgroup, &k->cgroup);
	cgroup_note_present(&k->cgroup);
	k->cgroup.owner = (struct cgroup_owner){
		.state = statedir_identity(k->c->dir),
		.id = r->id,
		.pid = (pid_t)r->creator_pid,
		.start = r->creator_start,
		.is_at_work = holder_is_create,
	};
	if (k->cgroup.scope.unit)
		k->cgroup.scope.mark = scope_mark(r);
}

static int make_statedir(void *ctx)
{
	struct create *k = ctx;
	struct container *c = k->c;
	const struct filter *f = k->in.plan->filter;
	int r = intend(k, &c->record);

	if (r < 0)
		return r;
	c->root = statedir_open_root(k->options->root, true);
	if (c->root < 0)
		return c->root;
	c->dir = statedir_make(c->root, c->id);
	if (c->dir < 0)
		return c->dir;
	c->locked = true;
	plan_cgroups(k);
	record_set_cgroup(&c->record, &k->cgroup);
	r = record_write(c->dir, &c->record);
	if (r >= 0)
		r = save(k, "config.json", k->in.text.data, k->in.text.len);
	if (r >= 0 && f)
		r = save(k, "filter.bpf", f->code, f->len * sizeof(*f->code));
	if (r < 0)
		(void)!statedir_remove(c->root, c->id, c->dir);
	return r;
}

static int undo_statedir(void *saved)
{
	struct container *c = saved;

	denials_end(c); /* its socket and its log are in the directory; without init it ends */
	recorded_end(c);
	return statedir_remove(c->root, c->id, c->dir);
}

/* --- descriptors; poststop hooks are owed from here on ------------------------------------- */

static int open_descriptors(void *ctx)
{
	struct create *k = ctx;
	const struct plan *plan = k->in.plan;
	int r = open_handles(plan, &k->h);

	if (r >= 0)
		r = start_make(k->c->dir, &k->h.page, &k->h.start);
	if (r >= 0 && k->options->console_socket)
		r = connect_check("--console-socket", k->options->console_socket);
	if (r >= 0 && plan->filter && plan->filter->user_notif && !plan->profile)
		r = connect_check("linux.seccomp.listenerPath", plan->listener_path);
	if (r >= 0 && plan->sdnotify)
		r = sdnotify_socket(&k->h.sdnotify);
	return r;
}

/*
 * Runs after the process and the cgroup are gone. A failing hook must not prevent the rest from
 * being removed: runtime-spec, lifecycle 13.
 */
static int undo_hooks(void *saved)
{
	struct container *c = saved;

	interrupt_take();
	if (!c->record.hooks_ran)
		return 0;
	const char *earlier = err_message();

	err_clear();
	if (container_hooks(c, HOOK_POSTSTOP, STATUS_STOPPED) < 0)
		log_warning("poststop hooks: %s", err_message());
	err_restore(earlier);
	return 0;
}

/* --- scope: the cgroup's unit, where systemd manages them ---------------------------------- */

static bool has_scope(const void *ctx)
{
	return ((const struct create *)ctx)->in.plan->cgroup.scope.unit;
}

static int start_scope(void *ctx)
{
	struct create *k = ctx;
	int r = scope_start(&k->in.plan->cgroup, &k->cgroup, &k->keeper);

	if (r < 0)
		return r;
	/* systemd decides where the cgroup is */
	record_set_cgroup(&k->c->record, &k->cgroup);
	r = record_write(k->c->dir, &k->c->record);
	if (r < 0)
		(void)!scope_stop(&k->cgroup);
	return r;
}

static int undo_scope(void *saved)
{
	struct container *c = saved;
	struct cgroup cgroup;

	interrupt_take(); /* a signal that came earlier must not interrupt the request to systemd */
	record_cgroup(&c->record, &cgroup);
	return cgroup.scope.unit ? scope_stop(&cgroup) : 0;
}

/* --- cgroup -------------------------------------------------------------------------------- */

static bool has_cgroup(const void *ctx)
{
	return !((const struct create *)ctx)->in.plan->cgroup.disabled;
}

static bool joins_pid_namespace(const void *ctx)
{
	return plan_ns_joins_pid(((const struct create *)ctx)->in.plan);
}

/*
 * Whether processes of tamis are in the cgroup, too, for some time: the keeper of a scope, or, if a
 * PID namespace is joined, the predecessor of init and the processes that open its procfs.
 */
static bool shares_cgroup(const void *ctx)
{
	return has_cgroup(ctx) && (has_scope(ctx) || joins_pid_namespace(ctx));
}

static int close_room(void *ctx)
{
	return room_close(((struct create *)ctx)->c);
}

static int make_cgroup(void *ctx)
{
	struct create *k = ctx;
	int r = cgroup_make(&k->in.plan->cgroup, &k->cgroup);

	if (r < 0)
		return r;
	/*
	 * saved before a process can be inside, because only leaves that the record calls ours are
	 * emptied
	 */
	record_set_cgroup(&k->c->record, &k->cgroup);
	r = record_write(k->c->dir, &k->c->record);
	if (r >= 0)
		r = open_cgroup(k->in.plan, &k->h);
	if (r >= 0)
		r = cgroup_join_open(&k->cgroup, k->h.tasks, &k->h.n_tasks, &k->h.cgroup_dir);
	if (r >= 0 && shares_cgroup(k))
		r = room_open(k->c, 2);
	if (r < 0)
		(void)!cgroup_remove(&k->cgroup, DEATH_TIMEOUT_MS);
	return r;
}

static int undo_cgroup(void *saved)
{
	struct container *c = saved;
	struct cgroup cgroup;

	record_cgroup(&c->record, &cgroup);
	cgroup.owner.state = statedir_identity(c->dir);
	return cgroup_remove(&cgroup, DEATH_TIMEOUT_MS);
}

/* --- the process --------------------------------------------------------------------------- */

/*
 * Adds to an error of the conversation with init whether the kernel killed it for lack of memory.
 */
static int explain(const struct create *k, int r)
{
	if (r >= 0 || cgroup_oom_kills(&k->cgroup) == 0)
		return r;
	return wrap(r, "out of memory in the container's cgroup (is the limit too low?)");
}

static int open_proc(void *ctx)
{
	struct create *k = ctx;

	return procns_open(k->in.plan, &k->h);
}

static int record_process(struct create *k)
{
	struct container *c = k->c;

	c->record.pid = c->child.pid;
	int r = identity_start_time(c->child.pid, &c->record.start_time);

	if (r < 0)
		r = fail(-r, "the container's init ended immediately");
	/*
	 * without a cgroup, init can only be found by the record, so both of its versions must name
	 * it
	 */
	else if (k->in.plan->cgroup.disabled)
		r = record_write(c->dir, &c->record);
	else if (k->cgroup.scope.unit)
		r = scope_leave(&k->cgroup, &k->keeper);
	if (r < 0)
		child_end(&c->child);
	return r;
}

static int make_process(void *ctx)
{
	struct create *k = ctx;
	int r = spawn_init(k->in.plan, &k->h, &k->c->child);

	return r < 0 ? explain(k, r) : record_process(k);
}

static int undo_process(void *saved)
{
	return container_end(saved);
}

static int settle_process(void *ctx)
{
	struct create *k = ctx;
	int r = spawn_settle(k->in.plan, &k->h, &k->c->child);

	if (r >= 0)
		r = sync_say(&k->h, SYNC_MAPPED);
	return explain(k, r);
}

static bool has_hooks(const void *ctx)
{
	return plan_hooks_exist(((const struct create *)ctx)->in.plan);
}

static int run_hooks(void *ctx)
{
	struct create *k = ctx;
	const struct plan *plan = k->in.plan;
	const struct hook_context context = { .state =
						      container_state(k->c, STATUS_CREATING, false),
					      .cwd = k->h.bundle,
					      .envp = environ };
	int r = explain(k, sync_expect(&k->h, &k->c->child, SYNC_MOUNTED));

	if (r >= 0) {
		k->c->record.hooks_ran = true;
		r = record_write(k->c->dir, &k->c->record);
	}
	if (r >= 0)
		r = hooks_run(&plan->hooks[HOOK_PRESTART], &context);
	if (r >= 0)
		r = hooks_run(&plan->hooks[HOOK_CREATE_RUNTIME], &context);
	return r < 0 ? r : sync_say(&k->h, SYNC_HOOKED);
}

static bool has_terminal(const void *ctx)
{
	return ((const struct create *)ctx)->in.plan->process.terminal;
}

static int take_terminal(void *ctx)
{
	struct create *k = ctx;
	int r = k->c->master = sync_expect_terminal(&k->h, &k->c->child, -1);

	return explain(k, r);
}

/* The process outside the PID namespace is ready. Its successor is the container's process. */
static int follow_process(void *ctx)
{
	struct create *k = ctx;
	int r = spawn_follow(&k->h, &k->c->child, -1);

	return r < 0 ? r : record_process(k);
}

static int await_ready(void *ctx)
{
	struct create *k = ctx;

	if (!plan_ns_joins_pid(k->in.plan))
		return explain(k, sync_expect(&k->h, &k->c->child, SYNC_READY));
	return explain(k, sync_expect_within(&k->h, &k->c->child, SYNC_READY, READY_TIMEOUT_MS));
}

/* --- explained denials ---------------------------------------------------------------------- */

static bool explains_denials(const void *ctx)
{
	return ((const struct create *)ctx)->in.plan->profile;
}

static int start_agent(void *ctx)
{
	struct create *k = ctx;

	return denials_start(&k->in, k->c, !k->options->detached);
}

/* --- recording ------------------------------------------------------------------------------ */

static bool is_recorded(const void *ctx)
{
	return ((const struct create *)ctx)->in.record_file;
}

static int start_recorder(void *ctx)
{
	struct create *k = ctx;

	return recorded_start(&k->in, k->c);
}

/* --- what the caller gets ------------------------------------------------------------------ */

static bool has_console_socket(const void *ctx)
{
	return ((const struct create *)ctx)->options->console_socket;
}

static int send_terminal(void *ctx)
{
	struct create *k = ctx;
	int r = connect_send_terminal(k->options->console_socket, k->c->master);

	fd_close(&k->c->master);
	return r;
}

static int write_record(void *ctx)
{
	struct create *k = ctx;

	k->c->record.created = true;
	return record_write(k->c->dir, &k->c->record);
}

static int commit(void *ctx)
{
	struct create *k = ctx;
	int r = sync_say(&k->h, SYNC_COMMIT);

	k->c->proc = take_fd(&k->h.proc);
	k->c->sdnotify = take_fd(&k->h.sdnotify);
	handles_close(&k->h);
	return r;
}

static bool has_pid_file(const void *ctx)
{
	return ((const struct create *)ctx)->options->pid_file;
}

static int write_pid_file(void *ctx)
{
	struct create *k = ctx;

	return connect_pid_file(k->options->pid_file, k->c->child.pid);
}

static bool has_pidfd_socket(const void *ctx)
{
	return ((const struct create *)ctx)->options->pidfd_socket;
}

static int send_pidfd(void *ctx)
{
	struct create *k = ctx;

	return connect_send_pidfd(k->options->pidfd_socket, k->c->child.pidfd);
}

static const struct step create_steps[] = {
	/* the record exists before the first resource that it names */
	{ "state directory", NULL, make_statedir, undo_statedir, .after_rest = true },
	{ "descriptors", NULL, open_descriptors, undo_hooks, .after_rest = true },
	{ "scope", has_scope, start_scope, undo_scope },
	/* limits are set before any task is inside */
	{ "cgroup", has_cgroup, make_cgroup, undo_cgroup },
	{ "procfs of the PID namespace", joins_pid_namespace, open_proc, NULL },
	{ "container process", NULL, make_process, undo_process },
	{ "id maps", NULL, settle_process, NULL },
	/* the namespaces exist, and the old root is still there */
	{ "hooks", has_hooks, run_hooks, NULL },
	{ "terminal", has_terminal, take_terminal, NULL },
	{ "container process inside", joins_pid_namespace, follow_process, NULL },
	{ "container set-up", NULL, await_ready, NULL },
	{ "limit of processes", shares_cgroup, close_room, NULL },
	{ "agent of denials", explains_denials, start_agent, NULL },
	{ "recorder", is_recorded, start_recorder, NULL },
	/* not before it is certain that there will be a container: connect.h */
	{ "console socket", has_console_socket, send_terminal, NULL },
	/* from here on a container whose creator dies is stopped, no longer a broken create */
	{ "record", NULL, write_record, NULL },
	{ "commit", NULL, commit, NULL },
	{ "pidfd socket", has_pidfd_socket, send_pidfd, NULL },
	{ "pid file", has_pid_file, write_pid_file, NULL }, /* last, because engines wait for it */
};

int container_create_undo(struct container *c)
{
	return steps_undo(create_steps, ARRAY_LEN(create_steps), c);
}

int container_create(const struct create_options *options, struct container *ret)
{
	struct create k = { .options = options, .keeper = SCOPE_KEEPER_NONE, .c = ret };
	int r = load_bundle(options, &k.in);

	if (r < 0)
		return r;
	*ret = CONTAINER_NONE;
	ret->id = options->id;
	handles_init(k.in.plan, &k.h);
	k.h.at_once = options->starts;
	r = steps_run(create_steps, ARRAY_LEN(create_steps), &k, ret);
	scope_abandon(&k.keeper);
	handles_close(&k.h);
	load_close(&k.in);
	if (r < 0)
		container_close(ret);
	return r;
}
