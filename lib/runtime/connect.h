/* SPDX-License-Identifier: Apache-2.0 */
/* What the caller gave us by path on the host: sockets to connect to, the pid file. */
#ifndef RUNTIME_CONNECT_H
#define RUNTIME_CONNECT_H

#include "base/base.h"

#include <sys/types.h>

/* Connects to an AF_UNIX stream socket, whatever the length of its path; `option` is its name
 * in messages. Reporting. */
must_check int connect_socket(const char *option, const char *path, int *ret);
/* Whether there is a socket of that path, for one that is connected to later. Reporting. */
must_check int connect_check(const char *option, const char *path);
/*
 * --console-socket: connects and sends the master of the terminal at once, in one message with at
 * least one byte and exactly one descriptor. Engines accept at any time, also after we have ended,
 * and conmon ends without a word of our error where a connection brings no terminal. Reporting.
 */
must_check int connect_send_terminal(const char *path, int master);
/* --pidfd-socket: sends the descriptor there, one message. Reporting. */
must_check int connect_send_pidfd(const char *path, int pidfd);
/* Writes pid in decimal, no newline (go-runc, BuildKit), replacing what is there at once.
 * Reporting. */
must_check int connect_pid_file(const char *path, pid_t pid);

#endif
