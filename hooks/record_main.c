/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tamis-record: records which system calls a container makes. `tamis create` executes it
 * (lib/runtime/recorded.c says with which descriptors), or a runtime does, as an OCI hook
 * (hooks/record_hook.c).
 */
#include "base/err.h"
#include "base/msg.h"
#include "hooks/record.h"
#include "hooks/record_hook.h"
#include "oci/decode.h"
#include "runtime/recorded.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

static bool is_run_by_tamis(int argc)
{
	struct stat st;

	return argc > RECORDED_COMMAND && fstat(RECORDED_ANSWER, &st) == 0 && S_ISSOCK(st.st_mode);
}

static void answer(int r)
{
	(void)!msg_send(RECORDED_ANSWER, r < 0 ? RECORDED_FAILED : RECORDED_READY, 0,
			r < 0 ? err_message() : NULL, NULL, 0);
}

static int run_for_tamis(int argc, char **argv)
{
	const struct strings command = { (size_t)(argc - RECORDED_COMMAND),
					 argv + RECORDED_COMMAND };
	const struct record_job job = {
		.id = argv[RECORDED_ID],
		.file = argv[RECORDED_FILE],
		.image = *argv[RECORDED_IMAGE] ? argv[RECORDED_IMAGE] : NULL,
		.command = &command,
		.init = RECORDED_INIT,
		.sock = RECORDED_SOCKET,
	};
	struct recording recording;

	recording_init(&recording);
	int r = strcmp(argv[RECORDED_PHASE], "check") == 0 ? record_check(&job)
							   : record_begin(&job, &recording);

	answer(r);
	shutdown(RECORDED_ANSWER, SHUT_RDWR);
	if (r >= 0 && strcmp(argv[RECORDED_PHASE], "record") == 0) {
		r = record_run(&job);
		if (r < 0)
			record_log_error(&job);
	}
	return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a limit of the caller's on the size of the file */
	signal(SIGCHLD, SIG_DFL);
	return is_run_by_tamis(argc) ? run_for_tamis(argc, argv) : record_hook(argc, argv);
}
