/* SPDX-License-Identifier: Apache-2.0 */
/* Where two sets of answers differ, call by call. */
#ifndef CMD_SECCOMP_CHANGES_H
#define CMD_SECCOMP_CHANGES_H

#include "base/base.h"
#include "seccomp/arch.h"
#include "seccomp/verdicts.h"

/* One call, or numbers without a name, about which A and B differ. */
struct change {
	enum abi abi;	      /* ABI_COUNT: an architecture that no table has */
	uint32_t first, last; /* without the ABI's bit */
	int id;		      /* -1: none */
	canon_ref a, b;
};

struct changes {
	size_t n, room;
	struct change *v;
};

/* All of them, by architecture and number. Arena. */
void changes_collect(const struct verdicts *a, const struct verdicts *b, struct changes *ret);

/* One call as an example of a difference. */
struct changes_example {
	const char *call; /* "socket(family=AF_VSOCK) on x86_64" */
	uint32_t action[2];
};

/* The first call for whose two actions counts() is true; false if there is none. Arena. */
bool changes_first(const struct canon *canon, const struct changes *changes,
		   bool (*counts)(uint32_t a, uint32_t b), struct changes_example *ret);

#endif
