/* SPDX-License-Identifier: Apache-2.0 */
/*
 * YAML text as trees of oci/json.h, by libyaml: what Kubernetes' resources are written in. Only
 * what all readers of YAML 1.1 and 1.2 take alike, and what JSON can say.
 */
#ifndef CMD_SECCOMP_YAML_H
#define CMD_SECCOMP_YAML_H

#include "oci/json.h"

struct yaml_documents {
	size_t n; /* at least 1; documents that are empty do not count */
	const struct json *const *v;
};

/* Whether libyaml is there; if not, yaml_parse() fails and says so. */
bool yaml_is_built(void);
/*
 * All documents of the text; name and text must live as long as the trees. Plain scalars: null,
 * true and false, whole numbers (decimal, 0x, 0o; as decimal in the tree), numbers as JSON has
 * them, else strings. Refused, with file and line: anchors, aliases, tags and merge keys,
 * duplicate keys, keys that are no scalars, plain words and numbers that YAML 1.1 and 1.2 take
 * for different values (yes, on, 010, 1_000), .inf and .nan, NUL, the limits of json.h.
 * Reporting.
 */
must_check int yaml_parse(const char *name, const struct text *text, struct yaml_documents *ret);

#endif
