/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the conversation with tamis-record. What must hold: what it cannot do is known before
 * anything is made; and the program is not executed before its calls are seen.
 */
#include "runtime/recorded.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/identity.h"
#include "base/log.h"
#include "base/msg.h"
#include "base/path.h"
#include "oci/annotations.h"
#include "runtime/companion.h"
#include "runtime/connect.h"
#include "runtime/container.h"
#include "runtime/load.h"
#include "runtime/timeouts.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* For the last second of a recording to be written. */
enum { END_MS = 10000 };

static const char name[] = "tamis-record", socket_name[] = "record.sock";

/* --- the answer --------------------------------------------------------------------------- */

static int await_answer(int sock)
{
	struct msg answer;
	int r = fd_wait(sock, POLLIN, READY_TIMEOUT_MS);

	if (r == 0)
		return fail(0, "--record: %s did not answer within %d s", name,
			    READY_TIMEOUT_MS / 1000);
	if (r > 0)
		r = msg_recv(sock, &answer);
	if (r < 0)
		return fail(-r, "--record: the answer of %s", name);
	if (r == 0)
		return fail(0, "--record: %s ended without an answer", name);
	return answer.type == RECORDED_READY ? 0 : fail(0, "--record: %s", answer.text);
}

/* Runs it and returns its pid after it has said that it is ready. */
static int run(const struct loaded *in, const char *id, const char *phase, int sock, int init)
{
	const size_t n = in->config.process.args.n;
	const char **argv = arena_array(RECORDED_COMMAND + n + 1, sizeof(*argv));
	const char *image = annotations_image(&in->config);
	int pair[2], r = msg_pair(pair);

	if (r < 0)
		return fail(-r, "socketpair");
	autofd here = pair[0], there = pair[1];
	const int fds[RECORDED_DESCRIPTORS] = {
		[RECORDED_ANSWER] = there,
		[RECORDED_SOCKET] = sock,
		[RECORDED_INIT] = init,
	};

	argv[0] = name;
	argv[RECORDED_ID] = id;
	argv[RECORDED_FILE] = in->record_file;
	argv[RECORDED_IMAGE] = image ? image : "";
	argv[RECORDED_PHASE] = phase;
	for (size_t i = 0; i < n; i++)
		argv[RECORDED_COMMAND + i] = in->config.process.args.v[i];
	pid_t pid = companion_start(in->recorder, argv, fds, RECORDED_DESCRIPTORS);

	if (pid < 0)
		return fail(-pid, "--record: start %s", name);
	fd_close(&there);
	r = await_answer(here);
	return r < 0 ? r : pid;
}

int recorded_check(struct loaded *in)
{
	autofd null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0)
		return fail(errno, "/dev/null");
	in->recorder = companion_open("--record", in->self, name, RECORD_PROGRAM);
	if (in->recorder < 0)
		return in->recorder;
	int r = run(in, in->plan->id, "check", null, null);

	if (r < 0)
		return r;
	uint64_t start;
	const char *boot;

	if (identity_start_time(r, &start) == 0 && identity_boot(&boot) == 0)
		companion_end(name, r, start, boot, END_MS);
	return 0;
}

int recorded_start(const struct loaded *in, struct container *c)
{
	autofd sock = companion_socket(c->dir, socket_name, SOCK_SEQPACKET);

	if (sock < 0)
		return fail(-sock, "make the socket of %s", name);
	int pid = run(in, c->id, "record", sock, c->child.pidfd);

	if (pid < 0)
		return pid;
	int r = identity_start_time(pid, &c->record.recorder_start);

	if (r < 0)
		return fail(-r, "%s ended immediately", name);
	c->record.recorder_pid = pid;
	return 0;
}

/* --- exec --------------------------------------------------------------------------------- */

static void warn_of_loss(const struct container *c, const char *why)
{
	log_warning("container '%s': this process is not recorded: %s", c->id, why);
}

int recorded_add(const struct container *c, int pidfd)
{
	autofd sock = -1;
	int r;

	if (!c->record.recorder_pid)
		return 0;
	sock = connect_in_dir(c->dir, socket_name, SOCK_SEQPACKET);
	if (sock < 0) {
		warn_of_loss(c, "tamis-record was killed");
		return 0;
	}
	r = msg_send(sock, RECORDED_FOLLOW, 0, NULL, &pidfd, 1);
	if (r < 0) {
		warn_of_loss(c, strerror(-r));
		return 0;
	}
	r = await_answer(sock);
	if (r < 0) {
		warn_of_loss(c, err_message());
		err_clear();
	}
	return 0;
}

/* --- its end ------------------------------------------------------------------------------ */

void recorded_end(const struct container *c)
{
	const struct record *r = &c->record;

	if (r->recorder_pid)
		companion_end(name, (pid_t)r->recorder_pid, r->recorder_start, r->boot_id, END_MS);
}
