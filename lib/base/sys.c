/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Thin wrappers of system calls. glibc has some of them since 2.36; musl and older versions do not.
 */
#include "base/sys.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <linux/keyctl.h>
#include <linux/magic.h>
#include <linux/mount.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

enum { STACK_BYTES = 256 << 10 };

pid_t sys_clone3(struct clone_args *args)
{
	return (pid_t)syscall(SYS_clone3, args, sizeof(*args));
}

#if defined(__s390x__) || defined(__s390__)
pid_t sys_clone(unsigned long flags, pid_t *parent_tid)
{
	return (pid_t)syscall(SYS_clone, 0L, flags, parent_tid, 0L, 0L);
}
#else
pid_t sys_clone(unsigned long flags, pid_t *parent_tid)
{
	return (pid_t)syscall(SYS_clone, flags, 0L, parent_tid, 0L, 0L);
}
#endif

pid_t sys_clone_vm(unsigned long flags, int (*run)(void *arg), void *arg, uint32_t *word)
{
	char *stack = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);

	if (stack == MAP_FAILED)
		return -1;
	/* at the lower end, so that a stack that is too small is an error */
	if (mprotect(stack, SYS_PAGE_BYTES, PROT_NONE) < 0)
		return -1;
	if (word)
		flags |= CLONE_CHILD_CLEARTID;
	return clone(run, stack + STACK_BYTES, (int)(CLONE_VM | flags), arg, NULL, NULL, word);
}

int sys_futex_wait(const uint32_t *word, uint32_t value)
{
	return (int)syscall(SYS_futex, word, (long)FUTEX_WAIT, (unsigned long)value, NULL, NULL,
			    0L);
}

int sys_futex_wake(const uint32_t *word)
{
	return (int)syscall(SYS_futex, word, (long)FUTEX_WAKE, (long)INT_MAX, NULL, NULL, 0L);
}

int sys_openat2(int dirfd, const char *path, const struct open_how *how)
{
	return (int)syscall(SYS_openat2, dirfd, path, how, sizeof(*how));
}

int sys_close_range(unsigned int first, unsigned int last, unsigned int flags)
{
	return (int)syscall(SYS_close_range, first, last, flags);
}

int sys_pidfd_open(pid_t pid, unsigned int flags)
{
	return (int)syscall(SYS_pidfd_open, pid, flags);
}

int sys_pidfd_send_signal(int pidfd, int sig)
{
	return (int)syscall(SYS_pidfd_send_signal, pidfd, sig, NULL, 0);
}

int sys_pidfd_getfd(int pidfd, int targetfd)
{
	return (int)syscall(SYS_pidfd_getfd, pidfd, targetfd, 0);
}

int sys_pivot_root(const char *new_root, const char *put_old)
{
	return (int)syscall(SYS_pivot_root, new_root, put_old);
}

int sys_fsopen(const char *fsname, unsigned int flags)
{
	return (int)syscall(SYS_fsopen, fsname, flags);
}

int sys_fsconfig(int fd, unsigned int cmd, const char *key, const void *value, int aux)
{
	return (int)syscall(SYS_fsconfig, fd, cmd, key, value, aux);
}

int sys_fsmount(int fsfd, unsigned int flags, unsigned int attrs)
{
	return (int)syscall(SYS_fsmount, fsfd, flags, attrs);
}

int sys_open_tree(int dirfd, const char *path, unsigned int flags)
{
	return (int)syscall(SYS_open_tree, dirfd, path, flags);
}

int sys_move_mount(int from, const char *from_path, int to, const char *to_path, unsigned int flags)
{
	return (int)syscall(SYS_move_mount, from, from_path, to, to_path, flags);
}

int sys_mount_setattr(int dirfd, const char *path, unsigned int flags,
		      const struct mount_attr *attr)
{
	return (int)syscall(SYS_mount_setattr, dirfd, path, flags, attr, sizeof(*attr));
}

long sys_keyctl_join(const char *name)
{
	return syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, name, 0, 0, 0);
}

long sys_keyctl_describe(int32_t key, char *buf, size_t size)
{
	return syscall(SYS_keyctl, KEYCTL_DESCRIBE, key, buf, size, 0);
}

long sys_keyctl_setperm(int32_t key, uint32_t perm)
{
	return syscall(SYS_keyctl, KEYCTL_SETPERM, key, perm, 0, 0);
}

int sys_in_initial_userns(void)
{
	/* the inode number of this namespace is part of the kernel's interface: linux/nsfs.h */
	static const ino_t initial = 0xeffffffd;
	static const char path[] = "/proc/self/ns/user";
	struct statfs fs;
	struct stat st;

	if (statfs(path, &fs) < 0 || stat(path, &st) < 0)
		return -errno;
	return fs.f_type == NSFS_MAGIC && st.st_ino == initial;
}

int64_t sys_now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int sys_reset_signals(int but)
{
	struct sigaction plain = { .sa_handler = SIG_DFL };
	sigset_t none;

	for (int sig = 1; sig < NSIG; sig++)
		/* EINVAL: SIGKILL, SIGSTOP and the signals that the C library uses itself */
		if (sig != but && sigaction(sig, &plain, NULL) < 0 && errno != EINVAL)
			return -errno;
	sigemptyset(&none);
	return sigprocmask(SIG_SETMASK, &none, NULL) < 0 ? -errno : 0;
}

int sys_setgroups(size_t n, const gid_t *groups)
{
	return (int)syscall(SYS_setgroups, n, groups);
}

int sys_setresuid(uid_t uid)
{
	return (int)syscall(SYS_setresuid, uid, uid, uid);
}

int sys_setresgid(gid_t gid)
{
	return (int)syscall(SYS_setresgid, gid, gid, gid);
}

int sys_seccomp(unsigned int operation, unsigned int flags, void *args)
{
	return (int)syscall(SYS_seccomp, operation, flags, args);
}
