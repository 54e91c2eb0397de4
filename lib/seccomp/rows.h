/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Profiles that are built into the program, as rows: the calls of a row get its action if its
 * conditions on capabilities, architecture and kernel hold. Several profiles may share a table.
 */
#ifndef SECCOMP_ROWS_H
#define SECCOMP_ROWS_H

#include "seccomp/profile.h"

struct row {
	uint32_t of;		/* bit set of the profiles of the table; 0: all */
	uint64_t with, without; /* all of `with` are held, none of `without` */
	uint32_t on, not_on;	/* bit sets of native ABIs; 0: any */
	uint32_t kernel;	/* ROWS_KERNEL(4, 8): that one or a newer one; 0: any */
	uint32_t action;
	uint32_t n_conditions;
	struct condition conditions[2];
	const char *names; /* separated by blanks */
};

/* For the tables: members of a row and their values. */
#define ROWS_CAP(name) (UINT64_C(1) << CAP_##name)
#define ROWS_ON(abi) (1u << ABI_##abi)
#define ROWS_KERNEL(major, minor) ((major) << 8 | (minor))
#define ROWS_IF(...) .n_conditions = 1, .conditions = { { __VA_ARGS__ } }
#define ROWS_IF_BOTH(...) .n_conditions = 2, .conditions = { __VA_ARGS__ }
/* The flags of clone(2) that make namespaces: NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID
 * and NEWNET. */
#define ROWS_NEW_NAMESPACES 0x7e020000

/*
 * Sets the rules of *ret: the rows of that profile whose conditions hold under facts, in their
 * order. of: the profile's bit. The rows must live as long as *ret.
 */
void rows_select(const struct row *rows, size_t n, uint32_t of, const struct profile_facts *facts,
		 struct profile *ret);
/* Adds the native ABI and the others that such a kernel also runs. */
void rows_add_abis(enum abi native, struct profile *profile);

#endif
