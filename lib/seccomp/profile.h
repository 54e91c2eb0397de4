/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A profile in memory, from every format: plain rules, all conditions on capabilities,
 * architectures and kernels resolved.
 */
#ifndef SECCOMP_PROFILE_H
#define SECCOMP_PROFILE_H

#include "base/base.h"
#include "seccomp/arch.h"

enum op { OP_NE = 1, OP_LT, OP_LE, OP_EQ, OP_GE, OP_GT, OP_MASKED_EQ };

struct condition {
	uint8_t index; /* 0..5 */
	enum op op;
	uint64_t value, value_two; /* MASKED_EQ: (arg & value) == value_two */
};

/* One object of "syscalls". */
struct rule {
	uint32_t action; /* SECCOMP_RET_* with its data, as the kernel takes it */
	uint32_t index;	 /* of the object in the file, for profile_rule_place() */
	uint32_t n_names;
	const char *const *names; /* as written; may be unknown */
	uint32_t n_conditions;
	const struct condition *conditions; /* all must hold; repeated index: see policy */
};

struct profile {
	const char *place;	 /* "linux.seccomp" or the file's name, for messages */
	uint32_t default_action; /* SECCOMP_RET_* with its data */
	size_t n_abis; /* as listed; the native one is added by filter_compile if it is absent */
	enum abi abis[ABI_COUNT];
	bool set_flags; /* "flags" was present, even if empty */
	uint32_t flags; /* SECCOMP_FILTER_FLAG_* */
	const char *listener_path, *listener_metadata;
	size_t n_rules;
	const struct rule *rules;
};

/* What a profile may depend on. */
struct profile_facts {
	uint64_t caps;	 /* the container's bounding set: bit n is capability n */
	enum abi native; /* of the kernel: arch_by_machine() */
	unsigned int kernel_major, kernel_minor;
	bool compat_runc; /* an errno where it means nothing is passed over */
};

struct seccomp_spec; /* linux.seccomp, oci/config.h */
/* "linux.seccomp.syscalls[3].names[7]", in the arena. */
const char *profile_rule_place(const struct profile *profile, const struct rule *rule, size_t name);

struct jsonw;

/* The profile as an object in the form of linux.seccomp (runtime-spec). */
void profile_write(struct jsonw *w, const struct profile *profile);

#endif
