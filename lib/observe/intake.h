/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The connections by which runtimes hand over listeners. Each has a time limit, a size limit and a
 * peer that is root or our own user; none is waited for. Example:
 *
 *	i = intake_accept(&intake, sock);
 *	...
 *	if (intake_read(&intake, i) == 1)
 *		text = intake_text(&intake, i);
 */
#ifndef OBSERVE_INTAKE_H
#define OBSERVE_INTAKE_H

#include "base/arena.h"
#include "base/base.h"
#include "base/io.h"
#include "observe/process_state.h"

enum { INTAKE_MAX = 64, INTAKE_MS = 5000 };

struct intake_connection {
	int fd;
	int64_t deadline;
	struct arena arena;
	char *data; /* PROCESS_STATE_BYTES_MAX bytes and one */
	size_t n;
	/* of the JSON object so far: runtimes may keep the connection open behind it */
	size_t depth;
	bool in_string, is_escaped;
	size_t n_fds; /* more than PROCESS_STATE_FDS_MAX: too many */
	int fds[PROCESS_STATE_FDS_MAX];
};

struct intake {
	size_t n;
	struct intake_connection connections[INTAKE_MAX];
};

/*
 * Accepts a connection and returns its index. -EPERM: the peer is somebody else. -ENOSPC: there are
 * INTAKE_MAX. Other -errno of accept(2). Silent.
 */
must_check int intake_accept(struct intake *in, int sock);
/*
 * Reads what has arrived. Returns 1 if that is one whole object or the peer has ended it, 0 if
 * it is not yet. -E2BIG:
 * it is too long. -ETIMEDOUT: INTAKE_MS are over. Other -errno of recvmsg(2). Silent.
 */
must_check int intake_read(struct intake *in, size_t index);
/* The text that was read; valid until the connection is closed. */
struct text intake_text(const struct intake *in, size_t index);
/*
 * Takes the listener out of the connection if it brought exactly the descriptors that the state
 * names, else -EBADF. Silent.
 */
must_check int intake_take_listener(struct intake *in, size_t index,
				    const struct process_state *state);
/* Closes a connection with its descriptors; the last one gets its index. */
void intake_close(struct intake *in, size_t index);
/* Milliseconds until the first time limit, -1: there is no connection. Silent. */
int intake_timeout(const struct intake *in);

#endif
