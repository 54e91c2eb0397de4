/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Explains why a profile denies a call, and which rule would allow it. Example:
 *
 *	r = denial_profile_read("config.json", &text, &program, &facts, &profile);
 *	if (r == 0)
 *		denial_explain(&profile, &call->data, &denial);
 */
#ifndef OBSERVE_DENIAL_H
#define OBSERVE_DENIAL_H

#include "base/base.h"
#include "seccomp/emit.h"
#include "seccomp/policy.h"
#include "seccomp/profile.h"

struct text;

/* What a container was made with. */
struct denial_profile {
	/* the filter of the profile: what it answers; len 0: what the policy says */
	struct bpf_program program;
	struct profile profile; /* for the reasons */
	const struct policy *policy;
	struct profile_facts facts;
};

enum denial_reason {
	DENIAL_RULE,	/* a rule names the call */
	DENIAL_DEFAULT, /* no rule matches: the default action */
	DENIAL_UNKNOWN, /* newer than every call that the profile names, or in no table: ENOSYS */
	DENIAL_ARCHITECTURE, /* the profile does not list the architecture */
	DENIAL_PROGRAM,	     /* the filter of an annotation, beside the profile */
	DENIAL_NOTIFY, /* a rule with SCMP_ACT_NOTIFY, or another filter: see denial_notified() */
};

/* Their words in the log of denials. */
extern const struct name denial_reasons[];

struct denial {
	struct seccomp_data call;
	enum abi abi;	 /* ABI_COUNT: of no known architecture */
	uint32_t number; /* without the bit of x32 */
	int id;		 /* by syscall_id(); -1: in no table */
	uint32_t answer; /* SECCOMP_RET_* with its data */
	enum denial_reason reason;
	uint8_t deciding;  /* bit i: the answer, or the rule below, depends on argument i */
	const char *place; /* of the rule or the default action; NULL: none */
	/*
	 * The rule that allows this call and least beside it, in the format of linux.seccomp; NULL:
	 * adding a rule is not enough, see `remove`
	 */
	const struct rule *allow;
	const char *policy; /* the words of the policy that gave the answer (DENIAL_NOTIFY) */
	bool is_sigkill;    /* the process gets SIGKILL in place of the answer */
	bool remove; /* the rule at `place` has to go, because it is stricter or comes first */
};

/*
 * Reads the profile: `name` is "default" (text NULL: the built-in profile) or the name of the file
 * that `text` is from, a config.json or a profile. Both must live as long as *ret. program: the
 * filter that was made from it. Reporting.
 */
must_check int denial_profile_read(const char *name, const struct text *text,
				   const struct bpf_program *program,
				   const struct profile_facts *facts, struct denial_profile *ret);
struct json;
/*
 * As denial_profile_read(), from a JSON node and without a program: `seccomp` is a linux.seccomp
 * that `name` is the place of. Reporting.
 */
must_check int denial_profile_decode(const char *name, const struct json *seccomp,
				     const struct profile_facts *facts, struct denial_profile *ret);
/* What the profile answers, SECCOMP_RET_* with its data. Cheap. */
uint32_t denial_answer(const struct denial_profile *p, const struct seccomp_data *call);
/* Returns the arguments on which the answer depends: bit i is argument i. p may be NULL. Cheap.
 */
uint8_t denial_deciding(const struct denial_profile *p, const struct seccomp_data *call);
/* Explains a call that the program denies. Uses the arena. */
void denial_explain(const struct denial_profile *p, const struct seccomp_data *call,
		    struct denial *ret);
/*
 * Describes a call that was notified without being denied by a profile that is known (p may be
 * NULL), and that a policy answered. Uses the arena.
 */
void denial_notified(const struct denial_profile *p, const struct seccomp_data *call,
		     uint32_t answer, const char *policy, struct denial *ret);
/*
 * What the rule of d->allow opens: "files: names, contents and attributes of files; ...". In the
 * arena.
 */
const char *denial_opens(const struct denial *d);
/* Whether an argument is the address of a string that names something: a path, a file system. */
bool denial_is_string(const struct denial *d, unsigned int index);

#endif
