/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looks into a process that is stopped in a system call: which program it is, where the call was
 * made, and what its pointers point to. The process is hostile. Its memory may be served by a FUSE
 * file system or by userfaultfd(2), so that a read never returns; its texts may be of any length
 * and have any bytes. So a child process reads, with a time limit. Example:
 *
 *     struct reader reader;
 *     struct reader_facts facts;
 *     const struct reader_wish wish = { .tid = notification.pid, .ip = notification.data... };
 *
 *     int r = reader_start(&reader);
 *     if (r >= 0)
 *             r = reader_ask(&reader, &wish, 100, &facts);
 *     printable_text(facts.program.data, facts.program.n, 40)
 *
 * Whether the process is still the one of the notification must be asked afterwards
 * (SECCOMP_IOCTL_NOTIF_ID_VALID): the thread may have ended and its number been given away.
 */
#ifndef OBSERVE_READER_H
#define OBSERVE_READER_H

#include "base/base.h"

#include <sys/types.h>

enum { READER_POINTERS = 6, READER_TEXT_MAX = 256, READER_STUCK_MAX = 12 };

enum reader_kind {
	READER_PATH,  /* a string up to its NUL; `size` is ignored */
	READER_BYTES, /* `size` bytes */
};

struct reader_wish {
	pid_t tid;   /* the thread, in our PID namespace */
	uint64_t ip; /* the address behind the instruction that made the call */
	size_t n_pointers;
	struct {
		uint64_t address;
		enum reader_kind kind;
		uint32_t size;
	} pointers[READER_POINTERS];
};

enum reader_state {
	READER_UNREADABLE, /* and n is 0 */
	READER_WHOLE,
	READER_CUT, /* there is more, or the rest cannot be read */
};

/* Bytes from the process. Print them by printable_text() only. */
struct reader_text {
	uint16_t state; /* enum reader_state */
	uint16_t n;
	unsigned char data[READER_TEXT_MAX];
};

/* No pointers, so that it can be sent. What is not known is READER_UNREADABLE or 0. */
struct reader_facts {
	pid_t pid;		    /* of the process that the thread is of */
	struct reader_text program; /* the file that runs: /proc/PID/exe */
	struct reader_text comm;    /* the name of the process: that of its first thread */
	struct reader_text thread;  /* the name of the thread */
	/* where the call was made: the mapped file, its name in maps ("[vdso]"), or no bytes for
	 * memory without a file, such as the code that a JIT compiler has made */
	struct reader_text file;
	uint64_t offset;	   /* of the call in that file */
	struct reader_text symbol; /* the exported function that contains the call */
	uint64_t symbol_offset;	   /* of the call in that function */
	struct reader_text pointers[READER_POINTERS];
};

struct reader {
	int sock, pidfd;  /* of the child; -1: there is none */
	uint64_t used_us; /* processor time of the last reader_ask(), as far as it was reported */
	size_t n_stuck;
	int stuck[READER_STUCK_MAX]; /* pidfds of killed children that have not ended yet */
};

/* Starts the child. Returns 0 or -errno. Silent. */
must_check int reader_start(struct reader *r);
/*
 * Lets the child read. *facts gets everything that could be read in timeout_ms; the pointers are
 * read last. Returns 0, or -errno:
 *   -ETIMEDOUT: a read blocks. The child was killed.
 *   -EBUSY: READER_STUCK_MAX killed children still wait in the kernel for memory of the
 *     container, where SIGKILL does not end them. Nothing was read.
 *   -EIO: the child ended by itself.
 * After each of these the next call starts a new child. Silent.
 */
must_check int reader_ask(struct reader *r, const struct reader_wish *wish, int timeout_ms,
			  struct reader_facts *facts);
/* Returns how many killed children still wait for memory of a container. */
size_t reader_count_stuck(struct reader *r);
/* Ends the child. Children that are stuck end when the container's memory answers. */
void reader_stop(struct reader *r);

#endif
