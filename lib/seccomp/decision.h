/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is answered to one system call: a list of clauses, of which the first that matches
 * decides. This is the form in which the meaning of a profile is defined; everything else
 * (programs, canonical diagrams) is compared with it.
 */
#ifndef SECCOMP_DECISION_H
#define SECCOMP_DECISION_H

#include "base/base.h"
#include "seccomp/profile.h"

/*
 * A condition in normal form: ((argument & mask) == value) or, if at_least,
 * ((argument & mask) >= value); negated, if negate. The seven operators of a profile and both
 * widths come down to these two, so equal conditions look equal.
 */
struct check {
	uint8_t index; /* of the argument */
	bool at_least; /* mask is then all 64 bits, or the low 32 */
	bool negate;
	uint64_t mask, value; /* value has no bit outside mask */
};

/* All checks hold: that action. */
struct clause {
	uint32_t action; /* SECCOMP_RET_* with its data */
	uint32_t n_checks;
	const struct check *checks;
	const struct rule *rule; /* that says so, for messages; NULL: derived */
};

/* The clauses are in order of strictness, so that the first match is the strictest one. */
struct decision {
	uint32_t id; /* dense, from 0, within one policy */
	uint32_t otherwise;
	uint32_t n_clauses;
	const struct clause *clauses;
};

/* How a parameter is compared. */
enum width {
	WIDTH_64,      /* all of the register */
	WIDTH_32,      /* the kernel reads 32 bits, so only they are compared */
	WIDTH_32_RUNC, /* and of the profile's value, too (libseccomp on a 32-bit ABI) */
};

enum truth { NEVER, SOMETIMES, ALWAYS };

/* The normal form of a condition; *ret is set if the answer is SOMETIMES. */
enum truth decision_check_make(const struct condition *condition, enum width width,
			       struct check *ret);
/* Same word for word; and whether these arguments pass. */
bool decision_check_equal(const struct check *a, const struct check *b);
bool decision_check_holds(const struct check *check, const uint64_t args[6]);

/* Whether the kernel prefers a to b where two filters disagree:
 * KILL_PROCESS > KILL_THREAD > TRAP > ERRNO > USER_NOTIF > TRACE > LOG > ALLOW. */
bool decision_action_is_stricter(uint32_t a, uint32_t b);

/* Same clause for clause; and the action for a call with these arguments. */
bool decision_equal(const struct decision *a, const struct decision *b);
uint32_t decision_verdict(const struct decision *decision, const uint64_t args[6]);

#endif
