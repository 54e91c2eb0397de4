/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Examines a profile for mistakes. What a rule does is never judged from its text but by the
 * verdicts with and without it. Example:
 *
 *     struct check_run c = { .name = "p.json", .kind = CHECK_OCI, .profile = &profile, ... };
 *
 *     check_all(&c);
 *     for (size_t i = 0; i < c.found.n; i++)
 *             ... c.found.v[i].text
 */
#ifndef SECCOMP_CHECK_H
#define SECCOMP_CHECK_H

#include "base/base.h"
#include "seccomp/findings.h"
#include "seccomp/policy.h"
#include "seccomp/profile.h"
#include "seccomp/verdicts.h"

struct text;

enum check_kind {
	CHECK_OCI,     /* linux.seccomp or an engine's format: for a container */
	CHECK_SPO,     /* SeccompProfile of Kubernetes: for a container */
	CHECK_OTHER,   /* formats of other programs, which load the filter in their own way */
	CHECK_BUILTIN, /* a table of ours: for a container */
	CHECK_PROGRAM, /* BPF */
};

/* The engine that is to read the file: "kubernetes" is containerd with a Localhost profile. */
enum check_target { CHECK_ANYWHERE, CHECK_KUBERNETES, CHECK_DOCKER, CHECK_PODMAN };

/* What is examined; all but `found` is the caller's. */
struct check_run {
	const char *name;
	enum check_kind kind;
	enum check_target target;
	const struct json *root; /* the object that has the rules; NULL: not JSON */
	const struct text *text; /* of formats that are not JSON, for remarks in it; or NULL */
	const struct profile *profile; /* NULL: a program */
	struct profile_facts facts;
	struct canon *canon;
	const struct verdicts *verdicts;
	struct findings found;
};

/* Makes all checks; the findings are in the order of the file. */
void check_all(struct check_run *c);

/* --- one concern each; check_all() calls them --- */

void check_names(struct check_run *c);	   /* of calls, capabilities, architectures, keys */
void check_rules(struct check_run *c);	   /* that have no effect */
void check_args(struct check_run *c);	   /* conditions on arguments */
void check_families(struct check_run *c);  /* calls that belong together, or pass others by */
void check_essential(struct check_run *c); /* what every program needs */
void check_age(struct check_run *c);	   /* architectures, newer calls */
void check_actions(struct check_run *c);   /* errors, agents, tracers */
void check_dangers(struct check_run *c);   /* calls that attacks have used */
void check_engines(struct check_run *c);   /* what the target drops of the file */
void check_allow(struct check_run *c);	   /* remarks that allow findings; the last */

/* --- for the checks --- */

/* How many cubes of a decision are looked at: those of a real profile are fewer. */
enum { CHECK_CUBES_MAX = 4096 };
/* Whether the filter is for a container's program and loaded before that is executed. */
bool check_is_container(const struct check_run *c);
/* Whether it allows at least 100 calls: it is not made for one program alone. */
bool check_is_general(const struct check_run *c);
/* The decision about a call; false if it has no number on that ABI. */
bool check_decision(const struct check_run *c, enum abi abi, unsigned int id, canon_ref *ret);
/* Whether all calls of that decision are carried out, or none. */
bool check_allows(const struct check_run *c, canon_ref decision);
bool check_denies(const struct check_run *c, canon_ref decision);
/* Whether an ABI with a table of ours is decided by rules of the profile. */
bool check_has_abi(const struct check_run *c, enum abi abi);
/* Whether the default denies: calls that the profile does not name are not carried out. */
bool check_default_denies(const struct check_run *c);
/* The first rule in force that names the call and, with `lets`, lets it through; NULL: none. The
 * index of the name goes to *ret_name. */
const struct rule *check_rule_of(const struct check_run *c, unsigned int id, bool lets,
				 size_t *ret_name);
/* The node of a name of a rule, or the rule's; NULL if the format is not JSON. */
const struct json *check_name_node(const struct rule *rule, size_t name);
/* Adds a finding about a call: at its name in the rule that check_rule_of() finds, else the whole.
 */
struct finding *check_add_call(struct check_run *c, enum finding_code code, unsigned int id,
			       bool lets, const char *text);
/* Adds a finding about a rule, or about a name of it. */
struct finding *check_add_rule(struct check_run *c, enum finding_code code, const struct rule *rule,
			       const char *text);
/* "ERRNO(EPERM)", in the arena. */
const char *check_action(uint32_t action);
/* The verdicts of another profile for the same machine; false if it has none. */
bool check_verdicts(const struct check_run *c, const struct profile *profile, bool compat_runc,
		    struct verdicts *ret);
/* "a, b, c and 4 more": names of calls, collected one by one. */
struct check_list {
	unsigned int n;
	const char *text;
};
void check_list_add(struct check_list *list, const char *word);
const char *check_list_text(const struct check_list *list);

#endif
