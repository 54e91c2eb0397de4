/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the recorder of a container while it runs. What must hold: it keeps only the capability to
 * attach to processes that `exec` adds (and, for a profile, to write its file), and nothing that
 * the container could use.
 */
#include "hooks/record.h"

#include "base/arena.h"
#include "base/caps.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/lines.h"
#include "base/msg.h"
#include "base/sys.h"
#include "channel/procfs.h"
#include "observe/perf_attach.h"
#include "observe/tracepoint.h"
#include "runtime/recorded.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <syslog.h>

enum { PEER_MS = 5000 };

static struct recorder recorder;
static struct recording_run run;
static struct recording_writer writer;
static const char *file; /* to which it writes */
static struct utsname host;
static struct perf *perf;

static int open_perf(void)
{
	const char *missing = tracepoint_missing();

	if (!missing && perf_open(&recorder, &perf) < 0) {
		missing = arena_strdup(err_message());
		err_clear();
	}
	return missing ? fail(0,
			      "containers are recorded by perf, but %s; without a container tamis "
			      "seccomp record records also by notify",
			      missing)
		       : 0;
}

/* Opens the recording. */
static int open_file(const struct record_job *job, struct recording *recording)
{
	enum lines_link link;
	int r = lines_name(job->file, job->id, "rec", &file, &link);

	return r < 0 ? r : recording_write_open(file, link, NULL, recording, NULL, &writer);
}

int record_check(const struct record_job *job)
{
	struct recording recording;
	int r = open_perf();

	if (r < 0)
		return r;
	recording_init(&recording);
	r = open_file(job, &recording);
	if (r >= 0)
		recording_write_abandon(&writer, file);
	return r;
}

static int pid_of(int pidfd, pid_t *ret)
{
	autofd proc = procfs_open();

	if (proc < 0)
		return proc;
	*ret = procfs_pidfd_process(proc, pidfd);
	return *ret ? 0 : fail(ESRCH, "the process to record");
}

/* The number cannot have been given to another process while the pidfd's lived. */
static int check_alive(int pidfd)
{
	return sys_pidfd_send_signal(pidfd, 0) < 0 && errno == ESRCH
		       ? fail(0, "the process to record has ended")
		       : 0;
}

static int drop_privileges(bool writes_profile)
{
	int r = caps_keep_only(UINT64_C(1) << CAP_PERFMON |
			       (writes_profile ? UINT64_C(1) << CAP_DAC_OVERRIDE : 0));

	return r < 0 ? fail(-r, "drop privileges") : 0;
}

static int attach(const struct record_job *job)
{
	pid_t pid = 0;
	int r = pid_of(job->init, &pid);

	if (r < 0)
		return r;
	r = perf_attach_container(perf, job->sock < 0 ? &run : NULL, pid, job->init);
	return r < 0 ? r : check_alive(job->init);
}

int record_begin(const struct record_job *job, struct recording *recording)
{
	int r = open_perf();

	if (r >= 0 && uname(&host) < 0)
		r = fail(errno, "uname");
	if (r < 0)
		return r;
	run = (struct recording_run){
		.engine = "perf",
		.exact = true,
		.kernel = host.release,
		.machine = host.machine,
		.container = job->id,
		.image = job->image,
		.command = job->command,
	};
	recorder = (struct recorder){ .recording = recording, .run = &run };
	if (job->file) {
		r = open_file(job, recording);
		recorder.writer = &writer;
	}
	if (r < 0)
		return r;
	r = recorder_attend(&recorder);
	if (r >= 0)
		r = attach(job);
	if (r < 0 && job->file)
		recording_write_abandon(&writer, file);
	else if (r >= 0 && job->file)
		r = recording_write_begin(&writer, &run);
	return r < 0 ? r : drop_privileges(!job->file || job->sock < 0);
}

/* --- exec --------------------------------------------------------------------------------- */

static int follow(int pidfd)
{
	pid_t pid = 0;
	int r = pidfd < 0 ? fail(0, "there is no descriptor in the message") : pid_of(pidfd, &pid);

	if (r < 0)
		return r;
	r = perf_attach_exec(perf, pid);
	return r < 0 ? r : check_alive(pidfd);
}

/* The socket is in a directory that only its owner may enter. */
static void serve(int sock)
{
	int on = 1;
	struct ucred peer;
	socklen_t n = sizeof(peer);
	struct msg request;
	autofd conn = accept4(sock, NULL, NULL, SOCK_CLOEXEC);

	if (conn < 0 || setsockopt(conn, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) < 0 ||
	    getsockopt(conn, SOL_SOCKET, SO_PEERCRED, &peer, &n) < 0 ||
	    fd_wait(conn, POLLIN, PEER_MS) <= 0 || msg_recv_fd(conn, peer.pid, &request) <= 0)
		return;
	autofd pidfd = request.fd;
	int r = request.type == RECORDED_FOLLOW ? follow(pidfd)
						: fail(0, "an unknown request: %u", request.type);

	(void)!msg_send(conn, r < 0 ? RECORDED_FAILED : RECORDED_READY, 0,
			r < 0 ? err_message() : NULL, NULL, 0);
	err_clear();
}

int record_run(const struct record_job *job)
{
	bool is_alive = true, sock = false;
	int r = 0, ended = 0;

	while (r >= 0 && is_alive && !recorder.is_due) {
		r = perf_turn(perf, job->sock, &sock, &is_alive);
		if (r >= 0 && sock) {
			serve(job->sock);
			is_alive = true; /* asked again after the next turn */
		}
	}
	perf_finish(perf);
	if (job->file)
		ended = recording_write_end(&writer, NULL, &run);
	perf_leave(perf);
	return r < 0 ? r : ended;
}

void record_log_error(const struct record_job *job)
{
	openlog("tamis-record", LOG_PID, LOG_DAEMON);
	syslog(LOG_ERR, "container %s: %s", job->id, err_message());
}

bool record_has_begun(void)
{
	return !perf_is_awaiting(perf);
}
