/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A recording: which system calls programs have made, with the values of those arguments that rules
 * of profiles are about. Its size is bounded, whatever a program does. As a file it is JSON Lines,
 * schema "tamis-recording/1":
 *
 *     {"schema":"tamis-recording/1","time":"2026-11-26T20:00:00Z","engine":"perf", ...}
 *     {"call":"socket","architecture":"SCMP_ARCH_X86_64","number":41,"program":"/bin/x", ...}
 *     {"exit":{"program":"/bin/x","code":0}}
 *     {"end":{"lost":0,"dropped":0}}
 *
 * A further run appends lines of its own. Counts of lines about one call are added up.
 */
#ifndef OBSERVE_RECORDING_H
#define OBSERVE_RECORDING_H

#include "base/io.h"
#include "base/lines.h"
#include "seccomp/arch.h"

struct strings; /* oci/decode.h */

#define RECORDING_SCHEMA "tamis-recording/1"

enum {
	RECORDING_VALUES_MAX = 16,   /* distinct values of an argument; more are "many" */
	RECORDING_CALLS_MAX = 16384, /* distinct calls, by program */
	/* beyond, calls that have a name are kept under the program "": all calls and values */
	RECORDING_ALL_MAX = 32768,
	RECORDING_PROGRAMS_MAX = 1024,	/* more are counted under the program "" */
	RECORDING_TEXT_MAX = 256 << 20, /* of a file that is read */
};

/* Distinct values of an argument; of what the kernel reads as 32 bits, the low 32. */
struct recording_values {
	uint8_t n;
	bool many; /* there are others, or they are not known */
	uint64_t v[RECORDING_VALUES_MAX];
};

/* How it is known that a program needs a call. */
enum recording_source {
	RECORDING_MADE,	   /* it was seen making it */
	RECORDING_DENIED,  /* it was seen trying it under a profile that denied it */
	RECORDING_ALLOWED, /* a profile that others recorded allows it; `program` is that file */
};

/* One call of one program. */
struct recording_call {
	enum abi abi;
	uint32_t nr;	  /* without the ABI's bit */
	int id;		  /* by syscall_at(); -1: no table has the number */
	uint32_t program; /* index in recording.programs */
	enum recording_source source;
	uint64_t count;
	bool at_least;		       /* there were more than `count` */
	bool assumed;		       /* it was let through unseen: it may not have been made */
	uint64_t first_ms;	       /* since the start of the run */
	struct recording_values *args; /* 6, or NULL: none that rules are about */
	/* private, of recording_write.c */
	uint64_t written;
	bool is_new, has_news;
};

/* One execution of the command that was recorded. */
struct recording_run {
	const char *time;   /* RFC 3339, or NULL */
	const char *engine; /* "perf", "notify", "strace", "audit", "denials", "profile" */
	const char *kernel, *machine, *image; /* NULL: not known */
	const char *container;		      /* its id, or NULL */
	bool attached; /* the processes ran before; what they did then is not known */
	const struct strings *command; /* NULL: not known */
	bool exact;		       /* no call was let through unseen */
	bool has_end;		       /* false: the recorder was killed */
	bool has_exit;
	int code, signal; /* how the command ended; signal 0: by code */
	uint64_t lost;	  /* calls that were not seen because the recorder was too slow */
	uint64_t dropped; /* calls beyond the limits above */
	const struct strings *uncertain; /* what else may be missing, in words; NULL: nothing */
};

struct recording {
	size_t n_runs;
	struct recording_run *runs;
	size_t n_programs;
	const char **programs; /* [0] is "": not known */
	size_t n_calls;
	struct recording_call *calls;
	uint64_t dropped;
	/* private */
	size_t room_runs, room_programs, room_calls;
	uint32_t *slots;
	uint8_t *interest; /* by id */
};

/* A call that was made `count` times. */
struct recording_event {
	enum abi abi;
	uint32_t nr;
	uint32_t program;
	const uint64_t *args; /* 6, or NULL: not known */
	uint64_t count;
	uint64_t first_ms;
	bool assumed; /* it may not have been made */
	enum recording_source source;
};

/* Makes an empty recording. Arena. */
void recording_init(struct recording *ret);
/* The index of a program, which is added if it is new. */
uint32_t recording_program(struct recording *r, const char *path);
/* Adds a run, of which the caller fills in more. Valid until the next one is added. */
struct recording_run *recording_add_run(struct recording *r, const char *engine);
/* Notes what may be missing in a run, in words, once. Arena. */
void recording_add_uncertain(struct recording_run *run, const char *what);
/*
 * Adds a call. Its program is "" where there are too many by program. NULL: it is beyond all limits
 * and was counted as dropped.
 */
struct recording_call *recording_add(struct recording *r, const struct recording_event *e);
/* Adds a value of an argument of a call. */
void recording_add_value(struct recording_call *c, unsigned int index, uint64_t value);
/* The call of that ABI and number in any program, if possible one that is not assumed; or NULL. */
const struct recording_call *recording_find(const struct recording *r, enum abi abi, uint32_t nr);
/* The call is made, by whatever program: it is no longer assumed. */
void recording_confirm(struct recording *r, enum abi abi, uint32_t nr);
/* Bit i is set if rules are about argument i of the call: the family of socket, the request of
 * ioctl. */
uint8_t recording_interest(const struct recording *r, enum abi abi, int id);

/*
 * Adds what a text says: a recording, the log of explained denials, what strace -f prints, or the
 * kernel's audit records about seccomp (type 1326), told apart by the content. name is for
 * messages. Reporting, with the text's line.
 */
must_check int recording_read_text(struct recording *r, const char *name, const struct text *text);

struct recording_writer {
	int fd;
	struct recording *recording;
};

/*
 * Opens or makes the file; what is in it must be recordings, to which `run` is appended, here or,
 * if it is NULL, by recording_write_begin(). An incomplete last line, which a crash has left, is
 * removed. before gets what the file says already; NULL: it is not wanted. Refused while another
 * process writes to it. Reporting.
 */
must_check int recording_write_open(const char *path, enum lines_link link,
				    const struct recording_run *run, struct recording *recording,
				    struct recording *before, struct recording_writer *ret);
/* Closes the file before its run has begun, and removes it if it is empty. */
void recording_write_abandon(struct recording_writer *w, const char *path);
/* Appends the first line of the run. Reporting. */
must_check int recording_write_begin(struct recording_writer *w, const struct recording_run *run);
/*
 * Appends what is new: calls and values at once, counts when they have doubled, so that the file
 * stays small. all: all counts. What fails is appended by the next call. Reporting.
 */
must_check int recording_write_news(struct recording_writer *w, bool all);
/* Appends how the command ended, and the end of the run. Closes the file. Reporting. */
must_check int recording_write_end(struct recording_writer *w, const char *program,
				   const struct recording_run *run);

/* Whether the text is what strace prints, has audit records of seccomp, or is a log of denials. */
bool recording_strace_is(const struct text *text);
bool recording_audit_is(const struct text *text);
bool recording_denials_is(const struct text *text);
/* Adds the calls of such a text. Reporting. */
must_check int recording_strace_read(struct recording *r, const char *name,
				     const struct text *text);
must_check int recording_audit_read(struct recording *r, const char *name, const struct text *text);
must_check int recording_denials_read(struct recording *r, const char *name,
				      const struct text *text);

#endif
