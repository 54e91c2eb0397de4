/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a command under a BPF program, as a runtime would. usage: under FILE COMMAND [ARGUMENT...]
 */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	static struct sock_filter code[BPF_MAXINSNS];
	FILE *f = argc > 2 ? fopen(argv[1], "re") : NULL;
	size_t n = f ? fread(code, sizeof(*code), BPF_MAXINSNS, f) : 0;
	struct sock_fprog program = { (unsigned short)n, code };

	if (!n || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0)
		return 125;
	execvp(argv[2], argv + 2);
	return 126;
}
