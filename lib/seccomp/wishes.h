/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What calls shall be answered in place of what a profile answers, and whether a changed profile
 * answers exactly that.
 */
#ifndef SECCOMP_WISHES_H
#define SECCOMP_WISHES_H

#include "base/base.h"
#include "seccomp/verdicts.h"

/* The action for a call whose arguments have the bits of mask as in value (mask 0: any). */
struct wish {
	unsigned int id;
	uint32_t action;
	uint64_t mask[6], value[6];
};

struct wishes {
	size_t n;
	const struct wish *v; /* of several about one call the last that matches counts */
	/* a call that was ENOSYS somewhere may become that wherever it was denied by default */
	bool loose;
	bool listed[ABI_COUNT]; /* ABIs that the profile covers; others answer as before */
};

/* A call that is not answered as it should be. */
struct wishes_wrong {
	uint32_t audit, nr;
	enum abi abi; /* ABI_COUNT: no table has the number */
	int id;	      /* -1: no table has the number */
	canon_ref wanted, got;
};

/* What a changed profile still lacks. */
struct wishes_lack {
	bool *repeated; /* by id: calls that it must name though the default is their answer */
	bool *unknown; /* by id: calls that it must answer ENOSYS because it names newer ones now */
	bool more;     /* there are such */
	size_t n_wrong;
	struct wishes_wrong wrong; /* the first of other ones */
};

/* Makes room for an empty *ret. Arena. */
void wishes_lack_init(struct wishes_lack *ret);
/* What is wanted of a number (without the ABI's bit) that was answered `before`. */
canon_ref wishes_apply(const struct wishes *w, struct canon *canon, enum abi abi, uint32_t nr,
		       canon_ref before);
/*
 * Compares: `after` must be `before` but for the wishes. The multiplexers socketcall and ipc may
 * answer anew for those of their calls that are wished. default_action is that of the profile. Adds
 * to *ret, so that a profile can be compared under several facts. ENOSYS is wanted of a rule only
 * if the call was answered so on every one of the ABIs that has it.
 */
void wishes_compare(const struct wishes *w, struct canon *canon, const struct verdicts *before,
		    const struct verdicts *after, uint32_t default_action, struct wishes_lack *ret);

#endif
