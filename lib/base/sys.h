/* SPDX-License-Identifier: Apache-2.0 */
/*
 * System calls and constants that the C library or its headers may lack. All silent: they return -1
 * and set errno, unless said otherwise. Each comment names the manual page and the first kernel
 * that has the call. All are in Linux 5.14, the oldest supported kernel, so none has a fallback.
 */
#ifndef BASE_SYS_H
#define BASE_SYS_H

#include "base/base.h"

#include <linux/audit.h>
#include <linux/openat2.h>
#include <linux/sched.h>
#include <sys/types.h>

#define SYS_CLOSE_RANGE_CLOEXEC (1U << 2) /* Linux 5.11 */

#ifndef MOUNT_ATTR_NOSYMFOLLOW
#define MOUNT_ATTR_NOSYMFOLLOW 0x00200000 /* Linux 5.14 */
#endif
#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080 /* Linux 5.6 */
#endif
#ifndef CLONE_INTO_CGROUP
#define CLONE_INTO_CGROUP 0x200000000ULL /* Linux 5.7 */
#endif

/* Size of a mapping of one page: the smallest page size of all architectures. */
enum { SYS_PAGE_BYTES = 4096 };

/* All pids are below it: PID_MAX_LIMIT of a 64-bit kernel, a power of 2. */
enum { SYS_PIDS = 1 << 22 };

/* The value of seccomp(2) for the architecture of this build. */
#if defined(__x86_64__)
#define SYS_AUDIT_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define SYS_AUDIT_ARCH AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define SYS_AUDIT_ARCH AUDIT_ARCH_RISCV64
#elif defined(__powerpc64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define SYS_AUDIT_ARCH AUDIT_ARCH_PPC64LE
#elif defined(__s390x__)
#define SYS_AUDIT_ARCH AUDIT_ARCH_S390X
#elif defined(__loongarch64)
#define SYS_AUDIT_ARCH AUDIT_ARCH_LOONGARCH64
#elif defined(__i386__)
#define SYS_AUDIT_ARCH AUDIT_ARCH_I386
#elif defined(__arm__)
#define SYS_AUDIT_ARCH AUDIT_ARCH_ARM
#endif

/* clone3(2), 5.3; CLONE_INTO_CGROUP 5.7. Returns 0 in the child. Must not be used with CLONE_VM. */
pid_t sys_clone3(struct clone_args *args);
/*
 * clone(2) without shared memory and without a new stack: fork(2) with these flags. For a process
 * under a filter, because a filter can check flags in a register but not in memory. parent_tid is
 * for CLONE_PARENT_SETTID or, where it is a descriptor, for CLONE_PIDFD (5.2); else NULL.
 */
pid_t sys_clone(unsigned long flags, pid_t *parent_tid);
/*
 * clone(2) with CLONE_VM and these flags: run(arg) in a process that shares the memory with the
 * caller, on a stack of its own, which is never freed; what it returns is the exit status. It
 * shares errno, too: a caller must not look at errno, nor make calls that fail, while the process
 * makes calls that can. *word becomes 0, with sys_futex_wake(), when the process has executed a
 * program or has ended; NULL: nothing is told. Cheap, because no page tables are copied.
 */
pid_t sys_clone_vm(unsigned long flags, int (*run)(void *arg), void *arg, uint32_t *word);
/* futex(2) on a word in shared memory: waits while it has this value; wakes all that wait. */
int sys_futex_wait(const uint32_t *word, uint32_t value);
int sys_futex_wake(const uint32_t *word);
/* openat2(2), 5.6. */
int sys_openat2(int dirfd, const char *path, const struct open_how *how);
/* close_range(2), 5.9. */
int sys_close_range(unsigned int first, unsigned int last, unsigned int flags);
/* pidfd_open(2), 5.3. */
int sys_pidfd_open(pid_t pid, unsigned int flags);
/* pidfd_send_signal(2), 5.1. */
int sys_pidfd_send_signal(int pidfd, int sig);
/* pidfd_getfd(2), 5.6. */
int sys_pidfd_getfd(int pidfd, int targetfd);
/* pivot_root(2). */
int sys_pivot_root(const char *new_root, const char *put_old);
/* fsopen, fsconfig, fsmount, open_tree, move_mount 5.2. */
int sys_fsopen(const char *fsname, unsigned int flags);
int sys_fsconfig(int fd, unsigned int cmd, const char *key, const void *value, int aux);
int sys_fsmount(int fsfd, unsigned int flags, unsigned int attrs);
int sys_open_tree(int dirfd, const char *path, unsigned int flags);
int sys_move_mount(int from, const char *from_path, int to, const char *to_path,
		   unsigned int flags);
struct mount_attr;
/* mount_setattr(2), 5.12. */
int sys_mount_setattr(int dirfd, const char *path, unsigned int flags,
		      const struct mount_attr *attr);
/*
 * keyctl(2): KEYCTL_JOIN_SESSION_KEYRING, KEYCTL_DESCRIBE (returns the length of the text with NUL,
 * which may exceed size) and KEYCTL_SETPERM.
 */
long sys_keyctl_join(const char *name);
long sys_keyctl_describe(int32_t key, char *buf, size_t size);
long sys_keyctl_setperm(int32_t key, uint32_t perm);
/* Whether we are in the initial user namespace: 1 or 0, or -errno if that cannot be told. Silent.
 */
must_check int sys_in_initial_userns(void);
/* Returns CLOCK_MONOTONIC in milliseconds, for deadlines. */
int64_t sys_now_ms(void);
/*
 * Sets every signal except one (0: none) to its default action and unblocks all. Returns 0 or
 * -errno.
 */
must_check int sys_reset_signals(int but);
/*
 * The system calls without the C library's wrappers, which apply a change to all threads. This
 * process has one thread.
 */
int sys_setgroups(size_t n, const gid_t *groups);
int sys_setresuid(uid_t uid);
int sys_setresgid(gid_t gid);
/* seccomp(2). With SECCOMP_FILTER_FLAG_NEW_LISTENER it returns the listener. */
int sys_seccomp(unsigned int operation, unsigned int flags, void *args);

#endif
