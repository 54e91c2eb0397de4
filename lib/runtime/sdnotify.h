/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Readiness of a service (sd_notify(3), Type=notify). The program reports readiness on a socket
 * that we made, and we report it to the service manager. The manager accepts messages from its main
 * process, which we are, and not from processes in a container.
 */
#ifndef RUNTIME_SDNOTIFY_H
#define RUNTIME_SDNOTIFY_H

#include "base/base.h"

#include <sys/types.h>

/* Returns NOTIFY_SOCKET as the manager set it, or NULL. */
const char *sdnotify_host(void);
/*
 * Makes a datagram socket, not yet bound, for init and for the command that serves it. Reporting.
 */
must_check int sdnotify_socket(int *ret);
/*
 * Receives one message and forwards those lines that a container may send. Returns 1 if the message
 * says "ready", and then sends mainpid, too (0: none); 0 for another message; -EAGAIN if there is
 * none. Silent.
 */
int sdnotify_forward(int sock, pid_t mainpid);
/* Forwards messages until the program is ready or the process of pidfd has ended. Reporting. */
must_check int sdnotify_await(int sock, int pidfd, pid_t mainpid);

#endif
