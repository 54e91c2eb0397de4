/* SPDX-License-Identifier: Apache-2.0 */
/* Documents about tamis itself: the output of `features` and `spec`. */
#ifndef RUNTIME_DESCRIBE_H
#define RUNTIME_DESCRIBE_H

#include "base/base.h"
#include "base/io.h"

/* Returns the runtime-spec Features of this build on this host. Reporting. */
must_check int describe_features(struct text *ret);
/* Returns a config.json that contains our default profile. Reporting. */
must_check int describe_spec(bool rootless, struct text *ret);

#endif
