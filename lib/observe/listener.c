/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns receiving and answering notifications. What must hold: only listener_continue() has the
 * flag SECCOMP_USER_NOTIF_FLAG_CONTINUE. It is for recorders, and for the policy "allow" of the
 * administrator. So a call that a profile denies is never carried out.
 */
#include "observe/listener.h"

#include "base/arena.h"
#include "base/sys.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

static size_t larger(size_t a, size_t b)
{
	return a > b ? a : b;
}

int listener_init(struct listener *ret)
{
	struct seccomp_notif_sizes sizes;

	if (sys_seccomp(SECCOMP_GET_NOTIF_SIZES, 0, &sizes) < 0)
		return -errno;
	ret->call_size = larger(sizes.seccomp_notif, sizeof(*ret->call));
	ret->answer_size = larger(sizes.seccomp_notif_resp, sizeof(*ret->answer));
	ret->call = arena_alloc(ret->call_size);
	ret->answer = arena_alloc(ret->answer_size);
	return 0;
}

int listener_receive(struct listener *l, int fd)
{
	memset(l->call, 0, l->call_size); /* the kernel requires that */
	if (ioctl(fd, SECCOMP_IOCTL_NOTIF_RECV, l->call) == 0)
		return 1;
	return errno == ENOENT || errno == EINTR || errno == EAGAIN ? 0 : -errno;
}

int listener_answer(struct listener *l, int fd, uint64_t id, int error)
{
	memset(l->answer, 0, l->answer_size);
	l->answer->id = id;
	l->answer->error = -error;
	return ioctl(fd, SECCOMP_IOCTL_NOTIF_SEND, l->answer) < 0 ? -errno : 0;
}

int listener_continue(struct listener *l, int fd, uint64_t id)
{
	memset(l->answer, 0, l->answer_size);
	l->answer->id = id;
	l->answer->flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	return ioctl(fd, SECCOMP_IOCTL_NOTIF_SEND, l->answer) < 0 ? -errno : 0;
}

/* Our headers may be older than Linux 6.6. */
#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS SECCOMP_IOW(4, __u64)
#define SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP (1UL << 0)
#endif

void listener_hurry(int fd)
{
	(void)ioctl(fd, SECCOMP_IOCTL_NOTIF_SET_FLAGS, SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP);
}

bool listener_is_waiting(int fd, uint64_t id)
{
	return ioctl(fd, SECCOMP_IOCTL_NOTIF_ID_VALID, &id) == 0;
}
