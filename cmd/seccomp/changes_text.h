/* SPDX-License-Identifier: Apache-2.0 */
/* Prints where two sets of answers differ: for a reader, for a review, as JSON. */
#ifndef CMD_SECCOMP_CHANGES_TEXT_H
#define CMD_SECCOMP_CHANGES_TEXT_H

#include "cmd/seccomp/changes.h"

#include <stdio.h>

struct jsonw;

/* What the two sets are called: "in A" and "in B", "before" and "after". */
struct changes_words {
	const char *a, *b;
};

/* By architecture and pair of answers, in lines of at most 79 columns. */
void changes_text_print(FILE *to, const struct canon *canon, const struct changes *changes,
			const struct changes_words *words);
/* A table of Markdown for each architecture. */
void changes_text_markdown(const struct canon *canon, const struct changes *changes,
			   const struct changes_words *words);
/* Writes member "changes" of an object. */
void changes_text_write(struct jsonw *w, const struct canon *canon, const struct changes *changes);

#endif
