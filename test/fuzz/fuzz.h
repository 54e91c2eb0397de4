/* SPDX-License-Identifier: Apache-2.0 */
/* What a fuzz target gives to libFuzzer and to replay.c. */
#ifndef TEST_FUZZ_FUZZ_H
#define TEST_FUZZ_FUZZ_H

#include "base/err.h"

#include <stdlib.h>

/* Below test/fuzz/corpus. */
extern const char fuzz_corpus[];

/* Aborts if an invariant is broken. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void require(bool good)
{
	if (!good)
		abort();
}

/* Whether r is a success; a refusal must have a message, a success none. */
static inline bool outcome(int r)
{
	require((r < 0) == (err_message() != NULL));
	err_clear();
	return r >= 0;
}

#endif
