/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the steps of init, and of a process of exec, work on, and the child's side of the
 * conversation with the parent. A step is an int function with this struct as void *ctx: it
 * returns 0, or -errno with the error recorded (base/err.h), and parses nothing.
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
	 * Mount descriptor of the container's root: every container path is resolved by the
	 * kernel below it (base/path.h), before and after the pivot. -1 before rootfs_clone.
	 */
	int root;
	uint64_t root_mount, root_inode; /* what statx(2) says of it, once it is attached */
	int proc, sys;			 /* what was mounted on /proc and /sys, or -1 */
	int devpts;			 /* mount descriptor of the container's devpts, or -1 */
	int null;  /* mount of a null device, known to be 1:3; never the image's (CVE-2025-31133) */
	int *late; /* mounts that rootfs_finish makes read-only: tmpfs that is still written to */
	size_t n_late;
	bool root_readonly; /* rootfs_finish makes "/" read-only */
	bool cwd_entered;   /* cwd_enter got there */
	/* What is left to do behind the steps (process/final.h), the caller's: path set by
	 * program_find(), envp (with HOME) by environment_make(). */
	struct final *final;
};

/* Nothing open yet. */
void box_init(const struct plan *plan, struct handles *h, struct box *ret);
/* What precedes the first step: signals as the program gets them, a name, death with the
 * parent. */
void box_begin(const struct plan *plan, struct handles *h, struct box *ret);
/* Tells the parent of the recorded error and ends. */
no_return void box_failed(const struct box *box, int code);
/* Whether what statx(2) was asked for by STATX_INO and STATX_MNT_ID is the root itself, on which
 * nothing can be mounted: processes whose root it is stay below the new mount. */
bool box_is_root(const struct box *box, const struct statx *st);

/* Sends a message without content (enum sync_type). Reporting. */
must_check int box_say(const struct box *box, uint32_t type);
/* Waits for one of that type; ends the process if the parent is dead. Reporting. */
must_check int box_await(const struct box *box, uint32_t type);
/* Step: SYNC_HELLO. The parent writes the id maps from here on. */
must_check int box_say_hello(void *ctx);
/* Step: SYNC_MAPPED. */
must_check int box_await_maps(void *ctx);

#endif
