/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tamis-systemd: makes the request of cgroup/systemd.h to systemd. So the runtime itself, which is
 * linked statically and runs beside the container, contains no D-Bus code. After `start` the
 * process stays in the scope until it is told to leave.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/io.h"
#include "base/msg.h"
#include "cgroup/systemd.h"
#include "cmd/systemd/request.h"
#include "cmd/systemd/unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ANSWER = STDOUT_FILENO };

static int act(const char **ret_path)
{
	struct request request;
	struct text text;
	struct unit *unit;
	int r = io_read_all(STDIN_FILENO, SYSTEMD_REQUEST_MAX, &text);

	r = r < 0 ? fail(-r, "request: cannot be read") : request_parse(&text, &request);
	if (r >= 0)
		r = unit_connect(&request, &unit);
	if (r < 0)
		return r;
	switch (request.verb) {
	case VERB_START:
		return unit_start(unit, ret_path);
	case VERB_UPDATE:
		return unit_update(unit);
	case VERB_STOP:
		return unit_stop(unit);
	}
	return fail(0, "request: no such verb");
}

int main(int argc, char **argv)
{
	struct msg *leave = arena_alloc(sizeof(*leave));
	const char *path = NULL;
	struct stat st;

	if (argc > 1 || fstat(ANSWER, &st) < 0 || !S_ISSOCK(st.st_mode)) {
		fprintf(stderr, "%s is run by tamis, see tamis(8)\n", argc ? argv[0] : "it");
		return EXIT_FAILURE;
	}
	int r = act(&path);

	if (r < 0)
		r = msg_send(ANSWER, SYSTEMD_FAILED, r, err_message(), NULL, 0);
	else
		r = msg_send(ANSWER, SYSTEMD_DONE, 0, path, NULL, 0);
	/* end of file on the socket has the same effect */
	if (r == 0 && path && msg_recv(ANSWER, leave) < 0)
		r = -1;
	return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
