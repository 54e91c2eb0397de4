/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looks into real processes: one that waits for the answer to a seccomp notification, one whose
 * memory never answers because nobody serves its userfaultfd, and one with a FUSE file whose server
 * never answers, so that SIGKILL does not end the read.
 */
#include "observe/reader.h"

#include "base/arena.h"
#include "base/base.h"
#include "base/fd.h"
#include "base/printable.h"
#include "base/sys.h"
#include "unit/fuse_file.h"
#include "unit/tap.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 65536, SERVED = 16 * PAGE, LONG_MS = 20000, SHORT_MS = 100, MAPPINGS = 30000 };

static char directory[] = "/tmp/tamis-reader-XXXXXX";

static const char *print(const struct reader_text *t)
{
	return printable_quoted(t->data, t->n, 80, t->state == READER_CUT);
}

/* A child whose function reports what it likes to (a struct told) and then waits. */
struct told {
	int listener;
	uint64_t good, bad;
	pid_t server;
};

static pid_t start(void (*run)(struct told *), struct told *ret)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -1;
	pid_t pid = fork();

	if (pid == 0) {
		struct told told = { .listener = -1, .server = -1 };

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		run(&told);
		(void)!write(fds[1], &told, sizeof(told));
		for (;;)
			pause();
	}
	close(fds[1]);
	bool good = read(fds[0], ret, sizeof(*ret)) == sizeof(*ret);

	close(fds[0]);
	return good ? pid : -1;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* --- a denied call ------------------------------------------------------------------------ */

static const char long_name[] =
	"directory/" /* 270 characters */
	"012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
	"0"
	"012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
	"0"
	"01234567890123456789012345678901234567890123456789012345678901234567890123456789";

static int listen_for_mkdir(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mkdirat, 1, 0),
#ifdef SYS_mkdir
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mkdir, 0, 1),
#else
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
#endif
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = { ARRAY_LEN(code), code };

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return sys_seccomp(SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &prog);
}

/* Starts mkdir(1) with the name. Returns the listener, or -1. */
static int start_mkdir(const char *name, pid_t *ret_pid)
{
	int told[2], go[2], number = -1;
	char c;

	if (pipe2(told, O_CLOEXEC) < 0 || pipe2(go, O_CLOEXEC) < 0)
		return -1;
	*ret_pid = fork();
	if (*ret_pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		number = listen_for_mkdir();
		(void)!write(told[1], &number, sizeof(number));
		(void)!read(go[0], &c, 1);
		execlp("mkdir", "mkdir", name, NULL);
		_exit(1);
	}
	autofd pidfd = sys_pidfd_open(*ret_pid, 0);
	int listener = -1;

	if (read(told[0], &number, sizeof(number)) == sizeof(number) && number >= 0)
		listener = sys_pidfd_getfd(pidfd, number);
	(void)!write(go[1], "", 1);
	for (int i = 0; i < 2; i++) {
		close(told[i]);
		close(go[i]);
	}
	return listener;
}

static void test_denied(struct reader *reader, const char *name)
{
	struct seccomp_notif call = { 0 };
	struct reader_facts facts;
	pid_t pid;
	autofd listener = start_mkdir(name, &pid);

	if (listener < 0 || ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call) < 0) {
		skip("no listener of a filter: %s", strerror(errno));
		end(pid);
		return;
	}
	int argument = call.data.nr == SYS_mkdirat ? 1 : 0;
	const struct reader_wish wish = {
		.tid = (pid_t)call.pid,
		.ip = call.data.instruction_pointer,
		.n_pointers = 3,
		.pointers = { { call.data.args[argument], READER_PATH, 0 },
			      { call.data.args[argument], READER_BYTES, 3 },
			      { 0, READER_PATH, 0 } },
	};
	size_t len = strlen(name);

	is_int(reader_ask(reader, &wish, LONG_MS, &facts), 0, "the process is read");
	is_int(facts.pid, pid, "its pid");
	ok(strstr(print(&facts.program), "bin/"), "its program: %s", print(&facts.program));
	is_str(print(&facts.thread), print(&facts.comm), "the name of its first thread");
	if (memmem(facts.program.data, facts.program.n, "busybox", 7)) {
		skip("mkdir is a static program without symbols");
	} else {
		ok(memmem(facts.file.data, facts.file.n, "/lib", 4), "the library: %s+0x%llx",
		   print(&facts.file), (unsigned long long)facts.offset);
		ok(facts.offset > 0 && facts.offset < 1 << 30, "an offset in the file");
		ok(memmem(facts.symbol.data, facts.symbol.n, "mkdir", 5), "the function: %s+0x%llx",
		   print(&facts.symbol), (unsigned long long)facts.symbol_offset);
		ok(facts.symbol_offset > 0 && facts.symbol_offset < 256,
		   "an offset in the function");
	}
	is_int(facts.pointers[0].state, len > READER_TEXT_MAX ? READER_CUT : READER_WHOLE,
	       "whether the path is whole");
	ok(facts.pointers[0].n == (len > READER_TEXT_MAX ? READER_TEXT_MAX : len) &&
		   memcmp(facts.pointers[0].data, name, facts.pointers[0].n) == 0,
	   "the path: %s", print(&facts.pointers[0]));
	ok(facts.pointers[1].state == READER_WHOLE && facts.pointers[1].n == 3, "3 bytes");
	ok(facts.pointers[2].state == READER_UNREADABLE && facts.pointers[2].n == 0, "NULL");
	is_int(ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &call.id), 0,
	       "the notification is still valid");
	end(pid);
	is_int(reader_ask(reader, &wish, LONG_MS, &facts), 0, "a process that has ended");
	ok(facts.pid == 0 && facts.program.state == READER_UNREADABLE &&
		   facts.pointers[0].state == READER_UNREADABLE,
	   "of which nothing is known");
}

/* --- memory that does not answer ---------------------------------------------------------- */

/* A string before a page that does not answer, and 30000 mappings. */
static void run_userfault(struct told *told)
{
	struct uffdio_api api = { .api = UFFD_API };
	char *pages = mmap(NULL, (size_t)2 * PAGE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC);
	struct uffdio_register part = { .range = { (uintptr_t)pages + PAGE, PAGE },
					.mode = UFFDIO_REGISTER_MODE_MISSING };

	prctl(PR_SET_NAME, "a\n\33[2Jb");
	for (int i = 0; i < MAPPINGS; i++)
		if (mmap(NULL, 4096, i % 2 ? PROT_READ : PROT_NONE, MAP_SHARED | MAP_ANONYMOUS, -1,
			 0) == MAP_FAILED)
			return;
	if (fd < 0 || ioctl(fd, UFFDIO_API, &api) < 0 || ioctl(fd, UFFDIO_REGISTER, &part) < 0)
		return;
	memcpy(pages + PAGE - 2, "ab", 2);
	told->good = (uintptr_t)pages + PAGE - 2;
	told->bad = (uintptr_t)pages + PAGE;
}

static void test_userfault(struct reader *reader)
{
	struct reader_facts facts;
	struct told told;
	pid_t pid = start(run_userfault, &told);
	struct reader_wish wish = {
		.tid = pid,
		.ip = (uintptr_t)start,
		.n_pointers = 3,
		.pointers = { { told.good, READER_BYTES, 2 }, { told.bad, READER_PATH, 0 } },
	};

	if (!told.bad) {
		skip("userfaultfd(2) is not allowed");
		end(pid);
		return;
	}
	int r, ms = 2 * SHORT_MS;

	/* a loaded machine needs more time to come as far as to the page */
	do
		r = reader_ask(reader, &wish, ms *= 2, &facts);
	while (ms < LONG_MS && facts.pointers[0].state == READER_UNREADABLE);
	is_int(r, -ETIMEDOUT, "a read that blocks");
	is_str(print(&facts.comm), "\"a\\n\\033[2Jb\"", "what was read before is known: the name");
	ok(strstr(print(&facts.file), "observe_reader_test"), "the file of the call site: %s",
	   print(&facts.file));
	is_str(print(&facts.pointers[0]), "\"ab\"", "the bytes before");
	is_int(facts.pointers[1].state, READER_UNREADABLE, "but not those that block");
	is_int((intmax_t)reader->n_stuck, 0, "the child was ended");
	ok(reader->used_us > 0, "the time that it needed until then is known");
	wish.n_pointers = 1;
	is_int(reader_ask(reader, &wish, LONG_MS, &facts), 0, "a new child reads");
	is_str(print(&facts.pointers[0]), "\"ab\"", "the bytes again");
	ok(reader->used_us > 1000, "the processor time for 30000 mappings: %llu us",
	   (unsigned long long)reader->used_us);
	end(pid);
}

static void run_fuse(struct told *told)
{
	int fd = fuse_open(arena_printf("%s/served", directory), &told->server);
	char *pages = fd < 0 ? MAP_FAILED : mmap(NULL, SERVED, PROT_READ, MAP_SHARED, fd, 0);

	/* without readahead, so that the reader waits for the server itself */
	if (pages != MAP_FAILED && madvise(pages, SERVED, MADV_RANDOM) == 0)
		told->bad = (uintptr_t)pages;
}

static void test_stuck(struct reader *reader)
{
	struct reader_facts facts;
	struct told told;
	pid_t pid = start(run_fuse, &told);
	struct reader_wish wish = { .tid = pid,
				    .n_pointers = 1,
				    .pointers = { { told.bad, READER_PATH, 0 } } };
	int n = 0, r;

	if (!told.bad) {
		skip("a FUSE file system cannot be mounted");
		end(pid);
		return;
	}
	/* each asks for another page: to the first of a page the server itself must answer */
	while ((r = reader_ask(reader, &wish, SHORT_MS, &facts)) == -ETIMEDOUT && n < 15) {
		n++;
		wish.pointers[0].address += PAGE;
	}
	is_int(r, -EBUSY, "no more children than the limit");
	is_int(n, READER_STUCK_MAX, "each waits for the FUSE server");
	is_int((intmax_t)reader->n_stuck, READER_STUCK_MAX, "and is counted");
	kill(told.server, SIGKILL);
	for (size_t i = 0; i < reader->n_stuck; i++)
		is_int(fd_wait(reader->stuck[i], POLLIN, LONG_MS), 1, "it ends with the server");
	wish.n_pointers = 0;
	is_int(reader_ask(reader, &wish, LONG_MS, &facts), 0, "then there is a child again");
	is_int((intmax_t)reader->n_stuck, 0, "and the others are reaped");
	end(pid);
}

/* --- the child ------------------------------------------------------------------------------ */

static void test_child(void)
{
	struct reader reader;
	struct reader_facts facts;
	const struct reader_wish wish = { .tid = getpid(), .ip = (uintptr_t)start };
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return;
	is_int(reader_start(&reader), 0, "it starts");
	close(fds[1]);
	is_int(reader_ask(&reader, &wish, LONG_MS, &facts), 0, "it reads its own parent");
	is_int(fd_wait(fds[0], POLLIN, LONG_MS), 1, "it has no descriptor of its parent");
	close(fds[0]);
	sys_pidfd_send_signal(reader.pidfd, SIGKILL);
	is_int(fd_wait(reader.pidfd, POLLIN, LONG_MS), 1, "somebody kills it");
	is_int(reader_ask(&reader, &wish, LONG_MS, &facts), 0, "after its end another one reads");
	is_int(facts.pid, getpid(), "the same");
	autofd pidfd = fcntl(reader.pidfd, F_DUPFD_CLOEXEC, 0);

	reader_stop(&reader);
	is_int(fd_wait(pidfd, POLLIN, LONG_MS), 1, "it ends");
}

int main(void)
{
	struct reader reader;

	if (!mkdtemp(directory) || reader_start(&reader) < 0)
		return EXIT_FAILURE;
	const char *served = arena_printf("%s/served", directory);
	const char *name = arena_printf("%s/new\n", directory);

	close(open(served, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	test_denied(&reader, name);
	test_denied(&reader, long_name);
	test_userfault(&reader);
	test_stuck(&reader);
	reader_stop(&reader);
	test_child();
	unlink(served);
	rmdir(directory);
	return done();
}
