/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages between our own processes over SOCK_SEQPACKET. One message is one packet, so there is no
 * framing and no partial read. All silent: they return >= 0 or -errno.
 */
#ifndef BASE_MSG_H
#define BASE_MSG_H

#include "base/base.h"

#include <sys/types.h>

enum { MSG_TEXT_MAX = 8192, MSG_FDS_MAX = 4 };

struct msg {
	uint32_t type; /* numbers are defined by the protocol: sync.h, systemd.h */
	int32_t code;
	pid_t pid;	  /* sender's pid as reported by the kernel; 0 if SO_PASSCRED is off */
	int fd;		  /* msg_recv_fd(): the receiver closes it; -1: none */
	const char *text; /* in the arena */
};

/* Makes a connected pair, both ends close-on-exec. ret[0] receives the sender's pid. */
must_check int msg_pair(int ret[2]);
/*
 * Sends type, code, text (NULL: none; truncated to MSG_TEXT_MAX - 1 bytes) and the n descriptors in
 * fds, which the caller keeps. Never raises SIGPIPE.
 */
must_check int msg_send(int sock, uint32_t type, int32_t code, const char *text, const int *fds,
			size_t n);
/* Sends to a peer that is not ours: n raw bytes, at least one, with exactly one descriptor. */
must_check int msg_send_fd(int sock, const void *data, size_t n, int fd);
/*
 * Waits for a message. Returns 1, 0 if the other end is closed, or -errno. Descriptors in the
 * message are not received; the kernel discards them. The sender may be controlled by the
 * container, and if we had to close(2) a file that the container serves (FUSE), we would wait for
 * its answer.
 */
must_check int msg_recv(int sock, struct msg *ret);
/* As msg_recv(), but receives the descriptor of a message that the process `from` sent. */
must_check int msg_recv_fd(int sock, pid_t from, struct msg *ret);

#endif
