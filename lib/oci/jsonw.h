/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes JSON into the arena. Slashes are not escaped. A byte that is not UTF-8, which paths may
 * contain, becomes U+FFFD. Wrong nesting is a bug of the caller and ends the process. Example:
 *
 *     struct jsonw *w = jsonw_new(JSONW_COMPACT);
 *
 *     jsonw_object(w);
 *     jsonw_member_string(w, "id", id);
 *     jsonw_end(w);
 *     struct text text = jsonw_finish(w);          {"id":"..."}
 */
#ifndef OCI_JSONW_H
#define OCI_JSONW_H

#include "base/base.h"
#include "base/io.h"

struct json;
struct jsonw;

enum jsonw_style { JSONW_COMPACT, JSONW_PRETTY };

/* Makes an empty writer in the arena. */
struct jsonw *jsonw_new(enum jsonw_style style);
/* Opens an object or an array, which is a value like others. */
void jsonw_object(struct jsonw *w);
void jsonw_array(struct jsonw *w);
/* Closes the innermost object or array. */
void jsonw_end(struct jsonw *w);
/* Writes the name of the next value, inside an object only. */
void jsonw_key(struct jsonw *w, const char *key);
void jsonw_string(struct jsonw *w, const char *s); /* NULL writes null */
void jsonw_i64(struct jsonw *w, int64_t v);
void jsonw_u64(struct jsonw *w, uint64_t v);
void jsonw_bool(struct jsonw *w, bool v);
void jsonw_null(struct jsonw *w);
/* Writes a parsed value with everything in it. */
void jsonw_json(struct jsonw *w, const struct json *v);

/* jsonw_key() and the value. */
void jsonw_member_object(struct jsonw *w, const char *key);
void jsonw_member_array(struct jsonw *w, const char *key);
void jsonw_member_string(struct jsonw *w, const char *key, const char *s);
void jsonw_member_i64(struct jsonw *w, const char *key, int64_t v);
void jsonw_member_u64(struct jsonw *w, const char *key, uint64_t v);
void jsonw_member_bool(struct jsonw *w, const char *key, bool v);

/* Returns the text, which ends with one line feed. Everything must be closed. */
struct text jsonw_finish(struct jsonw *w);

#endif
