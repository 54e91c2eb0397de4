/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes calls that a recorder has to tell apart. usage: oldcall int80|x32|is_x32|sockets
 *
 * int80: getuid32 of i386 from a 64-bit program. x32: getppid of that ABI, which the kernel may not
 * have; is_x32: fails if it has not. sockets: three sockets of different kinds.
 */
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static void sockets(void)
{
	close(socket(AF_UNIX, SOCK_STREAM, 0));
	close(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
	close(socket(AF_INET, SOCK_DGRAM, 0));
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
