/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads any bytes as config.json, process.json, resources.json and a profile. A refusal has a
 * message, a success none. An accepted config that is written by the field tables is accepted again
 * and then written in the same way.
 */
#include "base/arena.h"
#include "fuzz/fuzz.h"
#include "oci/parse.h"
#include "oci/spec.h"

#include <string.h>

const char fuzz_corpus[] = "config";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text text = { arena_memdup(data, size), size };
	struct resources_spec resources;
	struct seccomp_spec seccomp;
	struct process_spec process;
	struct config config;

	outcome(parse_resources("resources.json", &text, &resources));
	outcome(parse_seccomp("seccomp.json", &text, &seccomp));
	outcome(parse_process("process.json", &text, &process));
	if (outcome(parse_config("config.json", &text, &config))) {
		struct text first = spec_encode_config(&config, JSONW_COMPACT), second;

		require(outcome(parse_config("again.json", &first, &config)));
		second = spec_encode_config(&config, JSONW_COMPACT);
		require(first.len == second.len && !memcmp(first.data, second.data, first.len));
	}
	arena_reset();
	return 0;
}
