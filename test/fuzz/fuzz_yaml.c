/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads any bytes as YAML. A refusal has a message, a success none. An accepted document is written
 * as JSON and read again.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "cmd/seccomp/yaml.h"
#include "fuzz/fuzz.h"
#include "oci/jsonw.h"

const char fuzz_corpus[] = "yaml";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text text = { arena_memdup(data, size), size };
	struct yaml_documents docs;

	if (outcome(yaml_parse("a.yaml", &text, &docs)))
		for (size_t i = 0; i < docs.n; i++) {
			struct jsonw *w = jsonw_new(JSONW_COMPACT);
			const struct json *again;

			jsonw_json(w, docs.v[i]);

			struct text written = jsonw_finish(w);

			require(outcome(json_parse("a.json", &written, &again)));
			require(again->type == docs.v[i]->type && again->n == docs.v[i]->n);
		}
	arena_reset();
	return 0;
}
