/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the default profile: a list of calls that programs in a container need and whose effect is
 * limited to the container. Calls that serve one capability are allowed only together with it.
 * Everything else is denied.
 *
 * It must never allow what Docker's default profile denies, except for the rows of the list in
 * test/unit/seccomp_default_test.c, each with its reason. Notably absent are io_uring (bypasses
 * filters), userfaultfd and keyrings (used in kernel exploits), AF_ALG and AF_VSOCK (attack
 * surface; AF_VSOCK is not confined by network namespaces), and new user namespaces by clone.
 */
#include "seccomp/default.h"

#include "seccomp/rows.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/seccomp.h>

#define CAP ROWS_CAP
#define ON ROWS_ON
#define IF ROWS_IF

enum { EPERM_ACTION = SECCOMP_RET_ERRNO | EPERM, ENOSYS_ACTION = SECCOMP_RET_ERRNO | ENOSYS };

/* clang-format off */
static const struct row rows[] = {
	{ .action = SECCOMP_RET_ALLOW, .names =
	  "_llseek _newselect accept accept4 access adjtimex alarm bind brk cachestat "
	  "capget capset chdir chmod chown chown32 clock_adjtime clock_adjtime64 "
	  "clock_getres clock_getres_time64 clock_gettime clock_gettime64 "
	  "clock_nanosleep clock_nanosleep_time64 close close_range connect "
	  "copy_file_range creat dup dup2 dup3 epoll_create epoll_create1 epoll_ctl "
	  "epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait epoll_wait_old eventfd "
	  "eventfd2 execve execveat exit exit_group faccessat faccessat2 fadvise64 "
	  "fadvise64_64 fallocate fanotify_mark fchdir fchmod fchmodat fchmodat2 "
	  "fchown fchown32 fchownat fcntl fcntl64 fdatasync fgetxattr file_getattr "
	  "file_setattr flistxattr flock fork fremovexattr fsetxattr fstat fstat64 "
	  "fstatat64 fstatfs fstatfs64 fsync ftruncate ftruncate64 futex futex_requeue "
	  "futex_time64 futex_wait futex_waitv futex_wake futimesat get_robust_list "
	  "get_thread_area getcpu getcwd getdents getdents64 getegid getegid32 geteuid "
	  "geteuid32 getgid getgid32 getgroups getgroups32 getitimer getpeername "
	  "getpgid getpgrp getpid getppid getpriority getrandom getresgid getresgid32 "
	  "getresuid getresuid32 getrlimit getrusage getsid getsockname getsockopt "
	  "gettid gettimeofday getuid getuid32 getxattr getxattrat inotify_add_watch "
	  "inotify_init inotify_init1 inotify_rm_watch io_cancel io_destroy "
	  "io_getevents io_pgetevents io_pgetevents_time64 io_setup io_submit ioctl "
	  "ioprio_get ioprio_set ipc kill landlock_add_rule landlock_create_ruleset "
	  "landlock_restrict_self lchown lchown32 lgetxattr link linkat listen "
	  "listmount listxattr listxattrat llistxattr lremovexattr lseek lsetxattr "
	  "lsm_get_self_attr lsm_list_modules lsm_set_self_attr lstat lstat64 madvise "
	  "map_shadow_stack membarrier memfd_create memfd_secret mincore mkdir mkdirat "
	  "mknod mknodat mlock mlock2 mlockall mmap mmap2 mprotect mq_getsetattr "
	  "mq_notify mq_open mq_timedreceive mq_timedreceive_time64 mq_timedsend "
	  "mq_timedsend_time64 mq_unlink mremap mseal msgctl msgget msgrcv msgsnd "
	  "msync munlock munlockall munmap name_to_handle_at nanosleep newfstatat open "
	  "openat openat2 pause pidfd_open pidfd_send_signal pipe pipe2 pkey_alloc "
	  "pkey_free pkey_mprotect poll ppoll ppoll_time64 prctl pread64 preadv "
	  "preadv2 prlimit64 process_mrelease process_vm_readv process_vm_writev "
	  "pselect6 pselect6_time64 ptrace pwrite64 pwritev pwritev2 read readahead "
	  "readlink readlinkat readv recv recvfrom recvmmsg recvmmsg_time64 recvmsg "
	  "remap_file_pages removexattr removexattrat rename renameat renameat2 "
	  "restart_syscall riscv_hwprobe rmdir rseq rt_sigaction rt_sigpending "
	  "rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait "
	  "rt_sigtimedwait_time64 rt_tgsigqueueinfo sched_get_priority_max "
	  "sched_get_priority_min sched_getaffinity sched_getattr sched_getparam "
	  "sched_getscheduler sched_rr_get_interval sched_rr_get_interval_time64 "
	  "sched_setaffinity sched_setattr sched_setparam sched_setscheduler "
	  "sched_yield seccomp select semctl semget semop semtimedop semtimedop_time64 "
	  "send sendfile sendfile64 sendmmsg sendmsg sendto set_robust_list "
	  "set_thread_area set_tid_address setfsgid setfsgid32 setfsuid setfsuid32 "
	  "setgid setgid32 setgroups setgroups32 setitimer setpgid setpriority "
	  "setregid setregid32 setresgid setresgid32 setresuid setresuid32 setreuid "
	  "setreuid32 setrlimit setsid setsockopt setuid setuid32 setxattr setxattrat "
	  "shmat shmctl shmdt shmget shutdown sigaltstack signalfd signalfd4 "
	  "sigprocmask sigreturn socketcall socketpair splice stat stat64 statfs "
	  "statfs64 statmount statx symlink symlinkat sync sync_file_range syncfs "
	  "sysinfo tee tgkill time timer_create timer_delete timer_getoverrun "
	  "timer_gettime timer_gettime64 timer_settime timer_settime64 timerfd_create "
	  "timerfd_gettime timerfd_gettime64 timerfd_settime timerfd_settime64 times "
	  "tkill truncate truncate64 ugetrlimit umask uname unlink unlinkat uprobe "
	  "uretprobe utime utimensat utimensat_time64 utimes vfork vmsplice wait4 "
	  "waitid waitpid write writev" },

	/* All address families except AF_ALG (38) and AF_VSOCK (40). */
	{ .action = SECCOMP_RET_ALLOW, IF(0, SECCOMP_OP_LT, 38), .names = "socket" },
	{ .action = SECCOMP_RET_ALLOW, IF(0, SECCOMP_OP_EQ, 39), .names = "socket" },
	{ .action = SECCOMP_RET_ALLOW, IF(0, SECCOMP_OP_GT, 40), .names = "socket" },
	/*
	 * PER_LINUX and PER_LINUX32, each with and without UNAME26, and the query. Not
	 * ADDR_NO_RANDOMIZE.
	 */
	{ .action = SECCOMP_RET_ALLOW, IF(0, SECCOMP_OP_EQ, 0), .names = "personality" },
	{ .action = SECCOMP_RET_ALLOW, IF(0, SECCOMP_OP_EQ, 0x8), .names = "personality" },
	{ .action = SECCOMP_RET_ALLOW, IF(0, SECCOMP_OP_EQ, 0x20000), .names = "personality" },
	{ .action = SECCOMP_RET_ALLOW, IF(0, SECCOMP_OP_EQ, 0x20008), .names = "personality" },
	{ .action = SECCOMP_RET_ALLOW, IF(0, SECCOMP_OP_EQ, 0xffffffff), .names = "personality" },
	/*
	 * The flags are the second argument on s390x. clone3 has them in memory, where no filter
	 * can read them; if it gets ENOSYS, the C library uses clone.
	 */
	{ .action = SECCOMP_RET_ALLOW, .without = CAP(SYS_ADMIN), .not_on = ON(S390X),
	  IF(0, SECCOMP_OP_MASKED_EQ, ROWS_NEW_NAMESPACES, 0), .names = "clone" },
	{ .action = SECCOMP_RET_ALLOW, .without = CAP(SYS_ADMIN), .on = ON(S390X),
	  IF(1, SECCOMP_OP_MASKED_EQ, ROWS_NEW_NAMESPACES, 0), .names = "clone" },
	{ .action = ENOSYS_ACTION, .without = CAP(SYS_ADMIN), .names = "clone3" },

	{ .action = SECCOMP_RET_ALLOW, .on = ON(PPC64LE), .names = "swapcontext sync_file_range2" },
	{ .action = SECCOMP_RET_ALLOW, .on = ON(ARM) | ON(AARCH64), .names =
	  "arm_fadvise64_64 arm_sync_file_range breakpoint cacheflush get_tls set_tls "
	  "sync_file_range2" },
	{ .action = SECCOMP_RET_ALLOW, .on = ON(X86_64) | ON(X32), .names = "arch_prctl" },
	{ .action = SECCOMP_RET_ALLOW, .on = ON(X86_64) | ON(X32) | ON(X86), .names = "modify_ldt" },
	{ .action = SECCOMP_RET_ALLOW, .on = ON(S390X), .names =
	  "s390_pci_mmio_read s390_pci_mmio_write s390_runtime_instr" },
	{ .action = SECCOMP_RET_ALLOW, .on = ON(RISCV64), .names = "riscv_flush_icache" },

	{ .action = SECCOMP_RET_ALLOW, .with = CAP(DAC_READ_SEARCH), .names = "open_by_handle_at" },
	{ .action = SECCOMP_RET_ALLOW, .with = CAP(SYS_ADMIN), .names =
	  "bpf clone clone3 fanotify_init fsconfig fsmount fsopen fspick listns lookup_dcookie "
	  "mount mount_setattr move_mount open_tree open_tree_attr perf_event_open quotactl "
	  "quotactl_fd setdomainname sethostname setns syslog umount umount2 unshare" },
	{ .action = SECCOMP_RET_ALLOW, .with = CAP(SYS_BOOT), .names = "reboot" },
	{ .action = SECCOMP_RET_ALLOW, .with = CAP(SYS_CHROOT), .names = "chroot" },
	{ .action = SECCOMP_RET_ALLOW, .with = CAP(SYS_MODULE), .names =
	  "delete_module finit_module init_module" },
	{ .action = SECCOMP_RET_ALLOW, .with = CAP(SYS_PACCT), .names = "acct" },
	{ .action = SECCOMP_RET_ALLOW, .with = CAP(SYS_PTRACE), .names =
	  "kcmp pidfd_getfd process_madvise" },
	{ .action = SECCOMP_RET_ALLOW, .with = CAP(SYS_RAWIO), .names = "ioperm iopl" },
	{ .action = SECCOMP_RET_ALLOW, .with = CAP(SYS_TIME), .names =
	  "clock_settime clock_settime64 settimeofday stime" },
	{ .action = SECCOMP_RET_ALLOW, .with = CAP(SYS_TTY_CONFIG), .names = "vhangup" },
	{ .action = SECCOMP_RET_ALLOW, .with = CAP(SYS_NICE), .names =
	  "get_mempolicy mbind set_mempolicy set_mempolicy_home_node" },
	{ .action = SECCOMP_RET_ALLOW, .with = CAP(SYSLOG), .names = "syslog" },
	{ .action = SECCOMP_RET_ALLOW, .with = CAP(BPF), .names = "bpf" },
	{ .action = SECCOMP_RET_ALLOW, .with = CAP(PERFMON), .names = "perf_event_open" },
};
/* clang-format on */

int default_profile(const struct profile_facts *facts, struct profile *ret)
{
	if (facts->native >= ABI_OWN)
		return -ENOTSUP;
	*ret = (struct profile){
		.place = "the default profile",
		.default_action = EPERM_ACTION,
	};
	rows_select(rows, ARRAY_LEN(rows), 0, facts, ret);
	rows_add_abis(facts->native, ret);
	return 0;
}
