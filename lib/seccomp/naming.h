/* SPDX-License-Identifier: Apache-2.0 */
/* The calls that a profile must name so that it gives certain answers, and the rules about them. */
#ifndef SECCOMP_NAMING_H
#define SECCOMP_NAMING_H

#include "base/base.h"
#include "seccomp/arch.h"
#include "seccomp/cases.h"

/* What the profile says of one call. */
struct naming_call {
	struct cases cases; /* none: the default decides */
	bool repeats;	    /* a rule repeats the default; if there are no cases */
};

struct naming {
	/* What is asked for: decisions by ABI and by id, which do not depend on what the kernel
	 * does not read. */
	struct canon *canon;
	size_t n_abis;
	const enum abi *abis;
	canon_ref *const *answers;
	uint32_t otherwise; /* the default action */
	bool whole;	    /* for any runtime: CASES_WHOLE, or another sound spelling */
	/* Rules about a multiplexer follow its own answers rather than those about its calls. */
	bool mux_by_cases;
	/* Found by naming_make(): */
	struct naming_call *calls; /* by id */
	const char *too_many;	   /* a call that needs more than CASES_MAX rules, or NULL */
	/* private */
	bool denies;
	canon_ref leaf, unknown;
};

/* Fills calls. They may be wrong: the caller compares what the profile means. Arena. */
void naming_make(struct naming *n);

#endif
