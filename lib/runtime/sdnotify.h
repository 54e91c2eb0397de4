/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Readiness of a service (sd_notify(3), Type=notify). The program says that it is ready on a socket
 * of ours, and we say it to the service manager, who believes its main process (us) and nobody in a
 * container.
 */
#ifndef RUNTIME_SDNOTIFY_H
#define RUNTIME_SDNOTIFY_H

#include "base/base.h"

#include <sys/types.h>

/* NOTIFY_SOCKET as the manager gave it to us, or NULL. */
const char *sdnotify_host(void);
/* A datagram socket that is not bound yet, for init and for who serves it. Reporting. */
must_check int sdnotify_socket(int *ret);
/* Takes one message and passes on what a container may say. 1: it was "ready", and mainpid (0:
 * none) is told, too; 0: another; -EAGAIN: there is none. Silent. */
int sdnotify_forward(int sock, pid_t mainpid);
/* Forwards until it is ready, or the process of pidfd has ended. Reporting. */
must_check int sdnotify_await(int sock, int pidfd, pid_t mainpid);

#endif
