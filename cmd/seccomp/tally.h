/* SPDX-License-Identifier: Apache-2.0 */
/* How many calls are allowed, denied, ...: of an ABI and by category. */
#ifndef CMD_SECCOMP_TALLY_H
#define CMD_SECCOMP_TALLY_H

#include "base/base.h"
#include "seccomp/verdicts.h"

struct jsonw;

/* How one call is answered. ASKED: by an agent or a tracer (NOTIFY, TRACE). */
enum tally_kind { TALLY_ALLOWED, TALLY_DENIED, TALLY_BY_ARGS, TALLY_ASKED, TALLY_KINDS };

struct tally {
	unsigned int n[TALLY_KINDS];
};

/* The kind of a decision. */
enum tally_kind tally_kind_of(const struct canon *canon, canon_ref decision);
/* Of all calls of an ABI that have a number there. */
struct tally tally_abi(const struct canon *canon, const struct verdicts *verdicts, enum abi abi);
/* The head of a table of counts, below an empty line, and a row of it; as text or in Markdown. */
void tally_print_head(const char *name, bool markdown);
void tally_print_row(const char *name, const struct tally *t, bool markdown);
/* A table of the calls of an ABI by category, and which of those that are allowed without
 * condition attacks have used. */
void tally_print(const struct canon *canon, const struct verdicts *verdicts, enum abi abi,
		 bool markdown);
/* Writes the same as the members "categories", with the names of the calls, and "dangers". */
void tally_write(struct jsonw *w, const struct canon *canon, const struct verdicts *verdicts,
		 enum abi abi);

#endif
