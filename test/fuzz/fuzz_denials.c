/* SPDX-License-Identifier: Apache-2.0 */
/* Reads any text as a log of denials. The strings are present, the counts are those of lines. */
#include "base/arena.h"
#include "base/err.h"
#include "fuzz/fuzz.h"
#include "observe/denial_log.h"

#include <string.h>

const char fuzz_corpus[] = "denials";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct text text = { arena_memdup(data, size), size };
	struct denial_log log;
	size_t kinds = 0;

	denial_log_parse(&text, NULL, &log);
	require(!err_message());
	for (size_t i = 0; i < log.n; i++) {
		const struct denial_log_entry *d = &log.v[i];

		require(d->count > 0 && d->n_args <= ARRAY_LEN(d->args) &&
			d->n_rules <= DENIAL_LOG_RULES_MAX);
		require(strlen(d->call) + strlen(d->program) + strlen(d->opens) <= 3 * size);
		kinds += d->n_kinds;
	}
	require(kinds <= log.n_lines && log.n_damaged <= 2 * log.n_lines);
	arena_reset();
	return 0;
}
