/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records the states that other commands report at each moment of a create or delete.
 *
 *   watcher RUNTIME ROOT ID VERB [ARG]...
 * Runs RUNTIME --root ROOT VERB ARG... and stops it before and after every system call that changes
 * a directory or a lock. There it runs `state ID` and `list`. Prints a line "WORD COUNT" for each
 * answer that differs from the previous one. WORD is the status, "absent" for "does not exist", or
 * the message. Exits with the status of the command.
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef PTRACE_GET_SYSCALL_INFO
#define PTRACE_GET_SYSCALL_INFO 0x420e
#endif

/* On some systems linux/ptrace.h cannot be included together with sys/ptrace.h. */
struct info {
	unsigned char op;
	unsigned char pad[3];
	unsigned int arch;
	unsigned long long ip, sp, nr, args[6], more;
};

enum { ENTRY = 1, EXIT = 2, TEXT = 4096 };

static const char *runtime, *root, *id;
static char last[128];
static long same;

/* Runs the runtime with two arguments. Returns its output and its exit status. */
static int ask(const char *verb, const char *arg, char *text)
{
	int ends[2], status;
	size_t used = 0;
	ssize_t n;

	if (pipe(ends) < 0)
		exit(70);
	pid_t pid = fork();

	if (pid == 0) {
		dup2(ends[1], 1);
		dup2(ends[1], 2);
		close(ends[0]);
		close(ends[1]);
		execl(runtime, runtime, "--root", root, verb, arg, (char *)NULL);
		_exit(70);
	}
	close(ends[1]);
	while ((n = read(ends[0], text + used, TEXT - 1 - used)) > 0)
		used += (size_t)n;
	text[used] = 0;
	close(ends[0]);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void say(const char *word)
{
	if (strcmp(word, last) != 0) {
		if (same)
			printf("%s %ld\n", last, same);
		snprintf(last, sizeof(last), "%s", word);
		same = 0;
	}
	same++;
}

/* Extracts "running" from {"status": "running"}, with any white space. */
static const char *status_in(char *text)
{
	char *p = strstr(text, "\"status\"");

	p = p ? strchr(p + 8, '"') : NULL;
	return p ? strtok(p + 1, "\"") : "no status";
}

static void look(void)
{
	char state[TEXT], list[TEXT], both[2 * TEXT];
	int rc = ask("state", id, state);
	const char *word = rc == 0			     ? status_in(state)
			   : strstr(state, "does not exist") ? "absent"
							     : strtok(state, "\n");

	if (ask("list", "--quiet", list) != 0)
		word = strtok(list, "\n");
	else if (rc == 0 && !strstr(list, id)) { /* the state may have changed before list */
		snprintf(both, sizeof(both), "%s, but not listed", word);
		word = both;
	}
	say(word ? word : "nothing");
}

static bool is_change(unsigned long long nr)
{
	static const long calls[] = {
		SYS_mkdirat,  SYS_unlinkat, SYS_linkat, SYS_renameat2, SYS_flock, SYS_exit_group,
#ifdef SYS_mkdir
		SYS_mkdir,    SYS_rmdir,    SYS_unlink, SYS_rename,
#endif
#ifdef SYS_renameat
		SYS_renameat,
#endif
	};

	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		if (nr == (unsigned long long)calls[i])
			return true;
	return false;
}

static int watch(pid_t pid)
{
	bool interesting = false;
	int status, deliver = 0;

	if (waitpid(pid, &status, 0) < 0 || !WIFSTOPPED(status))
		return 70;
	ptrace(PTRACE_SETOPTIONS, pid, 0,
	       PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL);
	for (;;) {
		struct info info = { 0 };

		ptrace(PTRACE_SYSCALL, pid, 0, deliver);
		if (waitpid(pid, &status, 0) < 0)
			return 70;
		if (!WIFSTOPPED(status))
			break;
		deliver = 0;
		if (WSTOPSIG(status) != (SIGTRAP | 0x80)) {
			if (status >> 8 != (SIGTRAP | PTRACE_EVENT_EXEC << 8))
				deliver = WSTOPSIG(status);
			continue;
		}
		ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info);
		if (info.op == ENTRY)
			interesting = is_change(info.nr);
		if (interesting)
			look();
	}
	look();
	say("");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int argc, char **argv)
{
	if (argc < 5) {
		fprintf(stderr, "usage: watcher RUNTIME ROOT ID VERB [ARG]...\n");
		return 64;
	}
	runtime = argv[1];
	root = argv[2];
	id = argv[3];
	pid_t pid = fork();

	if (pid == 0) {
		argv[3] = argv[2];
		argv[2] = (char[]){ "--root" };
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		execv(runtime, argv + 1);
		_exit(70);
	}
	return pid < 0 ? 70 : watch(pid);
}
