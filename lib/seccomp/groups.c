/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the members of the groups. Those of systemd are what `systemd-analyze syscall-filter` of
 * the version below prints; a call that no table of ours has is left out there. lint: table
 */
#include "seccomp/groups.h"

#include "base/arena.h"
#include "base/names.h"
#include "seccomp/syscall.h"

#include <string.h>

const char groups_version[] = "systemd 252 (Debian 252.39)";

static const char known[] = "@known";

/* Calls that we have and that this version of systemd does not: newer ones and old ones. */
static const char unknown[] =
	" cachestat file_getattr file_setattr getxattrat listmount listns listxattrat "
	"lsm_get_self_attr lsm_list_modules lsm_set_self_attr mseal open_tree_attr removexattrat "
	"setxattrat statmount uprobe uretprobe _sysctl afs_syscall arm_sync_file_range bdflush "
	"break breakpoint create_module ftime get_kernel_syms get_tls getpmsg gtty idle lock mpx "
	"nfsservctl prof profil putpmsg query_module security set_tls stty tuxcall ulimit uselib "
	"usr26 usr32 vserver ";

/* clang-format off */
static const struct group table[] = {
	{ "@default", "Calls that an allow list always has", false,
	  "arch_prctl brk cacheflush clock_getres clock_getres_time64 clock_gettime "
	  "clock_gettime64 clock_nanosleep clock_nanosleep_time64 execve exit exit_group futex "
	  "futex_time64 futex_waitv get_robust_list get_thread_area getegid getegid32 geteuid "
	  "geteuid32 getgid getgid32 getgroups getgroups32 getpgid getpgrp getpid getppid "
	  "getrandom getresgid getresgid32 getresuid getresuid32 getrlimit getsid gettid "
	  "gettimeofday getuid getuid32 membarrier mmap mmap2 mprotect munmap nanosleep pause "
	  "prlimit64 restart_syscall riscv_flush_icache riscv_hwprobe rseq rt_sigreturn "
	  "sched_getaffinity sched_yield set_robust_list set_thread_area set_tid_address "
	  "set_tls sigreturn time ugetrlimit uretprobe" },
	{ "@aio", "Asynchronous input and output", false,
	  "io_cancel io_destroy io_getevents io_pgetevents io_pgetevents_time64 io_setup "
	  "io_submit io_uring_enter io_uring_register io_uring_setup" },
	{ "@basic-io", "Read, write and seek in open files", false,
	  "_llseek close close_range dup dup2 dup3 lseek pread64 preadv preadv2 pwrite64 "
	  "pwritev pwritev2 read readv write writev" },
	{ "@chown", "Change the owner of files", false,
	  "chown chown32 fchown fchown32 fchownat lchown lchown32" },
	{ "@clock", "Set clocks", false,
	  "adjtimex clock_adjtime clock_adjtime64 clock_settime clock_settime64 settimeofday" },
	{ "@cpu-emulation", "Emulate other processors", false,
	  "modify_ldt subpage_prot switch_endian vm86 vm86old" },
	{ "@debug", "Debug and measure", false,
	  "lookup_dcookie perf_event_open pidfd_getfd ptrace rtas s390_runtime_instr "
	  "sys_debug_setcontext" },
	{ "@file-system", "Files and folders", false,
	  "access chdir chmod close creat faccessat faccessat2 fallocate fchdir fchmod fchmodat "
	  "fchmodat2 fcntl fcntl64 fgetxattr flistxattr fremovexattr fsetxattr fstat fstat64 "
	  "fstatat64 fstatfs fstatfs64 ftruncate ftruncate64 futimesat getcwd getdents "
	  "getdents64 getxattr inotify_add_watch inotify_init inotify_init1 inotify_rm_watch "
	  "lgetxattr link linkat listxattr llistxattr lremovexattr lsetxattr lstat lstat64 "
	  "mkdir mkdirat mknod mknodat newfstatat oldfstat oldlstat oldstat open openat openat2 "
	  "readlink readlinkat removexattr rename renameat renameat2 rmdir setxattr stat stat64 "
	  "statfs statfs64 statx symlink symlinkat truncate truncate64 unlink unlinkat utime "
	  "utimensat utimensat_time64 utimes" },
	{ "@io-event", "Wait for events", false,
	  "_newselect epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait "
	  "epoll_pwait2 epoll_wait epoll_wait_old eventfd eventfd2 poll ppoll ppoll_time64 "
	  "pselect6 pselect6_time64 select" },
	{ "@ipc", "Pipes, queues, semaphores, shared memory", false,
	  "ipc memfd_create mq_getsetattr mq_notify mq_open mq_timedreceive "
	  "mq_timedreceive_time64 mq_timedsend mq_timedsend_time64 mq_unlink msgctl msgget "
	  "msgrcv msgsnd pipe pipe2 process_madvise process_vm_readv process_vm_writev semctl "
	  "semget semop semtimedop semtimedop_time64 shmat shmctl shmdt shmget" },
	{ "@keyring", "Keyrings of the kernel", false,
	  "add_key keyctl request_key" },
	{ "@memlock", "Lock memory", false,
	  "mlock mlock2 mlockall munlock munlockall" },
	{ "@module", "Load and unload kernel modules", false,
	  "delete_module finit_module init_module" },
	{ "@mount", "Mount and unmount", false,
	  "chroot fsconfig fsmount fsopen fspick mount mount_setattr move_mount open_tree "
	  "pivot_root umount umount2" },
	{ "@network-io", "Sockets", false,
	  "accept accept4 bind connect getpeername getsockname getsockopt listen recv recvfrom "
	  "recvmmsg recvmmsg_time64 recvmsg send sendmmsg sendmsg sendto setsockopt shutdown "
	  "socket socketcall socketpair" },
	{ "@obsolete", "Old, unusual, never implemented", false,
	  "_sysctl afs_syscall bdflush break create_module ftime get_kernel_syms getpmsg gtty "
	  "idle lock mpx prof profil putpmsg query_module security sgetmask ssetmask stime stty "
	  "sysfs tuxcall ulimit uselib ustat vserver" },
	{ "@pkey", "Memory protection keys", false,
	  "pkey_alloc pkey_free pkey_mprotect" },
	{ "@privileged", "Calls that need capabilities", false,
	  "@chown @clock @module @raw-io @reboot @swap _sysctl acct bpf capset chroot "
	  "fanotify_init fanotify_mark nfsservctl open_by_handle_at pivot_root quotactl "
	  "quotactl_fd setdomainname setfsuid setfsuid32 setgroups setgroups32 sethostname "
	  "setresuid setresuid32 setreuid setreuid32 setuid setuid32 vhangup" },
	{ "@process", "Start and control processes, namespaces", false,
	  "capget clone clone3 execveat fork getrusage kill pidfd_open pidfd_send_signal prctl "
	  "rt_sigqueueinfo rt_tgsigqueueinfo setns swapcontext tgkill times tkill unshare vfork "
	  "wait4 waitid waitpid" },
	{ "@raw-io", "Ports and buses of the machine", false,
	  "ioperm iopl pciconfig_iobase pciconfig_read pciconfig_write s390_pci_mmio_read "
	  "s390_pci_mmio_write" },
	{ "@reboot", "Reboot, another kernel", false,
	  "kexec_file_load kexec_load reboot" },
	{ "@resources", "Limits, priorities, memory policy", false,
	  "ioprio_set mbind migrate_pages move_pages nice sched_setaffinity sched_setattr "
	  "sched_setparam sched_setscheduler set_mempolicy set_mempolicy_home_node setpriority "
	  "setrlimit" },
	{ "@setuid", "Change users and groups of a process", false,
	  "setgid setgid32 setgroups setgroups32 setregid setregid32 setresgid setresgid32 "
	  "setresuid setresuid32 setreuid setreuid32 setuid setuid32" },
	{ "@signal", "Signal handling", false,
	  "rt_sigaction rt_sigpending rt_sigprocmask rt_sigsuspend rt_sigtimedwait "
	  "rt_sigtimedwait_time64 sigaction sigaltstack signal signalfd signalfd4 sigpending "
	  "sigprocmask sigsuspend" },
	{ "@swap", "Swap space", false,
	  "swapoff swapon" },
	{ "@sync", "Write memory and files to storage", false,
	  "fdatasync fsync msync sync sync_file_range sync_file_range2 syncfs" },
	{ "@system-service", "What a common service needs", false,
	  "@aio @basic-io @chown @default @file-system @io-event @ipc @keyring @memlock "
	  "@network-io @process @resources @setuid @signal @sync @timer arm_fadvise64_64 capget "
	  "capset copy_file_range fadvise64 fadvise64_64 flock get_mempolicy getcpu getpriority "
	  "ioctl ioprio_get kcmp madvise mremap name_to_handle_at oldolduname olduname "
	  "personality readahead readdir remap_file_pages sched_get_priority_max "
	  "sched_get_priority_min sched_getattr sched_getparam sched_getscheduler "
	  "sched_rr_get_interval sched_rr_get_interval_time64 sched_yield sendfile sendfile64 "
	  "setfsgid setfsgid32 setfsuid setfsuid32 setpgid setsid splice sysinfo tee umask "
	  "uname userfaultfd vmsplice" },
	{ "@timer", "Timers", false,
	  "alarm getitimer setitimer timer_create timer_delete timer_getoverrun timer_gettime "
	  "timer_gettime64 timer_settime timer_settime64 timerfd_create timerfd_gettime "
	  "timerfd_gettime64 timerfd_settime timerfd_settime64 times" },
	{ known, "All calls that this version of systemd knows", false, "" },
	{ "@execute", "Start a program", true, "execve execveat uselib" },
	{ "@handles", "Open files by handle, past all paths", true,
	  "name_to_handle_at open_by_handle_at" },
	{ "@io_uring", "Calls by queue, which no filter sees", true,
	  "io_uring_enter io_uring_register io_uring_setup" },
	{ "@kexec", "Load another kernel", true, "kexec_file_load kexec_load" },
	{ "@landlock", "Restrict oneself by Landlock", true,
	  "landlock_add_rule landlock_create_ruleset landlock_restrict_self" },
	{ "@memory-of-others", "Read and write the memory of other processes", true,
	  "process_madvise process_vm_readv process_vm_writev ptrace" },
	{ "@namespaces", "Make and enter namespaces", true, "clone clone3 setns unshare" },
	{ "@numa", "Place memory on nodes", true,
	  "get_mempolicy mbind migrate_pages move_pages set_mempolicy set_mempolicy_home_node" },
	{ "@time64", "Times of 64 bits on architectures of 32", true,
	  "clock_adjtime64 clock_getres_time64 clock_gettime64 clock_nanosleep_time64 "
	  "clock_settime64 futex_time64 io_pgetevents_time64 mq_timedreceive_time64 "
	  "mq_timedsend_time64 ppoll_time64 pselect6_time64 recvmmsg_time64 "
	  "rt_sigtimedwait_time64 sched_rr_get_interval_time64 semtimedop_time64 "
	  "timer_gettime64 timer_settime64 timerfd_gettime64 timerfd_settime64 "
	  "utimensat_time64" },
	{ "@tracing", "Trace and measure processes and the kernel", true,
	  "bpf lookup_dcookie perf_event_open ptrace userfaultfd" },
	{ "@xattr", "Extended attributes", true,
	  "fgetxattr flistxattr fremovexattr fsetxattr getxattr getxattrat lgetxattr listxattr "
	  "listxattrat llistxattr lremovexattr lsetxattr removexattr removexattrat setxattr "
	  "setxattrat" },
};
/* clang-format on */

const struct group *groups_nth(size_t n)
{
	return n < ARRAY_LEN(table) ? &table[n] : NULL;
}

const struct group *groups_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		if (strcmp(table[i].name, name) == 0)
			return &table[i];
	return NULL;
}

const char *groups_like(const char *name)
{
	struct name *names = arena_array(ARRAY_LEN(table) + 1, sizeof(*names));

	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		names[i].name = table[i].name;
	return names_like(names, name);
}

static void add_known(bool *member)
{
	for (unsigned int id = 0; id < syscall_count(); id++)
		if (!strstr(unknown, arena_printf(" %s ", syscall_name(id))))
			member[id] = true;
}

/* Groups in groups are as deep as the table has them: two levels. */
void groups_add(const struct group *group, bool *member) // NOLINT(misc-no-recursion)
{
	if (group->name == known)
		add_known(member);
	for (const char *p = group->members; *p;) {
		size_t n = strcspn(p, " ");
		const char *word = arena_memdup(p, n);
		const struct group *inner = groups_find(word);
		int id = syscall_id(word);

		if (inner)
			groups_add(inner, member);
		else if (id >= 0)
			member[id] = true;
		p += n + strspn(p + n, " ");
	}
}
