/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns what tamis-agent is given: the descriptors of enum denials_descriptor. What must hold: what
 * it needs is checked before anything is made.
 */
#include "runtime/denials.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/identity.h"
#include "base/io.h"
#include "base/lines.h"
#include "base/log.h"
#include "base/sys.h"
#include "runtime/companion.h"
#include "runtime/container.h"
#include "runtime/load.h"
#include "seccomp/filter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { END_MS = 3000 };

static const char socket_name[] = "denials.sock", log_name[] = "denials.jsonl";

/* --- what can be refused ------------------------------------------------------------------ */

/*
 * In a process of its own, because a filter cannot be removed: loads one that allows everything and
 * has a listener. Its exit code is the error number.
 */
no_return static void try_listener(void)
{
	struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	struct sock_fprog program = { 1, &allow };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    sys_seccomp(SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program) < 0)
		_exit(errno);
	_exit(0);
}

int denials_probe(void)
{
	siginfo_t how = { 0 };

	/* the caller may have left SIGCHLD ignored, which makes waitid(2) fail */
	signal(SIGCHLD, SIG_DFL);
	pid_t pid = sys_clone(SIGCHLD, NULL);

	if (pid == 0)
		try_listener();
	if (pid < 0)
		return -errno;
	while (waitid(P_PID, (id_t)pid, &how, WEXITED) < 0)
		if (errno != EINTR)
			return -errno;
	return how.si_code == CLD_EXITED ? -how.si_status : -EPERM;
}

static int check_listener(void)
{
	int r = denials_probe();

	if (r == -EBUSY)
		return fail(0,
			    "--explain-denials: a process can have one seccomp listener, and this "
			    "one is already in a filter that has one (of an outer container?)");
	return r < 0 ? fail(-r, "--explain-denials: make a seccomp listener") : 0;
}

/* Opens the log that the caller names. */
static int open_log(const char *path, const char *id, const char **ret_path)
{
	enum lines_link link;
	struct stat st;
	int r = lines_name(path, id, "jsonl", ret_path, &link);

	if (r < 0)
		return r;
	autofd fd = open(*ret_path,
			 O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK |
				 (link == LINES_LINK_REFUSED ? O_NOFOLLOW : 0),
			 0600);

	if (fd < 0 || fstat(fd, &st) < 0)
		return fail(errno, "--explain-denials=%s: cannot be written", *ret_path);
	if (link == LINES_LINK_REFUSED && !S_ISREG(st.st_mode))
		return fail(0, "--explain-denials=%s: expected a file", *ret_path);
	return take_fd(&fd);
}

int denials_check(struct loaded *in)
{
	int r = in->agent =
		companion_open("--explain-denials", in->self, "tamis-agent", AGENT_PROGRAM);

	if (r >= 0)
		r = check_listener();
	if (r >= 0 && *in->denials_log)
		r = in->log = open_log(in->denials_log, in->plan->id, &in->denials_log);
	return r < 0 ? r : 0;
}

/* --- starting it -------------------------------------------------------------------------- */

const char *denials_socket(const char *root, const char *id)
{
	return arena_printf("%s/%s/%s", root, id, socket_name);
}

const char *denials_log_of(const struct container *c)
{
	if (!c->record.agent_pid)
		return NULL;
	return c->record.denials_log ? c->record.denials_log : log_name;
}

const char *denials_socket_word(const struct container *c)
{
	return c->record.agent_pid ? "--explain-denials: the socket of tamis-agent,"
				   : "linux.seccomp.listenerPath";
}

struct given {
	int fds[DENIALS_DESCRIPTORS];
	const char *argv[DENIALS_ARGS + 1];
};

static int record_agent(struct container *c, pid_t pid)
{
	int r = identity_start_time(pid, &c->record.agent_start);

	c->record.agent_pid = r < 0 ? 0 : pid;
	return r < 0 ? fail(-r, "tamis-agent ended immediately") : 0;
}

static int start(const struct loaded *in, struct container *c, const struct given *g)
{
	pid_t pid = companion_start(in->agent, g->argv, g->fds, DENIALS_DESCRIPTORS);

	return pid < 0 ? fail(-pid, "start tamis-agent") : record_agent(c, pid);
}

int denials_start(const struct loaded *in, struct container *c, bool foreground)
{
	const struct filter *profile = in->plan->profile;
	const struct text *text = in->profile_name ? &in->profile_text : &in->text;
	autofd sock = companion_socket(c->dir, socket_name, SOCK_STREAM);
	autofd log = in->log >= 0
			     ? -1
			     : openat(c->dir, log_name,
				      O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	autofd null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (sock < 0 || null < 0 || (in->log < 0 && log < 0))
		return fail(sock < 0 ? -sock : errno, "make the agent's socket and its log");
	autofd code =
		io_make_memory("filter", profile->code, profile->len * sizeof(*profile->code));
	autofd words = io_make_memory("profile", text->data, text->len);

	if (code < 0 || words < 0)
		return fail(code < 0 ? -code : -words, "pass the profile to tamis-agent");
	const struct given g = {
		.fds = { [DENIALS_SOCKET] = sock,
			 [DENIALS_LOG] = in->log >= 0 ? in->log : log,
			 [DENIALS_STDERR] = foreground ? STDERR_FILENO : null,
			 [DENIALS_PROGRAM] = code,
			 [DENIALS_PROFILE] = words,
			 [DENIALS_INIT] = c->child.pidfd },
		.argv = { "tamis-agent", [DENIALS_ID] = c->id,
			  [DENIALS_NAME] = in->profile_name ? in->profile_name : "config.json",
			  [DENIALS_CAPS] = arena_printf(
				  "%jx", (uintmax_t)in->config.process.capabilities.bounding.v),
			  [DENIALS_COMPAT] = in->compat_runc ? "runc" : "",
			  [DENIALS_TEXT] = foreground ? "text" : "" },
	};

	return start(in, c, &g);
}

/* --- its end ------------------------------------------------------------------------------ */

bool denials_lost_agent(const struct container *c)
{
	const struct record *r = &c->record;

	if (!r->agent_pid)
		return false;
	autofd pidfd = identity_open((pid_t)r->agent_pid, r->agent_start, r->boot_id);

	if (pidfd != -ESRCH)
		return false;
	log_warning("container '%s': tamis-agent was killed, so denied calls get ENOSYS and are "
		    "not explained",
		    c->id);
	return true;
}

void denials_kill(const struct container *c)
{
	const struct record *r = &c->record;

	if (!r->agent_pid)
		return;
	autofd pidfd = identity_open((pid_t)r->agent_pid, r->agent_start, r->boot_id);

	if (pidfd < 0)
		return;
	log_warning("container '%s': its processes do not end; tamis-agent, which may trace one of "
		    "them, is killed",
		    c->id);
	(void)sys_pidfd_send_signal(pidfd, SIGKILL);
}

void denials_end(struct container *c)
{
	const struct record *r = &c->record;

	if (r->agent_pid)
		companion_end("tamis-agent", (pid_t)r->agent_pid, r->agent_start, r->boot_id,
			      END_MS);
}
