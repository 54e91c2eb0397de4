/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes calls that a recorder has to tell apart. usage: oldcall
 * int80|x32|is_x32|sockets|burst|numbers
 *
 * int80: getuid32 of i386 from a 64-bit program. x32: getppid of that ABI, which the kernel may not
 * have; is_x32: fails if it has not. sockets: three sockets of different kinds. burst: stops its
 * parent, and makes more calls than a buffer has room for; the last one is umask. numbers: more
 * kinds of calls than a filter of the kernel's can name, then umask.
 */
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static void sockets(void)
{
	close(socket(AF_UNIX, SOCK_STREAM, 0));
	close(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
	close(socket(AF_INET, SOCK_DGRAM, 0));
}

static void burst(void)
{
	cpu_set_t one;

	/* each processor has a buffer */
	CPU_ZERO(&one);
	CPU_SET((size_t)sched_getcpu(), &one);
	(void)!sched_setaffinity(0, sizeof(one), &one);
	(void)!kill(getppid(), SIGSTOP);
	for (int i = 0; i < 40000; i++)
		(void)!syscall(SYS_getppid);
	umask(022);
}

/* Numbers that no kernel has. Now and then the recorder may catch up. */
static void numbers(void)
{
	for (int round = 0; round < 250; round++) {
		for (int number = 500; number < 1000; number++)
			(void)!syscall(number);
		if (round % 8 == 0)
			usleep(5000);
	}
	umask(022);
}

static void int80(void)
{
#if defined(__x86_64__)
	long result, number = 199;

	/* the registers of the 64-bit convention have other values */
	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "a"(number), "b"(1L), "c"(2L), "S"(3L), "D"(4L)
			 : "memory", "r8", "r9", "r10", "r11");
	(void)result;
#endif
}

int main(int argc, char **argv)
{
	const char *kind = argc > 1 ? argv[1] : "";

	if (strcmp(kind, "sockets") == 0)
		sockets();
	else if (strcmp(kind, "burst") == 0)
		burst();
	else if (strcmp(kind, "numbers") == 0)
		numbers();
	else if (strcmp(kind, "int80") == 0)
		int80();
	else if (strcmp(kind, "x32") == 0)
		(void)!syscall(0x40000000 | SYS_getppid);
	else if (strcmp(kind, "is_x32") == 0)
		return syscall(0x40000000 | SYS_getppid) < 0;
	else
		return 2;
	return 0;
}
