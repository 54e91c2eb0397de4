/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file of a FUSE server that can be opened, and whose reads (FUSE_READ) and closes (FUSE_FLUSH)
 * never get an answer.
 */
#ifndef TEST_UNIT_FUSE_FILE_H
#define TEST_UNIT_FUSE_FILE_H

#include "base/base.h"
#include "base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

static void fuse_reply(int fuse, uint64_t unique, const void *body, size_t n)
{
	struct {
		struct fuse_out_header head;
		char body[256];
	} out = { .head = { .len = (uint32_t)(sizeof(out.head) + n), .unique = unique } };

	memcpy(out.body, body, n);
	if (write(fuse, &out, out.head.len) < 0 && errno != ENOENT)
		_exit(1);
}

no_return static void fuse_serve(int fuse)
{
	static union {
		struct fuse_in_header head;
		char bytes[FUSE_MIN_READ_BUFFER + (1 << 17)];
	} in;
	const struct fuse_init_out init = { .major = FUSE_KERNEL_VERSION,
					    .minor = 31,
					    .max_write = 4096 };
	const struct fuse_open_out opened = { .fh = 1 };
	const struct fuse_attr_out attr = {
		.attr = { .ino = 1, .mode = S_IFREG | 0644, .nlink = 1, .size = 1 << 20 }
	};

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (read(fuse, &in, sizeof(in)) > 0) {
		if (in.head.opcode == FUSE_INIT)
			fuse_reply(fuse, in.head.unique, &init, sizeof(init));
		else if (in.head.opcode == FUSE_OPEN)
			fuse_reply(fuse, in.head.unique, &opened, sizeof(opened));
		else if (in.head.opcode == FUSE_GETATTR)
			fuse_reply(fuse, in.head.unique, &attr, sizeof(attr));
	}
	_exit(0);
}

/*
 * Mounts the file over path, in a mount namespace of our own, and returns it, and its server in
 * *ret_server; -1 if that is not possible.
 */
static int fuse_open(const char *path, pid_t *ret_server)
{
	autofd fuse = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	char options[64];

	*ret_server = -1;
	snprintf(options, sizeof(options), "fd=%d,rootmode=100000,user_id=0,group_id=0", fuse);
	if (fuse < 0 || unshare(CLONE_NEWNS) < 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("served", path, "fuse", 0, options) < 0)
		return -1;
	*ret_server = fork();
	if (*ret_server == 0)
		fuse_serve(fuse);
	struct stat st;
	autofd fd = open(path, O_RDONLY | O_CLOEXEC);

	/* asks the server for the size */
	return fd < 0 || fstat(fd, &st) < 0 ? -1 : take_fd(&fd);
}

#endif
