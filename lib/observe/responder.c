/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the answers to notified calls. What must hold: what the profile denies gets exactly the
 * answer of the profile, and only the policy "allow" lets a call be carried out. Nothing that a
 * container does makes this process wait for it: what is read from a stopped process is read by
 * another one (reader.h), with a time limit. Memory and log are bounded (denial_table.h), whatever
 * the number of denials.
 */
#include "observe/responder.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/sys.h"
#include "channel/procfs.h"
#include "observe/agent_filter.h"
#include "observe/answer_policy.h"
#include "observe/denial_write.h"
#include "observe/penalty.h"
#include "observe/scene.h"
#include "seccomp/notifying.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <time.h>

enum {
	/* interval at which changed counts are written: doubles until there is a new kind */
	COUNTS_MS = 5000,
	COUNTS_LONGEST_MS = 3600 * 1000,
	COUNTS_MS_PER_BYTE = 10, /* so long for each byte of the last line of counts */
	WATCH_MS = 1000,	 /* for so long it is observed whether a program lives on */
	WATCHED_MAX = 64,
	/* a read that takes less, and less of the processor, is not counted */
	READ_FAST_MS = 10,
	READ_CHEAP_US = 1000,
	READ_PAUSE_AFTER_MS = 100,
	READ_PAUSE_MS = 1000,
	READ_FORGIVE_MS =
		60 * 1000, /* without a slow read: the container has all its patience again */
	STUCK_MAX = 2,	   /* reads of one container that blocked the process that reads for good */
};

/* --- the log ------------------------------------------------------------------------------ */

static int longer(int a, int b)
{
	return a > b ? a : b;
}

/*
 * The log grows by counts as long as a container makes denied calls. With all kinds a line has 43
 * kB: a day of new kinds adds 9 MB, and later days 0.2 MB.
 */
static void schedule_counts(struct responder *r, bool is_new)
{
	const int least = (int)r->counts_bytes * COUNTS_MS_PER_BYTE;
	const int64_t now = sys_now_ms();

	if (is_new) {
		const int64_t due = now + longer(COUNTS_MS, least);

		r->counts_ms = COUNTS_MS;
		r->counts_due = due < r->counts_due ? due : r->counts_due;
		return;
	}
	const int longest = longer(COUNTS_LONGEST_MS, 50 * least);

	r->counts_ms = 2 * r->counts_ms < longest ? 2 * r->counts_ms : longest;
	r->counts_due = now + longer(r->counts_ms, least);
}

static void write_counts(struct responder *r, bool ended)
{
	struct arena_mark mark = arena_mark();
	struct denial_count *v = arena_array(r->table.n + 1, sizeof(*v));
	struct timespec now;

	for (size_t i = 0; i < r->table.n; i++) {
		const struct denial_entry *e = &r->table.entries[i];

		v[i] = (struct denial_count){ (uint32_t)i + 1, e->count, e->n_sigkill, e->lived };
	}
	clock_gettime(CLOCK_REALTIME, &now);
	const struct denial_counts counts = { r->table.n, v, r->table.unlogged, r->n_lost, ended };
	const struct text line = denial_write_counts(
		r->container, denial_write_time(now.tv_sec, (uint32_t)now.tv_nsec), &counts);

	if (r->log && (r->changed || ended))
		line_writer_add(r->log, line.data, line.len);
	r->changed = false;
	r->counts_bytes = line.len;
	schedule_counts(r, false);
	(void)arena_release(mark, NULL, 0);
}

static void write_text(struct responder *r, const char *line)
{
	line_writer_add(r->text, line, strlen(line));
}

static void report(struct responder *r, uint32_t id, const struct denial *d,
		   struct denial_scene *scene)
{
	struct timespec now;

	if (d->reason == DENIAL_UNKNOWN)
		return; /* C libraries try new calls and then use older ones */
	clock_gettime(CLOCK_REALTIME, &now);
	scene->container = r->container;
	scene->seconds = now.tv_sec;
	scene->nanoseconds = (uint32_t)now.tv_nsec;
	if (r->log) {
		const uint64_t n_lost = r->log->n_lost;
		const struct text line = denial_write_json(id, d, scene);

		line_writer_add(r->log, line.data, line.len);
		r->n_lost += r->log->n_lost - n_lost;
	}
	if (r->text)
		write_text(r, denial_write_text(d, scene));
}

/* --- whether programs live on --------------------------------------------------------------- */

/* A pidfd of the process of a thread, whose own number opens none unless it is the first. */
static int open_process(int proc, pid_t tid)
{
	int fd = sys_pidfd_open(tid, 0);

	if (fd >= 0 || (errno != EINVAL && errno != ENOENT))
		return fd;
	pid_t pid = procfs_process(proc, tid);

	return pid > 0 ? sys_pidfd_open(pid, 0) : -1;
}

/*
 * The process of the call, or -1. It is opened before anything is read, because another thread of
 * it can end the one that waits by execve(2). As the call waits afterwards, its thread has had that
 * number all the time, and so has its process.
 */
static int open_caller(const struct responder_tools *t, int fd)
{
	const struct seccomp_notif *call = t->listener.call;
	autofd process = open_process(t->proc, (pid_t)call->pid);

	return process >= 0 && listener_is_waiting(fd, call->id) ? take_fd(&process) : -1;
}

/* Whether the process of a call is to be watched. entry: NULL if it is not looked up yet. */
static bool is_to_watch(const struct responder *r, const struct denial_entry *entry)
{
	if (r->n_watched == WATCHED_MAX)
		return false;
	return entry ? !entry->lived && entry->pidfd < 0 : r->table.n < DENIAL_TABLE_ENTRIES;
}

static void watch(struct responder *r, struct denial_entry *entry, int *process)
{
	if (*process < 0 || !is_to_watch(r, entry))
		return;
	entry->pidfd = take_fd(process);
	entry->deadline = sys_now_ms() + WATCH_MS;
	r->n_watched++;
}

static void end_watches(struct responder *r)
{
	int64_t now = r->n_watched ? sys_now_ms() : 0;

	if (now < r->watch_due)
		return;
	r->watch_due = now + WATCH_MS / 10;
	for (size_t i = 0; i < r->table.n && r->n_watched; i++) {
		struct denial_entry *entry = &r->table.entries[i];

		if (entry->pidfd < 0)
			continue;
		bool ended = fd_wait(entry->pidfd, POLLIN, 0) == 1;

		if (!ended && now < entry->deadline)
			continue;
		entry->lived |= !ended;
		r->changed |= !ended;
		fd_close(&entry->pidfd);
		r->n_watched--;
	}
}

/* --- calls -------------------------------------------------------------------------------- */

/*
 * Counts the time of a read. The container decides how long it takes, up to the limit of reader.h,
 * and by the number of its mappings how much work it is, which no limit of its own includes.
 */
static void count_read(struct responder *r, const struct responder_tools *t, int64_t start)
{
	const int64_t now = sys_now_ms();
	int ms = (int)(now - start);

	if (ms < READ_FAST_MS)
		ms = t->reader.used_us < READ_CHEAP_US ? 0 : (int)(t->reader.used_us / 1000);
	if (ms == 0)
		return;
	if (now - r->slow_at > READ_FORGIVE_MS)
		r->slow_ms = r->pause_ms = 0;
	r->slow_at = now;
	r->slow_ms += ms;
	if (r->slow_ms < t->patience_ms + READ_PAUSE_AFTER_MS)
		return;
	r->slow_ms -= READ_PAUSE_AFTER_MS;
	r->pause_ms = r->pause_ms ? 2 * r->pause_ms : READ_PAUSE_MS;
	r->reads_from = now + r->pause_ms;
}

static void look_at_process(struct responder *r, struct responder_tools *t, int fd,
			    const struct denial *denial, struct denial_scene *scene)
{
	const struct seccomp_notif *call = t->listener.call;
	const pid_t tid = (pid_t)call->pid;
	const int64_t start = sys_now_ms();
	const size_t n_stuck = reader_count_stuck(&t->reader);

	if (n_stuck == 0)
		r->n_stuck = 0;
	if (start < r->reads_from || r->n_stuck == STUCK_MAX) {
		*scene = scene_unknown(tid);
		t->n_unread++;
		return;
	}
	scene_read(&t->reader, tid, denial, scene);
	if (!listener_is_waiting(fd, call->id)) /* it has ended: another may have its number */
		*scene = scene_unknown(tid);
	r->n_stuck += t->reader.n_stuck > n_stuck;
	count_read(r, t, start);
}

static struct denial_entry *look_closely(struct responder *r, struct responder_tools *t, int fd,
					 struct denial *denial)
{
	const pid_t tid = (pid_t)t->listener.call->pid;
	struct denial_scene scene;
	bool new;

	look_at_process(r, t, fd, denial, &scene);
	const char *caller = arena_printf("%s+%#jx", scene.file, (uintmax_t)scene.offset);
	struct denial_entry *entry = denial_table_enter(
		&r->table, tid, &denial->call, denial->deciding, scene.program, caller, &new);

	if (entry && new) {
		schedule_counts(r, true);
		report(r, (uint32_t)(entry - r->table.entries) + 1, denial, &scene);
	}
	return entry;
}

static bool is_kill(uint32_t answer)
{
	const uint32_t action = answer & SECCOMP_RET_ACTION_FULL;

	return action == SECCOMP_RET_KILL_PROCESS || action == SECCOMP_RET_KILL_THREAD ||
	       action == SECCOMP_RET_TRAP;
}

/*
 * `carry_out`: the policy may have said so. `process`: open_caller(). Returns whether SIGKILL
 * was given in place of the answer.
 */
static bool give_answer(struct responder_tools *t, int fd, uint32_t answer, bool carry_out,
			int process)
{
	const uint64_t id = t->listener.call->id;

	switch (answer & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ERRNO: {
		int error = (int)(answer & SECCOMP_RET_DATA);

		/* as the kernel: MAX_ERRNO */
		(void)!listener_answer(&t->listener, fd, id, error > 4095 ? 4095 : error);
		return false;
	}
	case SECCOMP_RET_KILL_PROCESS:
	case SECCOMP_RET_KILL_THREAD:
	case SECCOMP_RET_TRAP:
		return (t->is_exact ? penalty_give(&t->listener, fd, t->proc, process, answer)
				    : penalty_kill(&t->listener, fd, process)) == PENALTY_KILLED;
	case SECCOMP_RET_ALLOW:
		if (carry_out) {
			(void)!listener_continue(&t->listener, fd, id);
			return false;
		}
		break;
	default:
		break;
	}
	/* not a denial: then the filter does not notify, unless it is another's */
	(void)!listener_answer(&t->listener, fd, id, ENOSYS);
	return false;
}

void responder_answer(struct responder *r, struct responder_tools *t, int fd,
		      const struct responder_rules *rules)
{
	struct arena_mark mark = arena_mark();
	const struct denial_profile *p = rules->profile;
	const struct seccomp_notif *call = t->listener.call;
	uint32_t answer = p ? denial_answer(p, &call->data) : SECCOMP_RET_USER_NOTIF;
	const bool by_policy = rules->policy && !notifying_is_denial(answer);
	const pid_t tid = (pid_t)call->pid;
	const uint8_t deciding = denial_deciding(p, &call->data);
	struct denial_entry *entry = denial_table_recent(&r->table, tid, &call->data, deciding);
	struct denial denial;

	if (by_policy)
		answer = rules->policy->answer;
	autofd process = is_kill(answer) || is_to_watch(r, entry) ? open_caller(t, fd) : -1;

	if (!entry && r->table.n < DENIAL_TABLE_ENTRIES) { /* else it is counted, and not read */
		if (by_policy)
			denial_notified(p, &call->data, answer, rules->policy->words, &denial);
		else
			denial_explain(p, &call->data, &denial);
		denial.is_sigkill = !t->is_exact && is_kill(answer);
		entry = look_closely(r, t, fd, &denial);
	}
	const bool is_sigkill = give_answer(t, fd, answer, by_policy, process);

	if (entry) {
		entry->count++;
		entry->answer = answer;
		entry->n_sigkill += is_sigkill;
		watch(r, entry, &process);
	} else {
		r->table.unlogged++;
	}
	r->changed = true;
	(void)arena_release(mark, NULL, 0);
}

int responder_handle(struct responder *r, struct responder_tools *t, int fd,
		     const struct responder_rules *rules)
{
	int error = listener_receive(&t->listener, fd);

	if (error > 0)
		responder_answer(r, t, fd, rules);
	return error < 0 ? error : 0;
}

/* --- from the start to the end -------------------------------------------------------------- */

int responder_tools_start(struct responder_tools *t)
{
	t->proc = procfs_open();
	if (t->proc < 0)
		return t->proc;
	int r = listener_init(&t->listener);

	if (r < 0)
		return fail(-r, "ask the kernel about seccomp listeners");
	/* before the first process that reads is made, so that it has the filter, too */
	r = agent_filter_load(t->is_exact);
	if (r < 0)
		return r;
	r = reader_start(&t->reader);
	return r < 0 ? fail(-r, "start the process that reads") : 0;
}

void responder_tools_stop(struct responder_tools *t)
{
	reader_stop(&t->reader);
	fd_close(&t->proc);
}

void responder_start(struct responder *r, const char *container, struct line_writer *log,
		     struct line_writer *text)
{
	r->container = container;
	r->log = log;
	r->text = text;
	r->counts_ms = COUNTS_MS;
	r->counts_due = sys_now_ms() + COUNTS_MS;
}

int responder_tick(struct responder *r)
{
	int64_t now = r->changed || r->n_watched ? sys_now_ms() : 0;

	const bool is_tidy = penalty_tidy() == 0;

	end_watches(r);
	if (r->changed && now >= r->counts_due)
		write_counts(r, false);
	if (r->n_watched || !is_tidy)
		return WATCH_MS / 4;
	return r->changed ? (int)(r->counts_due - now) : -1;
}

void responder_end(struct responder *r, bool ended)
{
	r->watch_due = 0;
	end_watches(r);
	for (size_t i = 0; i < r->table.n; i++)
		fd_close(&r->table.entries[i].pidfd);
	r->n_watched = 0;
	write_counts(r, ended);
}

void responder_summarise(struct responder *r)
{
	uint64_t n = r->table.unlogged, n_sigkill = 0;

	for (size_t i = 0; i < r->table.n; i++) {
		n += r->table.entries[i].count;
		n_sigkill += r->table.entries[i].n_sigkill;
	}
	if (!r->text || n == 0)
		return;
	const char *line =
		arena_printf("%s: %ju call%s denied, of %zu kind%s%s\n", r->container, (uintmax_t)n,
			     n == 1 ? "" : "s", r->table.n, r->table.n == 1 ? "" : "s",
			     r->table.unlogged ? " and more, which were not logged" : "");

	write_text(r, line);
	if (n_sigkill)
		write_text(r, arena_printf("%s: %ju of the calls got SIGKILL in place of the "
					   "answer, because their threads could not be stopped\n",
					   r->container, (uintmax_t)n_sigkill));
	if (r->n_lost)
		write_text(r, arena_printf("%s: %ju of the kinds could not be written to the log: "
					   "%s\n",
					   r->container, (uintmax_t)r->n_lost,
					   r->log->error == EAGAIN ? "nobody reads it"
								   : strerror(r->log->error)));
}
