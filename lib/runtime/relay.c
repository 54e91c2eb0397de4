/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the caller's terminal while a container runs in the foreground. What must hold: neither side
 * can block the other (a reader that stops reading must not delay a signal or the exit: crun#1623).
 * All output is written before we exit. The terminal's modes are restored in every case.
 */
#include "runtime/relay.h"

#include "base/err.h"
#include "base/fd.h"
#include "base/sys.h"
#include "runtime/sdnotify.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

/*
 * One direction. At most PIPE_BUF bytes are written at once: if poll(2) reports the descriptor as
 * writable, such a write does not block. So the caller's descriptors need not be made non-blocking.
 */
struct stream {
	int from, to;
	size_t used, sent;
	bool ended;
	char buf[PIPE_BUF];
};

enum { LAST_WORDS = 64 };

int relay_block(sigset_t *ret_old)
{
	static const int left_alone[] = { SIGKILL, SIGSTOP, SIGSEGV, SIGBUS,  SIGFPE,
					  SIGILL,  SIGTRAP, SIGABRT, SIGSYS,  SIGPIPE,
					  SIGURG,  SIGALRM, SIGTSTP, SIGTTIN, SIGTTOU };
	sigset_t set;

	sigfillset(&set);
	for (size_t i = 0; i < ARRAY_LEN(left_alone); i++)
		sigdelset(&set, left_alone[i]);
	if (sigprocmask(SIG_BLOCK, &set, ret_old) < 0)
		return fail(errno, "set the signal mask");
	int fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);

	return fd < 0 ? fail(errno, "signalfd") : fd;
}

/*
 * The window size of the first standard stream that is a terminal, else of the controlling
 * terminal.
 */
static bool get_size(struct winsize *ret)
{
	static const int streams[] = { STDERR_FILENO, STDOUT_FILENO, STDIN_FILENO };

	for (size_t i = 0; i < ARRAY_LEN(streams); i++)
		if (ioctl(streams[i], TIOCGWINSZ, ret) == 0)
			return true;
	autofd tty = open("/dev/tty", O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	return tty >= 0 && ioctl(tty, TIOCGWINSZ, ret) == 0;
}

static void copy_size(int master)
{
	struct winsize ws;

	if (get_size(&ws))
		(void)ioctl(master, TIOCSWINSZ, &ws);
}

/*
 * Disables ONLCR, so that lines end as the program writes them. The caller's terminal converts LF
 * to CR LF; a file or a pipe gets the output unchanged. (An engine that receives the master decides
 * for itself.)
 */
static int keep_line_ends(int master)
{
	struct termios modes;

	if (tcgetattr(master, &modes) < 0)
		return -errno;
	modes.c_oflag &= ~(tcflag_t)ONLCR;
	return tcsetattr(master, TCSANOW, &modes) < 0 ? -errno : 0;
}

int relay_begin(int master)
{
	if (fcntl(master, F_SETFL, O_RDWR | O_NONBLOCK) < 0)
		return fail(errno, "the container's terminal: make it non-blocking");
	int r = keep_line_ends(master);

	if (r < 0)
		return fail(-r, "the container's terminal: set its modes");
	copy_size(master); /* before the program starts and queries it */
	return 0;
}

/* Sets raw mode on our terminal, if standard input is one. Output processing stays enabled. */
static bool make_raw(struct termios *ret_saved)
{
	struct termios raw;

	if (tcgetattr(STDIN_FILENO, ret_saved) < 0)
		return false;
	raw = *ret_saved;
	cfmakeraw(&raw);
	raw.c_oflag |= OPOST;
	return tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0;
}

static void fill(struct stream *s)
{
	ssize_t n = read(s->from, s->buf, sizeof(s->buf));

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	s->ended = n <= 0; /* EIO: the last descriptor of the slave is closed */
	s->used = n > 0 ? (size_t)n : 0;
	s->sent = 0;
}

static void drain(struct stream *s)
{
	ssize_t n = write(s->to, s->buf + s->sent, s->used - s->sent);

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	/* there is no reader any more: output is discarded, and the container continues */
	if (n < 0) {
		s->used = s->sent = 0;
		s->to = -1;
		return;
	}
	s->sent += (size_t)n;
	if (s->sent == s->used)
		s->used = s->sent = 0;
}

static void watch(const struct stream *s, struct pollfd *in, struct pollfd *out)
{
	*in = (struct pollfd){ s->used || s->ended ? -1 : s->from, POLLIN, 0 };
	*out = (struct pollfd){ s->used ? s->to : -1, POLLOUT, 0 };
}

static void move(struct stream *s, const struct pollfd *in, const struct pollfd *out)
{
	if (in->revents)
		fill(s);
	if (out->revents)
		drain(s);
	if (s->to < 0) /* discarded input must not block further reading */
		s->used = 0;
}

/* Returns whether a child has ended. *ret_sent: whether a signal was forwarded to the process. */
static bool take_signals(const struct relay *r, bool *ret_sent)
{
	struct signalfd_siginfo si;
	bool child = false;

	*ret_sent = false;

	while (read(r->signals, &si, sizeof(si)) == (ssize_t)sizeof(si)) {
		if (si.ssi_signo == SIGCHLD) {
			child = true;
		} else if (si.ssi_signo == SIGWINCH && r->master >= 0) {
			copy_size(r->master);
		} else {
			(void)sys_pidfd_send_signal(r->pidfd, (int)si.ssi_signo);
			*ret_sent = true;
		}
	}
	return child;
}

/*
 * Reaps children other than the process: orphans of the container, if we are their subreaper. Each
 * is examined before it is reaped, so that the exit status of the process is not lost.
 */
static void reap_orphans(const struct relay *r)
{
	for (;;) {
		siginfo_t any = { 0 }, process = { 0 };

		if (waitid(P_ALL, 0, &any, WEXITED | WNOHANG | WNOWAIT) < 0 || any.si_pid == 0)
			return;
		if (waitid(P_PIDFD, (id_t)r->pidfd, &process, WEXITED | WNOHANG | WNOWAIT) == 0 &&
		    process.si_pid == any.si_pid)
			return;
		(void)waitpid(any.si_pid, NULL, 0);
	}
}

static bool reap(const struct relay *r, int *ret_exit)
{
	siginfo_t si = { 0 };

	if (waitid(P_PIDFD, (id_t)r->pidfd, &si, WEXITED | WNOHANG) < 0 || si.si_pid == 0)
		return false;
	*ret_exit = si.si_code == CLD_EXITED ? si.si_status : 128 + si.si_status;
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	return true;
}

/* Forwards what the process sent before its end, with a limit, because others may keep sending. */
static void take_last_words(const struct relay *r)
{
	for (int i = 0; r->sdnotify >= 0 && i < LAST_WORDS; i++)
		if (sdnotify_forward(r->sdnotify, 0) < 0)
			break;
}

static int loop(const struct relay *r, int *ret_exit)
{
	struct stream in = { .from = r->master < 0 ? -1 : STDIN_FILENO, .to = r->master };
	struct stream out = { .from = r->master, .to = STDOUT_FILENO };
	/* held by a tracer after its end: then only SIGCHLD reports that it can be reaped */
	bool exited = false, held = false;
	bool sent;

	in.ended = out.ended = r->master < 0;
	while (!exited || !out.ended || out.used) {
		struct pollfd p[7] = { { r->signals, POLLIN, 0 },
				       { exited || held ? -1 : r->pidfd, POLLIN, 0 } };

		p[6] = (struct pollfd){ exited ? -1 : r->sdnotify, POLLIN, 0 };
		watch(&in, &p[2], &p[3]);
		watch(&out, &p[4], &p[5]);
		/* After the end only the rest of the output is copied, as long as it is read. */
		int n = poll(p, ARRAY_LEN(p), exited && !out.used ? 0 : -1);

		if (n < 0 && errno != EINTR)
			return fail(errno, "wait for the container's process");
		if (exited && n == 0 && !out.used)
			break; /* ended, and no output is left */
		if (n <= 0)
			continue;
		if (p[6].revents)
			(void)sdnotify_forward(r->sdnotify, 0);
		if (take_signals(r, &sent) && !exited)
			reap_orphans(r);
		if (exited && sent)
			/* the sender of a signal does not wait for output that nobody reads */
			break;
		if (!exited)
			exited = reap(r, ret_exit);
		if (exited)
			take_last_words(r);
		held = held || (p[1].revents && !exited);
		if (exited) /* no process is left to read input */
			in = (struct stream){ .from = -1, .to = -1, .ended = true };
		else
			move(&in, &p[2], &p[3]);
		move(&out, &p[4], &p[5]);
	}
	return 0;
}

int relay_run(const struct relay *relay, int *ret_exit)
{
	struct termios saved;
	bool raw = relay->master >= 0 && make_raw(&saved);
	int r = loop(relay, ret_exit);

	if (raw)
		(void)tcsetattr(STDIN_FILENO, TCSADRAIN, &saved);
	return r;
}
