/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parent's side of the conversation with a child (its own side: box.h). The order of the
 * messages is in spawn.h. All reporting.
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

/* Waits for a message of that type; SYNC_ERROR becomes our own error record; the end of file
 * becomes an error that says how init ended (signal, exit code). Reporting. */
must_check int sync_expect(const struct handles *h, const struct child *child, uint32_t type);
/* The same of a process that others in the container can stop or freeze: it is continued; after
 * timeout_ms it is an error. Reporting. */
must_check int sync_expect_within(const struct handles *h, const struct child *child, uint32_t type,
				  int timeout_ms);
/* The same for SYNC_TERMINAL: the master of the child's terminal, the caller's. timeout_ms -1: as
 * long as it takes. */
must_check int sync_expect_terminal(const struct handles *h, const struct child *child,
				    int timeout_ms);
/* Reporting. */
must_check int sync_say(const struct handles *h, uint32_t type);

/* Waits for a message of that type. ret_fd: gets the descriptor that comes with it, or -1; NULL
 * where none is expected. */
must_check int sync_receive(const struct handles *h, const struct child *child, uint32_t type,
			    struct msg *m, int *ret_fd);
/* What the child said before it ended, instead of the error r that we then could not go on with it.
 */
must_check int sync_last_words(const struct handles *h, int r);
/* How the child ended, and when; it stays to be reaped by child_end(). Always negative. */
must_check int sync_ended(const struct handles *h, const struct child *child, const char *when);

#endif
