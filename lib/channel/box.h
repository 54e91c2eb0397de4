/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the steps of init, and of a process of `exec`, work on, and the child's side of the
 * conversation with the parent.
 *
 * A step is a function that gets this struct as void *ctx. It returns 0, or -errno after recording
 * the error by fail() (base/err.h). It parses nothing: all values are in the plan. Example:
 *
 *     int hostname_set(void *ctx)
 *     {
 *             const struct box *box = ctx;
 *
 *             if (sethostname(box->plan->hostname, strlen(box->plan->hostname)) < 0)
 *                     return fail(errno, "hostname %s", box->plan->hostname);
 *             return 0;
 *     }
 */
#ifndef CHANNEL_BOX_H
#define CHANNEL_BOX_H

#include "base/base.h"

struct final;
struct handles;
struct plan;
struct statx;

struct box {
	const struct plan *plan;
	struct handles *h;
	/*
	 * Descriptor of the mount of the container's root. Every path of the container is resolved
	 * by the kernel below it (base/path.h), before and after pivot_root(2). -1 before
	 * rootfs_clone().
	 */
	int root;
	/* mount id and inode of the root as statx(2) reports them */
	uint64_t root_mount, root_inode;
	int proc, sys; /* the mounts on /proc and /sys of the container, or -1 */
	int devpts;    /* the mount of the container's devpts, or -1 */
	/* clone of the host's null device, checked to be 1:3; never the image's (CVE-2025-31133) */
	int null;
	/*
	 * mounts of tmpfs that rootfs_finish() makes read-only, because steps still write to them
	 */
	int *late;
	size_t n_late;
	bool root_readonly; /* rootfs_finish() makes "/" read-only */
	bool cwd_entered;   /* cwd_enter() has succeeded */
	/*
	 * What remains to be done after the steps (process/final.h). It belongs to the caller.
	 * program_find() sets its path, environment_make() its envp.
	 */
	struct final *final;
};

/* Initialises *ret with nothing open. */
void box_init(const struct plan *plan, struct handles *h, struct box *ret);
/*
 * Prepares the process before its first step: resets signals, sets its name, and sets SIGKILL as
 * parent death signal.
 */
void box_begin(const struct plan *plan, struct handles *h, struct box *ret);
/* Sends the recorded error to the parent over `sock` and ends the process. */
no_return void box_failed(int sock, int code);
/*
 * Whether *st (of statx(2) with STATX_INO and STATX_MNT_ID) is the root itself. Nothing may be
 * mounted on the root, because processes whose root directory it is would stay below the new mount.
 */
bool box_is_root(const struct box *box, const struct statx *st);

/* Sends a message without content (enum sync_type). Reporting. */
must_check int box_say(const struct box *box, uint32_t type);
/* Waits for a message of that type. Ends the process if the parent has ended. Reporting. */
must_check int box_await(const struct box *box, uint32_t type);
/* Step: sends SYNC_HELLO, after which the parent writes the id maps. Reporting. */
must_check int box_say_hello(void *ctx);
/* Step: waits for SYNC_MAPPED. Reporting. */
must_check int box_await_maps(void *ctx);

#endif
