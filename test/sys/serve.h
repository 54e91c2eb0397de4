/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the programs that act like engines: exit with an error, listen, accept. */
#ifndef TEST_SYS_SERVE_H
#define TEST_SYS_SERVE_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int die(const char *what)
{
	perror(what);
	exit(1);
}

/* Makes a stream socket that listens at path, then creates the file `ready`. */
__attribute__((unused)) static int serve_listen(const char *path, const char *ready)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", path);
	if (sock < 0 || bind(sock, (struct sockaddr *)&addr, sizeof(addr)) || listen(sock, 4))
		die(path);
	close(open(ready, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	return sock;
}

__attribute__((unused)) static int serve_accept(int sock)
{
	int conn = accept4(sock, NULL, NULL, SOCK_CLOEXEC);

	if (conn < 0)
		die("accept");
	return conn;
}

#endif
