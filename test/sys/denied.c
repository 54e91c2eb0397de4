/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes denied calls and prints what the program sees of the answers.
 *
 *	denied answers         sync, getpgid and sysinfo, each in a process of its own without a
 *	                       handler of SIGSYS, with one, with SIGSYS ignored, and blocked
 *	denied answers80       the same as calls of i386 by a 64-bit program (int 0x80)
 *	denied numbers CALL HOW
 *	                       every number that the program does not need itself, each in a child
 *	                       with the HOW of `child`; prints their ends. CALL is not used
 *	denied once CALL       one call (a number) in this process; exit code 3 if it goes on
 *	denied often CALL N    the call N times with the argument 1; prints nanoseconds of one
 *	denied flood CALL N    N calls with arguments 1 to N
 *	denied thread CALL MS  the call in a second thread, which then stays for some time, while
 *	                       the first waits for its end
 *	denied blocked CALL N MS
 *	                       N processes make the call with a pointer into memory that is served
 *	                       after MS milliseconds, never if 0 (userfaultfd(2), needs
 *	                       CAP_SYS_PTRACE)
 *	denied missing CALL N  N processes make the call, and while it waits for its answer a second
 *	                       thread takes the page of the instruction away, which nobody serves;
 *	                       exit code 3 if a program goes on
 *	denied child CALL HOW  the call in a child, with the HOW (0: default, 1: handled) of its
 *	                       SIGSYS; what it gets, its mask of signals afterwards, and its end
 *	denied pressed CALL N  the call N times, while another thread sends SIGSYS to this one; how
 *	                       many calls had the signal of seccomp by the time they returned
 *	denied traced CALL     the call in a child that this process traces; prints its end
 *	denied fleeing CALL    the call in the second thread of a child, whose first thread calls
 *	                       execve(2) as soon as there is a file /go; prints the child's end,
 *	                       exit code 42 if it got away
 *	denied rewrite CALL    the call; while it waits for its answer, a second thread replaces
 *	                       the instruction that made it; exit code 3 if the program goes on
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#if defined(__x86_64__)
#define RESULT(u) ((u)->uc_mcontext.gregs[REG_RAX])
#define AT(u) ((u)->uc_mcontext.gregs[REG_RIP])
#elif defined(__i386__)
#define RESULT(u) ((u)->uc_mcontext.gregs[REG_EAX])
#define AT(u) ((u)->uc_mcontext.gregs[REG_EIP])
#elif defined(__aarch64__)
#define RESULT(u) ((u)->uc_mcontext.regs[0])
#define AT(u) ((u)->uc_mcontext.pc)
#endif

static void handle(int sig, siginfo_t *info, void *ctx)
{
	ucontext_t *u = ctx;

	printf("signal %d code %d syscall %d arch %#x errno %d", sig, info->si_code,
	       info->si_syscall, info->si_arch, info->si_errno);
#ifdef RESULT
	printf(" address %s result %lld",
	       (unsigned long)info->si_call_addr == (unsigned long)AT(u) ? "right" : "wrong",
	       (long long)RESULT(u));
	RESULT(u) = 4242;
#endif
	printf("\n");
	fflush(stdout);
}

#ifndef SYS_SECCOMP
#define SYS_SECCOMP 1 /* si_code of SIGSYS */
#endif
static volatile sig_atomic_t noted; /* the call that a handler of SIGSYS was told of */

enum how { DEFAULT, HANDLED, IGNORED, BLOCKED, HOWS };

static void prepare(enum how how)
{
	struct sigaction action = { .sa_sigaction = handle, .sa_flags = SA_SIGINFO };
	sigset_t mask;

	sigemptyset(&mask);
	sigaddset(&mask, SIGSYS);
	if (how == HANDLED || how == BLOCKED)
		sigaction(SIGSYS, &action, NULL);
	if (how == IGNORED)
		signal(SIGSYS, SIG_IGN);
	if (how == BLOCKED)
		sigprocmask(SIG_BLOCK, &mask, NULL);
}

#if defined(__x86_64__)
/* i386 has six registers for arguments, the last of which the compiler may use itself. */
static long call_of_i386(long nr)
{
	long r;

	__asm__ volatile("int $0x80"
			 : "=a"(r)
			 : "a"(nr), "b"(1L), "c"(2L), "d"(3L), "S"(4L), "D"(5L)
			 : "memory", "cc", "r8", "r9", "r10", "r11");
	r = (int)r;
	errno = r < 0 ? (int)-r : 0;
	return r < 0 ? -1 : r;
}
#else
static long call_of_i386(long nr)
{
	(void)nr;
	errno = ENOSYS;
	return -1;
}
#endif

static long call_native(long nr)
{
	return syscall(nr, 1, 2, 3, 4, 5, 6);
}

static void try(const char *name, long (*make)(long nr), long nr, enum how how)
{
	static const char *const words[] = { "default", "handled", "ignored", "blocked" };
	int status;

	fflush(stdout);
	pid_t pid = fork();

	if (pid == 0) {
		prepare(how);
		errno = 0;
		long r = make(nr);

		printf("%s: %ld errno %d\n", name, r, errno);
		exit(7);
	}
	waitpid(pid, &status, 0);
	printf("%s, %s: %s %d\n", name, words[how], WIFSIGNALED(status) ? "signal" : "exit",
	       WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
}

static int answers(void)
{
	for (enum how how = DEFAULT; how < HOWS; how++) {
		try("sync", call_native, SYS_sync, how);
		try("getpgid", call_native, SYS_getpgid, how);
		try("sysinfo", call_native, SYS_sysinfo, how);
	}
	return 0;
}

static int answers_of_i386(void)
{
	for (enum how how = DEFAULT; how < HOWS; how++) {
		try("sync", call_of_i386, 36, how);
		try("getpgid", call_of_i386, 132, how);
		try("sysinfo", call_of_i386, 116, how);
	}
	return 0;
}

static void note(int sig, siginfo_t *info, void *ctx)
{
	noted = info->si_code == SYS_SECCOMP ? info->si_syscall : sig;
	(void)ctx;
}

static int child(long nr, enum how how)
{
	struct sigaction action = { .sa_sigaction = note, .sa_flags = SA_SIGINFO };
	unsigned long blocked = 0;
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		if (how == HANDLED)
			sigaction(SIGSYS, &action, NULL);
		errno = 0;
		long r = syscall(nr, 1);
		int e = errno;

		syscall(SYS_rt_sigprocmask, SIG_SETMASK, NULL, &blocked, sizeof(blocked));
		printf("result %ld errno %d signal of %d blocked %#lx\n", r, e, (int)noted,
		       blocked);
		exit(0);
	}
	waitpid(pid, &status, 0);
	printf("%s %d\n", WIFSIGNALED(status) ? "signal" : "exit",
	       WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	return 0;
}

/* What a child needs up to its end. */
static int is_needed(long nr)
{
	static const long needed[] = { SYS_exit,   SYS_exit_group, SYS_rt_sigreturn,
				       SYS_execve, SYS_wait4,	   SYS_write };

	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++)
		if (needed[i] == nr)
			return 1;
	return nr == SYS_clone || nr == SYS_gettid || nr == SYS_rt_sigprocmask ||
	       nr == SYS_set_robust_list;
}

static int numbers(enum how how)
{
	enum { HIGHEST = 480, AS_TOLD = 201, OTHER_TOLD, ZERO, MORE };
	struct sigaction action = { .sa_sigaction = note, .sa_flags = SA_SIGINFO };
	int status;

	if (how == HANDLED)
		sigaction(SIGSYS, &action, NULL);
	for (long nr = -2; nr < HIGHEST; nr++) {
		if (is_needed(nr))
			continue;
		pid_t pid = fork();

		if (pid == 0) {
			noted = -3;
			long r = syscall(nr, 0, 0, 0, 0, 0, 0);

			if (noted != -3)
				_exit(noted == nr ? AS_TOLD : OTHER_TOLD);
			_exit(r == -1 ? errno : r == 0 ? ZERO : MORE);
		}
		waitpid(pid, &status, 0);
		printf("%ld: %#x\n", nr, (unsigned int)status);
	}
	return 0;
}

static volatile pid_t pressed_thread;
static volatile int trapped;

static void count(int sig, siginfo_t *info, void *ctx)
{
	trapped += info->si_code == SYS_SECCOMP && sig == SIGSYS;
	(void)ctx;
}

static void *press(void *arg)
{
	while (pressed_thread) {
		syscall(SYS_tgkill, getpid(), pressed_thread, SIGSYS);
		nanosleep(&(struct timespec){ .tv_nsec = 50000 }, NULL);
	}
	return arg;
}

static int pressed(long nr, long n)
{
	struct sigaction action = { .sa_sigaction = count, .sa_flags = SA_SIGINFO | SA_RESTART };
	long good = 0;
	pthread_t t;

	sigaction(SIGSYS, &action, NULL);
	pressed_thread = (pid_t)syscall(SYS_gettid);
	pthread_create(&t, NULL, press, NULL);
	for (long i = 0; i < n; i++) {
		const int before = trapped;

		syscall(nr, 1);
		good += trapped == before + 1;
	}
	pressed_thread = 0;
	pthread_join(t, NULL);
	printf("%ld of %ld\n", good, n);
	return 0;
}

static int traced(long nr)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		syscall(nr, 1);
		_exit(3);
	}
	while (waitpid(pid, &status, 0) == pid && WIFSTOPPED(status))
		ptrace(PTRACE_CONT, pid, NULL, (void *)(uintptr_t)WSTOPSIG(status));
	printf("%s %d\n", WIFSIGNALED(status) ? "signal" : "exit",
	       WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	return 0;
}

static void *call(void *arg)
{
	const long *nr_ms = arg;

	syscall(nr_ms[0], 0);
	nanosleep(&(struct timespec){ nr_ms[1] / 1000, nr_ms[1] % 1000 * 1000000 }, NULL);
	return NULL;
}

static int fleeing(long nr)
{
	long nr_ms[] = { nr, 0 };
	pid_t pid = fork();
	pthread_t t;
	int status;

	if (pid == 0) {
		pthread_create(&t, NULL, call, nr_ms);
		while (access("/go", F_OK) < 0)
			nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
		execl("/bin/denied", "denied", "away", NULL);
		_exit(9);
	}
	waitpid(pid, &status, 0);
	printf("%s %d\n", WIFSIGNALED(status) ? "signal" : "exit",
	       WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	return 0;
}

static int often(long nr, long n)
{
	struct timespec a, b;

	clock_gettime(CLOCK_MONOTONIC, &a);
	for (long i = 0; i < n; i++)
		syscall(nr, 1);
	clock_gettime(CLOCK_MONOTONIC, &b);
	printf("%lld\n", ((b.tv_sec - a.tv_sec) * 1000000000LL + b.tv_nsec - a.tv_nsec) / n);
	return 0;
}

static int flood(long nr, long n)
{
	long good = 0;

	for (long i = 1; i <= n; i++)
		good += syscall(nr, i) == -1 && errno == EPERM;
	printf("%ld\n", good);
	return 0;
}

static int thread(long nr, long ms)
{
	long nr_ms[] = { nr, ms };
	pthread_t t;

	pthread_create(&t, NULL, call, nr_ms);
	/* a thread that ends by KILL_THREAD cannot be joined: wait until it is not there */
	for (int i = 0; i < 500 && syscall(SYS_tgkill, getpid(), getpid() + 1, 0) == 0; i++)
		nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL);
	printf("the process goes on\n");
	return 0;
}

/* Makes accesses to the page wait. Returns the descriptor. */
static int take_page(void *page, int flags)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = { .range = { (uintptr_t)page, 4096 },
				       .mode = UFFDIO_REGISTER_MODE_MISSING };
	int fd = (int)syscall(SYS_userfaultfd, flags);

	if (fd < 0 || ioctl(fd, UFFDIO_API, &api) < 0 || ioctl(fd, UFFDIO_REGISTER, &reg) < 0)
		_exit(9);
	return fd;
}

struct service {
	int fd;
	long ms;
};

static void *serve(void *arg)
{
	const struct service *s = arg;
	struct uffd_msg m;

	while (read(s->fd, &m, sizeof(m)) == sizeof(m)) {
		struct uffdio_zeropage zero = { .range = { m.arg.pagefault.address & ~4095ULL,
							   4096 } };

		nanosleep(&(struct timespec){ .tv_nsec = s->ms * 1000000 }, NULL);
		ioctl(s->fd, UFFDIO_ZEROPAGE, &zero);
	}
	return NULL;
}

__attribute__((noreturn)) static void call_blocked(long nr, long ms)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct service service = { take_page(page, 0), ms };
	pthread_t t;

	if (ms)
		pthread_create(&t, NULL, serve, &service);
	syscall(nr, page, 0);
	_exit(0);
}

static int blocked(long nr, long n, long ms)
{
	int status = 0;

	for (long i = 0; i < n && status == 0; i++) {
		pid_t pid = fork();

		if (pid == 0)
			call_blocked(nr, ms);
		waitpid(pid, &status, 0);
	}
	return status ? 9 : 0;
}

#if defined(__x86_64__)
/* mov $CALL, %eax; syscall; ret */
enum { NUMBER = 1, SYSCALL = 5 };
static unsigned char code_of_call[] = { 0xb8, 0, 0, 0, 0, 0x0f, 0x05, 0xc3 };
static volatile unsigned char *code;
static volatile int is_calling;

static void *replace(void *arg)
{
	while (!is_calling)
		;
	code[SYSCALL] = code[SYSCALL + 1] = 0x90; /* nop */
	return arg;
}

/* The result is CALL if the instruction was replaced too early. */
static long call_and_replace(void)
{
	pthread_t t;
	long ret;

	memcpy((void *)code, code_of_call, sizeof(code_of_call));
	is_calling = 0;
	pthread_create(&t, NULL, replace, NULL);
	is_calling = 1;
	__asm__ volatile("call *%1"
			 : "=a"(ret)
			 : "r"((uint64_t)(uintptr_t)code)
			 : "rcx", "r11", "memory");
	pthread_join(t, NULL);
	return ret;
}

static void make_code(long nr)
{
	code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		    0);
	memcpy(code_of_call + NUMBER, &(int){ (int)nr }, sizeof(int));
}

static void *drop(void *arg)
{
	while (!is_calling)
		;
	nanosleep(&(struct timespec){ .tv_nsec = 20000 }, NULL);
	madvise((void *)code, 4096, MADV_DONTNEED);
	return arg;
}

static int missing(long nr, long n)
{
	int status = 9;

	make_code(nr);
	for (long i = 0; i < n && WEXITSTATUS(status) != 3; i++) {
		pid_t pid = fork();
		pthread_t t;

		if (pid == 0) {
			memcpy((void *)code, code_of_call, sizeof(code_of_call));
			take_page((void *)code, O_CLOEXEC | UFFD_USER_MODE_ONLY);
			pthread_create(&t, NULL, drop, NULL);
			is_calling = 1;
			((void (*)(long))(uintptr_t)code)(i);
			_exit(3);
		}
		waitpid(pid, &status, 0);
	}
	return WEXITSTATUS(status);
}

static int rewrite(long nr)
{
	long r = nr;

	make_code(nr);
	for (int i = 0; i < 1000 && r == nr; i++)
		r = call_and_replace();
	printf("went on with %#lx\n", r);
	return 3;
}
#else
static int missing(long nr, long n)
{
	(void)nr;
	return n < 0;
}

static int rewrite(long nr)
{
	syscall(nr);
	return 3;
}
#endif

int main(int argc, char **argv)
{
	const char *verb = argc > 1 ? argv[1] : "";
	long nr = argc > 2 ? strtol(argv[2], NULL, 10) : 0,
	     n = argc > 3 ? strtol(argv[3], NULL, 10) : 0,
	     ms = argc > 4 ? strtol(argv[4], NULL, 10) : 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!strcmp(verb, "answers"))
		return answers();
	if (!strcmp(verb, "answers80"))
		return answers_of_i386();
	if (!strcmp(verb, "blocked"))
		return blocked(nr, n, ms);
	if (!strcmp(verb, "missing"))
		return missing(nr, n);
	if (!strcmp(verb, "numbers"))
		return numbers((enum how)n);
	if (!strcmp(verb, "fleeing"))
		return fleeing(nr);
	if (!strcmp(verb, "away"))
		return 42;
	if (!strcmp(verb, "traced"))
		return traced(nr);
	if (!strcmp(verb, "pressed"))
		return pressed(nr, n);
	if (!strcmp(verb, "child"))
		return child(nr, (enum how)n);
	if (!strcmp(verb, "rewrite"))
		return rewrite(nr);
	if (!strcmp(verb, "often"))
		return often(nr, n);
	if (!strcmp(verb, "flood"))
		return flood(nr, n);
	if (!strcmp(verb, "thread"))
		return thread(nr, n);
	if (!strcmp(verb, "once")) {
		printf("%ld\n", syscall(nr, 0));
		return 3;
	}
	return 64;
}
