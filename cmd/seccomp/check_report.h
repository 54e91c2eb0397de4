/* SPDX-License-Identifier: Apache-2.0 */
/* The findings of `check` in each form of output. */
#ifndef CMD_SECCOMP_CHECK_REPORT_H
#define CMD_SECCOMP_CHECK_REPORT_H

#include "base/base.h"
#include "seccomp/findings.h"

/* Of one profile. */
struct check_result {
	const char *name; /* as the user wrote it */
	struct findings found;
};

/* Where a finding is. */
struct check_place {
	const char *file;
	size_t line, column;
};

/* Its place; the profile's first line if it is about the whole. */
struct check_place check_report_place(const struct check_result *result,
				      const struct finding *finding);
/* Whether it counts for the exit code: a warning or an error that no remark allows. */
bool check_report_counts(const struct finding *finding);

/* For people. notes: print notes and allowed findings as well. */
void check_report_text(const struct check_result *results, size_t n, bool notes);
/* A table to paste into a review. */
void check_report_markdown(const struct check_result *results, size_t n, bool notes);
/* Schema tamis-seccomp-check/1. */
void check_report_json(const struct check_result *results, size_t n);
/* SARIF 2.1.0. */
void check_report_sarif(const struct check_result *results, size_t n);
/* What a code means. */
void check_report_explain(enum finding_code code);

#endif
