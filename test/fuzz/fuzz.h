/* SPDX-License-Identifier: Apache-2.0 */
/* What a fuzz target gives to libFuzzer and to replay.c. */
#ifndef TEST_FUZZ_FUZZ_H
#define TEST_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Below test/fuzz/corpus. */
extern const char fuzz_corpus[];

/* Aborts if an invariant is broken. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
