/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decoding without unknown keys: for formats of which a key that nobody reads is a mistake
 * that would open or close a container, not an extension.
 */
#ifndef SECCOMP_STRICT_H
#define SECCOMP_STRICT_H

#include "oci/decode.h"

/* decode(), but a key of v, or of an object in it that has a shape, that the shape does not
 * have is refused, with the key that may have been meant. Reporting. */
must_check int strict_decode(const struct json *v, const struct shape *shape, void *ret);

#endif
