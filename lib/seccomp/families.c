/* SPDX-License-Identifier: Apache-2.0 */
/* Owns which calls stand for each other. */
#include "seccomp/families.h"

#include "seccomp/syscall.h"

static const struct pair {
	const char *call, *other;
	bool both; /* each may stand for the other */
} pairs[] = {
#define TWIN(call, twin) { #call, #twin, true },
#define NEWER(call, older) { #call, #older, false },
#include "seccomp/families.inc"
};

void families_add(bool *member)
{
	bool grows = true;

	while (grows) {
		grows = false;
		for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
			int a = syscall_id(pairs[i].call), b = syscall_id(pairs[i].other);

			if (a < 0 || b < 0 || member[a] == member[b] ||
			    !(member[a] || pairs[i].both))
				continue;
			member[a] = member[b] = grows = true;
		}
	}
}
