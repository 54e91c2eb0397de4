/* SPDX-License-Identifier: Apache-2.0 */
/* What lib/oci/json*.c share; nobody else needs it. */
#ifndef OCI_JSON_DOC_H
#define OCI_JSON_DOC_H

#include "oci/json.h"

struct json_doc {
	struct json root; /* first, so that any node leads here through its root */
	const char *name;
	const char *text;
	size_t len;
	size_t n_notes;
	struct json_note *notes, *last_note;
};

/* The document of v; NULL if v has none. */
struct json_doc *json_doc_of(const struct json *v);
/* "config.json:41", the line in which the byte at offset stands. Arena. */
const char *json_line(const struct json_doc *doc, size_t offset);

#endif
