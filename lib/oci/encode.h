/* SPDX-License-Identifier: Apache-2.0 */
/* Writes JSON by field tables. */
#ifndef OCI_ENCODE_H
#define OCI_ENCODE_H

#include "base/base.h"
#include "oci/decode.h"

/*
 * Writes the struct as an object. What is absent, zero or empty is omitted unless the table says
 * required.
 */
void encode(struct jsonw *w, const struct shape *shape, const void *from);
/* Writes an array of the names of capabilities, by their numbers. */
void encode_caps(struct jsonw *w, uint64_t set);

#endif
