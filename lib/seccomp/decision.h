/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The decision about one system call: a list of clauses, of which the first that matches determines
 * the action. The meaning of a profile is defined in this form. Programs and canonical diagrams are
 * compared with it. Example, for "ERRNO(1) if argument 0 is 40, else ALLOW":
 *
 *     const struct check af_vsock = { .index = 0, .mask = UINT32_MAX, .value = 40 };
 *     const struct clause deny = { .action = SECCOMP_RET_ERRNO | EPERM,
 *                                  .n_checks = 1, .checks = &af_vsock };
 *     const struct decision socket = { .otherwise = SECCOMP_RET_ALLOW,
 *                                      .n_clauses = 1, .clauses = &deny };
 */
#ifndef SECCOMP_DECISION_H
#define SECCOMP_DECISION_H

#include "base/base.h"
#include "seccomp/profile.h"

/*
 * A condition in normal form: ((argument & mask) == value), or with at_least ((argument & mask) >=
 * value); inverted with negate. The seven operators of a profile and both widths are converted to
 * this form, so that equal conditions are identical.
 */
struct check {
	uint8_t index; /* number of the argument */
	bool at_least; /* in a policy the mask is then all 64 bits or the low 32 */
	bool negate;
	uint64_t mask, value; /* value has no bit outside mask */
};

/* The action that applies if all checks hold. */
struct clause {
	uint32_t action; /* SECCOMP_RET_* with its data */
	uint32_t n_checks;
	const struct check *checks;
	const struct rule *rule; /* the rule it comes from, for messages; NULL: derived */
};

/* The clauses are ordered by strictness, so the first match is the strictest. */
struct decision {
	uint32_t id; /* numbered from 0 within one policy */
	uint32_t otherwise;
	uint32_t n_clauses;
	const struct clause *clauses;
};

/* How a parameter is compared. */
enum width {
	WIDTH_64,      /* all 64 bits of the register */
	WIDTH_32,      /* the kernel reads 32 bits, so only these are compared */
	WIDTH_32_RUNC, /* also only 32 bits of the profile's value (libseccomp on a 32-bit ABI) */
};

enum truth { NEVER, SOMETIMES, ALWAYS };

/* Converts a condition to its normal form. Sets *ret if the result is SOMETIMES. */
enum truth decision_check_make(const struct condition *condition, enum width width,
			       struct check *ret);
/* Whether two checks are identical. */
bool decision_check_equal(const struct check *a, const struct check *b);

/*
 * Whether a is stricter than b in the kernel's order, which applies if two filters disagree:
 * KILL_PROCESS > KILL_THREAD > TRAP > ERRNO > USER_NOTIF > TRACE > LOG > ALLOW.
 */
bool decision_action_is_stricter(uint32_t a, uint32_t b);
/* Whether a call with that action is carried out, or can be: a tracer or an agent may let it. */
bool decision_action_lets_through(uint32_t action);

/* The clause that decides a call with these arguments; NULL: none matches. */
const struct clause *decision_clause(const struct decision *decision, const uint64_t args[6]);
/* Whether two decisions have identical clauses; the action for a call with these arguments. */
bool decision_equal(const struct decision *a, const struct decision *b);
uint32_t decision_verdict(const struct decision *decision, const uint64_t args[6]);

#endif
