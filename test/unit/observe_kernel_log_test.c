/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads audit records from a file as auditd writes it, from a journalctl(1) of our own, and from
 * the kernel's log, into which this test also writes what a program would forge.
 */
#include "observe/kernel_log.h"

#include "base/arena.h"
#include "base/base.h"
#include "base/io.h"
#include "observe/tool.h"
#include "unit/tap.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define RECORD(time, serial, pid)                                                \
	"audit(" time ":" serial "): auid=0 uid=0 gid=0 ses=1 pid=" pid          \
	" comm=\"a\" exe=\"/a\" sig=31 arch=c000003e syscall=83 compat=0 ip=0x1" \
	" code=0x80000000\n"

static char directory[] = "/tmp/tamis-kernel-log-XXXXXX";

static const char *make_file(const char *name, const char *text, mode_t mode)
{
	const char *path = arena_printf("%s/%s", directory, name);

	unlink(path);
	if (io_write_new(AT_FDCWD, path, text, strlen(text), mode) < 0)
		ok(false, "%s: %s", path, strerror(errno));
	chmod(path, mode);
	return path;
}

static void test_file(void)
{
	static const char text[] = "type=SECCOMP msg=" RECORD(
		"1000.001", "1",
		"11") "type=SYSCALL msg=audit(2000.1:2): pid=12\n"
		      "type=SECCOMP msg=" RECORD("2000.002", "4", "14") "type=SECCOMP msg=" RECORD(
			      "2000.002", "3", "13") "type=SECCOMP msg=audit(2000.2:5): pid=15\n"
						     "type=SECCOMP msg=" RECORD("2000.002", "4",
										"14");
	const struct kernel_log_paths paths = { .audit_log = make_file("audit.log", text, 0600) };
	struct kernel_log log;

	kernel_log_read(&paths, 1500000, &log);
	ok(log.n == 2 && log.v[0].pid == 13 && log.v[1].pid == 14, "in order, each once");
	is_int((intmax_t)log.n_damaged, 1, "a damaged one");
	ok(log.sources[2].error == 0 && log.sources[0].error == -ENOENT, "which source it was");
	kernel_log_read(&(struct kernel_log_paths){ .audit_log = "/nonexistent" }, 0, &log);
	ok(log.n == 0 && log.sources[2].error == -ENOENT, "no source at all");
}

static void test_journal(void)
{
	const char *program = make_file(
		"journalctl",
		"#!/bin/sh\n"
		"[ \"$5\" = --since=@1500 ] || exit 3\n"
		"cat <<'EOF'\n"
		"2000.000002 host kernel: audit: type=1326 " RECORD("2000.002", "3", "13") "EOF\n",
		0700);
	struct kernel_log_paths paths = { .kmsg = "/nonexistent", .journalctl = program };
	struct kernel_log log;
	struct text text;

	kernel_log_read(&paths, 1500000, &log);
	ok(log.n == 1 && log.v[0].pid == 13 && log.sources[1].error == 0, "a record");
	paths.journalctl = make_file("journalctl", "#!/bin/sh\nexit 1\n", 0700);
	kernel_log_read(&paths, 1500000, &log);
	ok(log.n == 0 && log.sources[1].error == 1, "a journalctl that fails");
	program = make_file("journalctl", "#!/bin/sh\necho begun\nexec sleep 1000\n", 0700);
	is_int(tool_run(program, (char *[]){ arena_strdup("x"), NULL }, 300, 1000, &text),
	       -ETIMEDOUT, "one that does not end");
	program = make_file("journalctl", "#!/bin/sh\nexec yes\n", 0700);
	is_int(tool_run(program, (char *[]){ arena_strdup("x"), NULL }, 20000, 1000, &text), -EFBIG,
	       "one that prints without end");
}

/* Makes a call that the filter kills. Returns the pid, or -1. */
static pid_t be_killed(void)
{
	static struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog prog = { ARRAY_LEN(code), code };
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		prctl(PR_SET_NAME, "a \"b");
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog) == 0)
			syscall(SYS_getppid);
		_exit(1);
	}
	return waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS
		       ? pid
		       : -1;
}

static const struct audit_record *find(const struct kernel_log *log, pid_t pid)
{
	for (size_t i = 0; i < log->n; i++)
		if (log->v[i].pid == pid)
			return &log->v[i];
	return NULL;
}

static void test_kernel(void)
{
	const struct kernel_log_paths paths = { .kmsg = "/dev/kmsg" };
	const int64_t since_ms = ((int64_t)time(NULL) - 60) * 1000;
	struct kernel_log log;
	pid_t pid = be_killed();
	int kmsg = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
	const char *forged = arena_printf(
		"audit: type=1326 audit(%jd.001:9): pid=999999 comm=\"a\" exe=\"/a\" sig=31 "
		"arch=c000003e syscall=83 compat=0 ip=0x1 code=0x80000000",
		(intmax_t)time(NULL));
	bool is_forged = kmsg >= 0 && write(kmsg, forged, strlen(forged)) > 0;

	if (kmsg >= 0)
		close(kmsg);
	kernel_log_read(&paths, since_ms, &log);
	const struct audit_record *r = find(&log, pid);

	if (log.sources[0].error < 0 || pid < 0 || !r) {
		skip("this kernel shows no record of a process that a filter killed");
		return;
	}
	ok(r->nr == SYS_getppid && r->action == SECCOMP_RET_KILL_PROCESS && r->signal == SIGSYS,
	   "the kernel's own record");
	is_str(r->comm.data, "a \"b", "a name that the kernel writes in hexadecimal");
	if (is_forged)
		ok(!find(&log, 999999), "what a program writes into the kernel's log is no record");
	else
		skip("the kernel's log cannot be written to");
}

int main(void)
{
	if (!mkdtemp(directory))
		return EXIT_FAILURE;
	test_file();
	test_journal();
	test_kernel();
	unlink(arena_printf("%s/audit.log", directory));
	unlink(arena_printf("%s/journalctl", directory));
	rmdir(directory);
	return done();
}
