/* SPDX-License-Identifier: Apache-2.0 */
/* What lib/oci/json*.c and the builders of trees share. */
#ifndef OCI_JSON_DOC_H
#define OCI_JSON_DOC_H

#include "oci/json.h"

struct json_doc {
	/* the first member, so every node leads to the document through its root */
	struct json root;
	const char *name;
	const char *text;
	size_t len;
	size_t lines_before; /* of the file, if the document is one of its lines */
	size_t n_notes;
	/* the last position that json_position() was asked for, and where its line begins */
	size_t seen, seen_line, seen_start;
	struct json_note *notes, *last_note;
};

/* Returns the document of v, or NULL if v has none. */
struct json_doc *json_doc_of(const struct json *v);
/* Returns "config.json:41" for the byte at offset. In the arena. */
const char *json_line(const struct json_doc *doc, size_t offset);

#endif
