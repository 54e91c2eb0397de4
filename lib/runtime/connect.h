/* SPDX-License-Identifier: Apache-2.0 */
/* Host paths that the caller gave: sockets to connect to, and the pid file. */
#ifndef RUNTIME_CONNECT_H
#define RUNTIME_CONNECT_H

#include "base/base.h"

#include <sys/types.h>

/* Connects to the AF_UNIX socket of that type and name in dir. Returns it, or -errno. Silent. */
must_check int connect_in_dir(int dir, const char *name, int type);
/* Binds an AF_UNIX socket to that name in dir, for our own user only (0600). 0 or -errno. Silent.
 */
must_check int connect_bind_in_dir(int dir, const char *name, int sock);
/*
 * Connects to an AF_UNIX stream socket, whatever the length of its path. `option` is its name in
 * messages. Reporting.
 */
must_check int connect_socket(const char *option, const char *path, int *ret);
/* Checks that a socket of that path exists, which will be connected to later. Reporting. */
must_check int connect_check(const char *option, const char *path);
/*
 * Makes an AF_UNIX stream socket that listens at path, whatever its length, which only our own user
 * can connect to (mode 0600). A socket of ours that nobody listens on any more is replaced.
 * Reporting.
 */
must_check int connect_listen(const char *option, const char *path, int *ret);
/*
 * --console-socket: connects and sends the master of the terminal immediately, in one message with
 * at least one byte and exactly one descriptor. Engines may accept at any time, even after tamis
 * has ended. conmon exits without showing our error if a connection brings no terminal. Reporting.
 */
must_check int connect_send_terminal(const char *path, int master);
/* --pidfd-socket: sends the descriptor there in one message. Reporting. */
must_check int connect_send_pidfd(const char *path, int pidfd);
/*
 * Writes pid as a decimal number without newline (go-runc and BuildKit expect that), atomically
 * replacing an existing file. Reporting.
 */
must_check int connect_pid_file(const char *path, pid_t pid);

#endif
