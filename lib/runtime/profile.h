/* SPDX-License-Identifier: Apache-2.0 */
/* The profile that --seccomp names: a filter for people without an engine, in place of what the
 * config says. */
#ifndef RUNTIME_PROFILE_H
#define RUNTIME_PROFILE_H

#include "base/base.h"

struct config;
struct create_options;
struct host;
struct plan_options;

/* Reads and compiles options->seccomp (default, unconfined, or a file in any format) into
 * ret->filter or ret->unconfined; without the option nothing changes. Reporting. */
must_check int profile_option(const struct create_options *options, const struct config *config,
			      const struct host *host, struct plan_options *ret);

#endif
