/* SPDX-License-Identifier: Apache-2.0 */
/* Reads any text as a recording: the limits hold, and each call refers to what is there. */
#include "base/arena.h"
#include "base/err.h"
#include "fuzz/fuzz.h"
#include "observe/recording.h"
#include "seccomp/syscall.h"

const char fuzz_corpus[] = "recording";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text text = { arena_memdup(data, size), size };
	struct recording r;

	recording_init(&r);
	err_clear();
	if (recording_read_text(&r, "x", &text) < 0)
		require(err_message());
	require(r.n_calls <= RECORDING_ALL_MAX && r.n_programs <= RECORDING_PROGRAMS_MAX);
	for (size_t i = 0; i < r.n_calls; i++) {
		const struct recording_call *c = &r.calls[i];

		require(c->abi < ABI_COUNT && c->program < r.n_programs);
		require(c->id >= -1 && c->id < (int)syscall_count());
		for (unsigned int k = 0; c->args && k < 6; k++)
			require(c->args[k].n <= RECORDING_VALUES_MAX);
	}
	arena_reset();
	return 0;
}
