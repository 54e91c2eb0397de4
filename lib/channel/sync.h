/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parent's side of the conversation with a child (the child's side is in box.h). The order of
 * the messages is in spawn.h. All reporting.
 */
#ifndef CHANNEL_SYNC_H
#define CHANNEL_SYNC_H

#include "base/base.h"

struct child;
struct handles;
struct msg;

enum sync_type {
	SYNC_HELLO = 1,
	SYNC_MAPPED,
	SYNC_MOUNTED,
	SYNC_HOOKED,
	SYNC_TERMINAL,
	SYNC_READY,
	SYNC_COMMIT,
	SYNC_ERROR,
};

/*
 * Waits for a message of that type. If SYNC_ERROR comes instead, its message becomes the recorded
 * error. End of file becomes an error that says how the child ended (signal, exit code).
 */
must_check int sync_expect(const struct handles *h, const struct child *child, uint32_t type);
/*
 * As sync_expect(), for a child that others in the container can stop or freeze. It is continued if
 * it is stopped. No message within timeout_ms is an error.
 */
must_check int sync_expect_within(const struct handles *h, const struct child *child, uint32_t type,
				  int timeout_ms);
/* Waits for SYNC_TERMINAL and returns the master of the child's pty. timeout_ms -1: no limit. */
must_check int sync_expect_terminal(const struct handles *h, const struct child *child,
				    int timeout_ms);
/* Sends a message of that type without content. */
must_check int sync_say(const struct handles *h, uint32_t type);

/*
 * Waits for a message of that type and stores it in *m. *ret_fd is the descriptor that comes with
 * it, or -1; ret_fd is NULL where none is expected.
 */
must_check int sync_receive(const struct handles *h, const struct child *child, uint32_t type,
			    struct msg *m, int *ret_fd);
/*
 * If the child sent SYNC_ERROR before it ended, records that error and returns its code. Otherwise
 * returns r, the error by which its end was noticed.
 */
must_check int sync_last_words(const struct handles *h, int r);
/* Records how the child ended, and `when`. It is still reaped by child_end(). Always negative. */
must_check int sync_ended(const struct handles *h, const struct child *child, const char *when);

#endif
