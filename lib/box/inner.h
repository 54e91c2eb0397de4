/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The steps of init, in the order in which init_steps[] runs them, and what they share.
 * Each is reporting: 0, or -errno with the message recorded. None parses anything.
 *
 * Two clocks matter. Before ids_become_root init still has the file system identity of the
 * parent, so host paths that only the parent may search can be opened. Before root_pivot
 * host paths exist at all.
 */
#ifndef BOX_INNER_H
#define BOX_INNER_H

#include "base/base.h"
#include "box/box.h"
#include "box/final.h"
#include "plan/plan.h"

struct statx;

struct box {
	const struct plan *plan;
	struct handles *h;
	/*
	 * Mount descriptor of the container's root: every container path is resolved by the
	 * kernel below it (base/path.h), before and after the pivot. -1 before root_clone.
	 */
	int root;
	uint64_t root_mount, root_inode; /* what statx(2) says of it, once it is attached */
	int proc, sys;			 /* what was mounted on /proc and /sys, or -1 */
	int devpts;			 /* mount descriptor of the container's devpts, or -1 */
	int null;  /* mount of a null device, known to be 1:3; never the image's (CVE-2025-31133) */
	int *late; /* mounts that root_finish makes read-only: tmpfs that is still written to */
	size_t n_late;
	bool root_readonly; /* root_finish makes "/" read-only */
	bool cwd_entered;   /* cwd_enter got there */
	struct final final; /* path set by program_find, envp (with HOME) by environment_make */
};

/* Nothing open yet. */
void box_init(const struct plan *plan, struct handles *h, struct box *ret);

/* What precedes the first step: signals as the program gets them, a name, death with the
 * parent. */
void box_begin(const struct plan *plan, struct handles *h, struct box *ret);
/* Tells the parent of the recorded error and ends. */
no_return void box_failed(const struct box *box, int code);

/* --- namespaces and identity (child's first acts) ---------------------------------------- */

int handles_keep(void *ctx);  /* all descriptors go but the handles, above all the lock */
int cgroups_enter(void *ctx); /* "0" into handles.tasks */
int session_make(void *ctx);  /* setsid */
int cgroupns_make(void *ctx); /* unshare(CLONE_NEWCGROUP), after cgroups_enter */
int timens_make(void *ctx);   /* unshare(CLONE_NEWTIME), offsets, setns */
int loopback_up(void *ctx);   /* in a network namespace of our own, once it is made */
int hello_say(void *ctx);     /* SYNC_HELLO: the parent writes the maps from here on */
int pidns_enter(void *ctx);   /* a joined PID namespace, for the children */

/* --- the file system, still with the parent's identity ----------------------------------- */

/* Cuts the new mount namespace off from the host's: nothing we mount propagates to it. */
int root_detach_propagation(void *ctx);
/* Clones the root file system, attaches the clone on itself: box.root. Clones the bind
 * sources that the parent could not. Sets the umask to 022. */
int root_clone(void *ctx);
/* Whether what statx(2) was asked for by STATX_INO and STATX_MNT_ID is the root itself, on which
 * nothing can be mounted: processes whose root it is stay below the new mount. */
bool root_is(const struct box *box, const struct statx *st);

int maps_await(void *ctx);	/* SYNC_MAPPED */
int ids_become_root(void *ctx); /* in a user namespace: 0, 0, no groups; then non-dumpable */
/*
 * Which namespaces are made by that root, namespaces_make(), and not with the process: what the
 * kernel makes with them belongs for good to whoever was root of the user namespace then, and
 * before the maps are written nobody is.
 */
uint64_t namespaces_late(const struct plan *plan);
int namespaces_make(void *ctx);
int keyring_join(void *ctx); /* a session keyring, owned by that root */

/* --- the file system, below box.root ----------------------------------------------------- */

int mounts_make(void *ctx); /* all of config.json's mounts, in their order */
int dev_make(void *ctx);    /* device nodes and links */

int hooks_await(void *ctx); /* SYNC_MOUNTED, SYNC_HOOKED; then createContainer hooks */

/* pivot_root onto box.root, old root unmounted, "/" checked to be ours. Closes every
 * descriptor but 0 to 2, the preserved ones, those of struct box and handles.proc, console,
 * sdnotify, start and sync[1]: from here on none leads to a directory of the host. */
int root_pivot(void *ctx);
int stdio_fix(void *ctx);    /* host null -> container null; pipes to the user */
int console_make(void *ctx); /* with process.terminal: pty, /dev/console, 0 to 2; after setsid */
/* The same for exec, where /dev/console is init's; the process proper takes control (final.c). */
int console_join(void *ctx);
int hostname_set(void *ctx); /* and domainname */
int sysctls_write(void *ctx);
int cwd_make(void *ctx); /* makes process.cwd where it is missing; before root_finish */
int readonly_paths(void *ctx);
int masked_paths(void *ctx);
int root_finish(void *ctx); /* root read-only and its final propagation */

/* --- the process -------------------------------------------------------------------------- */

/*
 * Enters process.cwd by descriptor. Called before the credentials change and again after
 * (the directory may be open to one of the two only); the first call leaves an EACCES to the
 * second. Checks that the directory is below "/" (CVE-2024-21626).
 */
int cwd_enter(void *ctx);	  /* before: refused access is no error yet */
int cwd_enter_as_user(void *ctx); /* after: nothing to do if entered */

/* After the cgroups: to the CPUs of process.execCPUAffinity.final (exec), else to all that the
 * cgroup allows: what the caller was bound to (taskset, CPUAffinity of systemd) outlives the
 * change of cgroup since Linux 6.2. */
int affinity_set(void *ctx);
int personality_set(void *ctx);	  /* linux.personality, for the execve */
int environment_make(void *ctx);  /* envp, with HOME from the image's /etc/passwd */
int umask_set(void *ctx);	  /* rlimits wait until the end: start.h */
int lsm_label_set(void *ctx);	  /* AppArmor profile or SELinux label, for the execve */
int program_find(void *ctx);	  /* process.args[0] against the container's PATH */
int creds_set(void *ctx);	  /* all but what the filter needs: ARCHITECTURE.md */
int confinement_check(void *ctx); /* reads back from handles.proc what was asked for */
int descriptors_close(void *ctx); /* what waiting needs stays, and what the program gets */

/* Puts the numbers into keep, which has n and room for the rest, that the program gets by
 * preserve_fds; others in that range are ours, known by their close-on-exec flag. The new n. */
size_t preserved_add(const struct box *box, int *keep, size_t n);

/* Wipes the caller's environment, which hooks of ours had until now: before anybody in the
 * container can see the process. */
void environment_forget(void);

/* Drops code that has run from our mappings, so that waiting costs little. No step: it changes
 * nothing that is asked for, and there is nobody left to hear of a failure. */
void memory_drop(void);

#endif
