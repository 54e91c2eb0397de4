/* SPDX-License-Identifier: Apache-2.0 */
/* Documents about tamis itself: the `features` output, the `spec` template. */
#ifndef RUNTIME_DESCRIBE_H
#define RUNTIME_DESCRIBE_H

#include "base/base.h"
#include "base/io.h"

/* The runtime-spec Features of this build on this host. Reporting. */
must_check int describe_features(struct text *ret);
/* A config.json with our default profile in it. Reporting. */
must_check int describe_spec(bool rootless, struct text *ret);

#endif
