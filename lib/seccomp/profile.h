/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A profile in memory, independent of its file format: plain rules without conditions on
 * capabilities, architectures or kernels.
 */
#ifndef SECCOMP_PROFILE_H
#define SECCOMP_PROFILE_H

#include "base/base.h"
#include "oci/words.h"
#include "seccomp/arch.h"

struct json;

struct condition {
	uint8_t index; /* number of the argument, 0 to 5 */
	enum seccomp_op op;
	uint64_t value, value_two; /* MASKED_EQ: (argument & value) == value_two */
};

/* One element of "syscalls". */
struct rule {
	uint32_t action; /* SECCOMP_RET_* with its data, as the kernel takes it */
	uint32_t index;	 /* index of the element in the file, for profile_rule_place() */
	uint32_t n_names;
	const char *const *names; /* as written; may be unknown */
	uint32_t n_conditions;
	/* all must hold; for two about the same argument see clauses.c */
	const struct condition *conditions;
	const char *place;     /* "p.policy:12", for formats without syscalls[index]; else NULL */
	const struct json *at; /* the JSON object that it was read from; NULL: none */
};

struct profile {
	const char *place;	 /* "linux.seccomp" or the name of the file, for messages */
	uint32_t default_action; /* SECCOMP_RET_* with its data */
	size_t n_abis;		 /* the listed ones; filter_compile() adds the native one */
	enum abi abis[ABI_COUNT];
	bool set_flags; /* "flags" is present, even if empty */
	uint32_t flags; /* SECCOMP_FILTER_FLAG_* */
	const char *listener_path, *listener_metadata;
	size_t n_rules;
	const struct rule *rules;
	/*
	 * Of other programs than container runtimes (systemd, minijail, seccompiler): every number
	 * that no rule names gets the default action, also one that is newer than the profile or in
	 * no table, and number -1.
	 */
	bool is_plain;
	uint32_t other_arch; /* is_plain: the action for architectures that are not listed */
	uint32_t other_x32;  /* is_plain: that for x32's numbers if x32 is not listed */
};

/* Facts that the rules of a profile file may depend on. */
struct profile_facts {
	uint64_t caps;	 /* the container's bounding set: bit n is capability n */
	enum abi native; /* of the kernel, by arch_by_machine() */
	unsigned int kernel_major, kernel_minor;
	bool compat_runc; /* ignore an errno that has no effect */
};

struct seccomp_spec; /* linux.seccomp, in oci/config.h */
struct json;
/* Returns "linux.seccomp.syscalls[3].names[7]", in the arena, or the rule's own place. */
const char *profile_rule_place(const struct profile *profile, const struct rule *rule, size_t name);

/* Where the rule as a whole is: "p.json:8: syscalls[2]". In the arena. */
const char *profile_rule_where(const struct profile *profile, const struct rule *rule);
/* Whether the rule names the call. */
bool profile_rule_names(const struct rule *rule, const char *call);
/*
 * The first rule without conditions that names the call and does not only repeat the default: of
 * all rules without conditions it is the one that counts. NULL: there is none.
 */
const struct rule *profile_rule_fixed(const struct profile *profile, const char *call);

/* Whether the default action or a rule is NOTIFY. */
bool profile_notifies(const struct profile *profile);

/* Whether the n conditions of both are the same, in the same order. */
bool profile_conditions_equal(const struct condition *a, const struct condition *b, uint32_t n);
/* Whether two conditions are about one argument: then one of all is enough (clauses.c). */
bool profile_rule_repeats_index(const struct rule *rule);

struct jsonw;

/* Writes the member "args" of a rule. */
void profile_write_args(struct jsonw *w, const struct condition *conditions, uint32_t n);
/* Writes a rule as an object in the format of linux.seccomp. */
void profile_write_rule(struct jsonw *w, const struct rule *rule);
/* Writes the profile as an object in the format of linux.seccomp (runtime-spec). */
void profile_write(struct jsonw *w, const struct profile *profile);

#endif
