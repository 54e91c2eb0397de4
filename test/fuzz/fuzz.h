/* SPDX-License-Identifier: Apache-2.0 */
/* The interface of a fuzz target to libFuzzer and to replay.c. */
#ifndef TEST_FUZZ_FUZZ_H
#define TEST_FUZZ_FUZZ_H

#include "base/err.h"

#include <stdlib.h>

/* The name of the corpus in test/fuzz/corpus. */
extern const char fuzz_corpus[];

/* Aborts if an invariant is broken. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void require(bool good)
{
	if (!good)
		abort();
}

/* Whether r is a success. Checks that a refusal has a message, and a success none. */
static inline bool outcome(int r)
{
	require((r < 0) == (err_message() != NULL));
	err_clear();
	return r >= 0;
}

#endif
