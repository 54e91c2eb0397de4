/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads any bytes as JSON. A refusal has a message, a success none. An accepted document is
 * written, read and written again with the same result.
 */
#include "base/arena.h"
#include "fuzz/fuzz.h"
#include "oci/json.h"
#include "oci/jsonw.h"

#include <string.h>

const char fuzz_corpus[] = "json";

static struct text write_back(const struct json *v)
{
	struct jsonw *w = jsonw_new(JSONW_COMPACT);

	jsonw_json(w, v);
	return jsonw_finish(w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text text = { arena_memdup(data, size), size };
	const struct json *v, *last;

	if (outcome(json_parse("fuzz.json", &text, &v))) {
		struct text first = write_back(v), second;

		for (last = v; last->first; last = last->first)
			continue;
		require(*json_place(last) && *json_found(last));
		require(outcome(json_parse("again.json", &first, &v)));
		second = write_back(v);
		require(first.len == second.len && !memcmp(first.data, second.data, first.len));
	}
	arena_reset();
	return 0;
}
