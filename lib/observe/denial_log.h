/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The log of denied calls that --explain-denials writes: JSON Lines, of two kinds.
 *
 *     {"schema":"tamis-denial/1","id":1,"container":"web","call":"mkdir",...}
 *     {"schema":"tamis-denial-counts/1","container":"web","counts":[{"id":1,"count":57}],...}
 *
 * A line of the first kind is written when a call is denied that was not denied so before, one of
 * the second kind from time to time; its last one counts. A third kind (tamis-denial-agent/1) says
 * that the writer was killed. An id is of one run of a container; a file may hold several runs and
 * containers. A line may be cut, or be mixed with another. The writer has made the texts printable,
 * but whoever else could write the file has not: print them by printable_again().
 */
#ifndef OBSERVE_DENIAL_LOG_H
#define OBSERVE_DENIAL_LOG_H

#include "base/base.h"
#include "base/io.h"
#include "base/names.h"

enum { DENIAL_LOG_BYTES_MAX = 64 << 20, DENIAL_LOG_RULES_MAX = 4 };

enum denial_log_reason {
	DENIAL_LOG_OTHER, /* the log does not say, or something new */
	DENIAL_LOG_RULE,
	DENIAL_LOG_DEFAULT,
	DENIAL_LOG_UNKNOWN, /* newer than the profile: ENOSYS, for which C libraries have another
			       call */
	DENIAL_LOG_ARCHITECTURE,
	DENIAL_LOG_PROGRAM, /* a filter beside the profile, of an annotation */
	DENIAL_LOG_NOTIFY,  /* a rule with SCMP_ACT_NOTIFY, answered by a policy of the agent */
};

/* Their words; "other" is not in the log. */
extern const struct name denial_log_reasons[];

struct denial_log_arg {
	const char *name, *value, *text; /* "" if the log does not say; text may be "" */
};

/*
 * A denied call of one program at one place. Strings are "" if the log does not say; all are in the
 * arena.
 */
struct denial_log_entry {
	const char *container, *program, *thread, *architecture, *call;
	uint64_t number;
	size_t n_args;
	struct denial_log_arg args[6]; /* of the first such call */
	const char *answer, *error;    /* "SCMP_ACT_ERRNO", "EPERM" */
	enum denial_log_reason reason;
	const char *place;  /* of the rule that denied it */
	const char *given;  /* "SIGKILL" if that was given in place of the answer */
	const char *policy; /* that gave the answer (DENIAL_LOG_NOTIFY) */
	/* of the call in the program; the address if there is no file */
	const char *file, *offset, *symbol, *address;
	size_t n_rules; /* that would allow it, as JSON of one line */
	const char *rules[DENIAL_LOG_RULES_MAX];
	const char *remove; /* the call that must be taken out of the rule that denies it, or "" */
	const char *opens;  /* what the first rule opens */
	const char *time;   /* of the first such call */
	size_t n_kinds;	    /* lines of the log: such calls with other deciding arguments */
	uint64_t count;	    /* at least; exactly if is_counted */
	uint64_t n_sigkill; /* of these, those that got SIGKILL in place of the answer */
	bool is_counted;
	bool has_end, has_survived; /* whether the program lived on, if the log says it */
};

struct denial_log {
	size_t n; /* the most frequent first */
	struct denial_log_entry *v;
	size_t n_lines, n_damaged; /* lines that are not of this form, and parts of lines */
	size_t n_left_out;	   /* lines beyond the limits of this reader */
	uint64_t n_unlogged;	   /* denials that were too many for the log */
	uint64_t n_unwritten;	   /* kinds whose line could not be written */
	bool is_open;		   /* a run has not ended, or its end is not in the log */
	const char *lost;	   /* why the writer ended before a container; NULL: it did not */
};

/*
 * Reads the text of a log. container: only denials of that one; NULL: of all. It always succeeds:
 * what cannot be understood is counted.
 */
void denial_log_parse(const struct text *text, const char *container, struct denial_log *ret);

#endif
