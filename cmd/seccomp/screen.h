/* SPDX-License-Identifier: Apache-2.0 */
/* Output of entries of a list, as many as fit on a screen. */
#ifndef CMD_SECCOMP_SCREEN_H
#define CMD_SECCOMP_SCREEN_H

#include "base/base.h"

#include <stdio.h>

struct screen {
	bool has_limit, is_full;
	size_t left;	/* rows */
	size_t n_shown; /* entries */
};

/*
 * The screen of standard output, 24 rows if it is no terminal, without `reserved` rows for what is
 * printed around the entries. is_all: without a limit.
 */
struct screen screen_make(size_t reserved, bool is_all);
/*
 * Prints an entry by print() if it fits as a whole. The first entry is printed in any case. After
 * one that does not fit no other is printed.
 */
void screen_print(struct screen *s, void (*print)(FILE *to, const void *entry), const void *entry);

#endif
