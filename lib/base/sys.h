/* SPDX-License-Identifier: Apache-2.0 */
/*
 * System calls and constants that libc or its headers may lack. All return like libc:
 * -1 and errno. Behind each: its manual page and the first kernel that has it; all are in
 * Linux 5.14, the oldest that we run on, so there is no second way behind any of them.
 */
#ifndef BASE_SYS_H
#define BASE_SYS_H

#include "base/base.h"

#include <linux/audit.h>
#include <linux/openat2.h>
#include <linux/sched.h>
#include <sys/types.h>

#define SYS_CLOSE_RANGE_CLOEXEC (1U << 2) /* 5.11 */

#ifndef MOUNT_ATTR_NOSYMFOLLOW
#define MOUNT_ATTR_NOSYMFOLLOW 0x00200000 /* 5.14 */
#endif
#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080 /* 5.6 */
#endif
#ifndef CLONE_INTO_CGROUP
#define CLONE_INTO_CGROUP 0x200000000ULL /* 5.7 */
#endif

/* What seccomp(2) calls the architecture that we are built for. */
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

/* clone3(2), 5.3; CLONE_INTO_CGROUP 5.7. Returns 0 in the child. Never with CLONE_VM. */
pid_t sys_clone3(struct clone_args *args);
/* clone(2) without shared memory and without a stack: fork(2) with these flags. For a process
 * under a filter, which sees the flags here, not a pointer to them. parent_tid is for
 * CLONE_PARENT_SETTID, else NULL. */
pid_t sys_clone(unsigned long flags, pid_t *parent_tid);
/* futex(2) on a word that processes share: waits while it has that value; wakes all who do. */
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
/* keyctl(2) KEYCTL_JOIN_SESSION_KEYRING, KEYCTL_DESCRIBE (the length of the text, NUL included,
 * which may be more than size) and KEYCTL_SETPERM. */
long sys_keyctl_join(const char *name);
long sys_keyctl_describe(int32_t key, char *buf, size_t size);
long sys_keyctl_setperm(int32_t key, uint32_t perm);
/* Whether the caller is in the host's own user namespace. Its maps do not tell: another one can
 * have the same. false where nobody knows. */
bool sys_in_initial_userns(void);
/* Milliseconds of CLOCK_MONOTONIC, for deadlines. */
int64_t sys_now_ms(void);
/* Gives every signal but one (0: none) its default action and unblocks all. -errno. */
must_check int sys_reset_signals(int but);
/* The raw id calls: this process has one thread, libc's signal broadcast is not wanted. */
int sys_setgroups(size_t n, const gid_t *groups);
int sys_setresuid(uid_t uid);
int sys_setresgid(gid_t gid);
/* capset(2) of the calling process, version 3. Bit n is capability n. */
int sys_capset(uint64_t permitted, uint64_t effective, uint64_t inheritable);
int sys_capget(uint64_t *permitted, uint64_t *effective, uint64_t *inheritable);
/* seccomp(2). Returns the listener with SECCOMP_FILTER_FLAG_NEW_LISTENER. */
int sys_seccomp(unsigned int operation, unsigned int flags, void *args);

#endif
