/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The program that needs the fewest system calls: no C library, no start-up code. It calls only
 * write and exit_group, so that a seccomp profile can consist of these two and execve.
 */
#include <sys/syscall.h>

__attribute__((noreturn)) void _start(void);

#if defined(__x86_64__)
static long call3(long nr, long a, long b, long c)
{
	long ret;

	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "0"(nr), "D"(a), "S"(b), "d"(c)
			 : "rcx", "r11", "memory");
	return ret;
}
#elif defined(__aarch64__)
static long call3(long nr, long a, long b, long c)
{
	register long x8 __asm__("x8") = nr;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;

	__asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
	return x0;
}
#else
#error "tiny.c: write the three lines that make a system call on this architecture"
#endif

void _start(void)
{
	static const char text[] = "tiny ran\n";

	call3(SYS_write, 1, (long)text, sizeof(text) - 1);
	call3(SYS_exit_group, 7, 0, 0);
	__builtin_unreachable();
}
