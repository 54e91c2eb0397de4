/* SPDX-License-Identifier: Apache-2.0 */
/* Writes JSON by field tables. */
#ifndef OCI_ENCODE_H
#define OCI_ENCODE_H

#include "base/base.h"
#include "oci/decode.h"

/* Writes the struct as an object, leaving out what is absent, zero or empty unless the table
 * calls it required. */
void encode(struct jsonw *w, const struct shape *shape, const void *from);

#endif
