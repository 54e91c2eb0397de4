/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The log of a bisect, by which one that was interrupted goes on. JSON Lines, schema
 * "tamis-bisect/1":
 *
 *     {"schema":"tamis-bisect/1","profile":"docker","filter":"...","answer":"ERRNO(EPERM)",...}
 *     {"trial":1,"deny":["mkdir","mkdirat"],"passed":true,"end":"exit","code":0,"ms":12}
 *
 * What an earlier trial denied with success is denied in all later ones, too. The trials follow
 * from the first line and the results before, so that the lines are the same when they are made
 * again.
 */
#ifndef CMD_SECCOMP_BISECT_LOG_H
#define CMD_SECCOMP_BISECT_LOG_H

#include "base/io.h"
#include "observe/trial.h"
#include "oci/json_lines.h"

#define BISECT_LOG_SCHEMA "tamis-bisect/1"

struct bisect_log {
	const char *path; /* NULL: there is no log */
	int fd;
	struct json_lines lines; /* of trials that have been made */
};

/*
 * Opens or makes the log. head: its first line. Refused if the file has another one, and while
 * another process writes to it. path NULL: nothing is kept. Reporting.
 */
must_check int bisect_log_open(const char *path, const struct text *head, struct bisect_log *ret);
/*
 * The result of the next trial, which denies the calls with these ids, if the log has it: returns
 * 1, else 0. Reporting: the log has another trial there.
 */
must_check int bisect_log_next(struct bisect_log *log, const unsigned int *ids, size_t n,
			       struct trial_result *ret);
/* Appends the result of a trial. Reporting. */
must_check int bisect_log_add(struct bisect_log *log, unsigned int trial, const unsigned int *ids,
			      size_t n, const struct trial_result *result);
/* "exit code 3", "signal 31", "no end within 5000 ms". Arena. */
const char *bisect_log_words(const struct trial_result *result);

#endif
