/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Findings about a profile: what can be found, and a list of what was found. Example:
 *
 *     findings_add(found, FINDING_shadowed_rule, rule->at, "setns: ERRNO(EPERM) has no effect");
 */
#ifndef SECCOMP_FINDINGS_H
#define SECCOMP_FINDINGS_H

#include "base/base.h"

struct json;
struct rule;

enum finding_code {
#define FINDING(name, ...) FINDING_##name,
#include "seccomp/findings.inc"
	FINDING_COUNT,
};

enum severity { SEVERITY_NOTE, SEVERITY_WARNING, SEVERITY_ERROR };

/* A row of findings.inc. */
struct finding_kind {
	const char *code; /* "shadowed-rule" */
	enum severity severity;
	const char *title, *why, *fix;
};

struct finding {
	enum finding_code code;
	enum severity severity; /* of its kind, or lower */
	const struct json *at;	/* where; NULL: `place` */
	const char *place;	/* "p.policy:12" for formats that are not JSON; NULL: the whole */
	const char *text;	/* "setns: ERRNO(EPERM) has no effect" */
	const char *allowed;	/* the reason that a comment of the profile gives; NULL: none */
	/* Nodes whose removal mends it without a change of the meaning, and one whose text is
	 * replaced. */
	size_t n_remove;
	const struct json *const *remove;
	const struct json *replace;
	const char *replacement; /* JSON text */
};

enum { FINDINGS_MAX = 1000 };

struct findings {
	size_t n, room;
	struct finding *v;
	bool cut; /* there are more than FINDINGS_MAX */
};

/* The row of a code; the code of that name, or FINDING_COUNT. */
const struct finding_kind *findings_kind(enum finding_code code);
enum finding_code findings_find(const char *code);
/* The name that may have been meant, or NULL. */
const char *findings_like(const char *code);
/* "warning" */
const char *findings_severity(enum severity severity);
/* Adds one and returns it for more to be set; never NULL. text must live as long as the list. */
struct finding *findings_add(struct findings *f, enum finding_code code, const struct json *at,
			     const char *text);
/* Sorts them in the order of the file. */
void findings_sort(struct findings *f);

#endif
