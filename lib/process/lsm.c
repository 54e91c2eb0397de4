/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sets the label that execve(2) gives to the program. What must hold: the write reaches the kernel
 * and not a file that the image put over /proc (CVE-2019-16884). It uses lsm_set_self_attr(2) where
 * the kernel has it (6.8), else our own procfs. verify.c reads the label back.
 */
#include "process/lsm.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/words.h"
#include "channel/box.h"
#include "channel/handles.h"
#include "channel/procfs.h"
#include "plan/plan.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_lsm_set_self_attr
#define SYS_lsm_set_self_attr 460 /* the same number on all architectures */
#endif

/* constants of linux/lsm.h, Linux 6.8 */
enum { LSM_SELINUX = 101, LSM_APPARMOR = 104, LSM_EXEC = 101 };

struct lsm_label { /* the layout of struct lsm_ctx in linux/lsm.h */
	uint64_t id, flags, len, ctx_len;
	char ctx[];
};

static int set_by_call(uint64_t lsm, const char *text)
{
	size_t n = strlen(text) + 1;
	struct lsm_label *label = arena_alloc(sizeof(*label) + n);

	label->id = lsm;
	label->ctx_len = n;
	label->len = sizeof(*label) + n;
	memcpy(label->ctx, text, n);
	return syscall(SYS_lsm_set_self_attr, LSM_EXEC, label, (uint32_t)label->len, 0) < 0 ? -errno
											    : 0;
}

static int set_label(const struct box *box, uint64_t lsm, const char *file, const char *text)
{
	int r = set_by_call(lsm, text);

	return r == -ENOSYS ? procfs_write(box->h->proc, file, text) : r;
}

/* Podman classifies the error as one of security attributes if the file is in backquotes. */
int lsm_label_set(void *ctx)
{
	const struct box *box = ctx;
	const struct plan_process *p = &box->plan->process;

	if (p->apparmor) {
		int r = set_label(box, LSM_APPARMOR, "self/attr/apparmor/exec",
				  arena_printf("exec %s", p->apparmor));

		if (r < 0)
			return fail(-r,
				    "process.apparmorProfile: %s (is it loaded?): " WORDS_ATTRIBUTE
				    "apparmor/exec`",
				    p->apparmor);
	}
	if (p->selinux) {
		int r = set_label(box, LSM_SELINUX, "self/attr/exec", p->selinux);

		if (r < 0)
			return fail(-r, "process.selinuxLabel: %s: " WORDS_ATTRIBUTE "exec`",
				    p->selinux);
	}
	return 0;
}
