/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The profile of the option --seccomp: a filter for users without an engine, which replaces that of
 * the config.
 */
#ifndef RUNTIME_PROFILE_H
#define RUNTIME_PROFILE_H

#include "base/base.h"
#include "base/names.h"

struct create_options;
struct loaded;
struct plan_options;

/* Words that options->seccomp may be instead of a file. */
extern const struct name profile_words[];
/*
 * Reads and compiles options->seccomp (default, unconfined, or a file in any format) to ret->filter
 * or ret->unconfined, for the config and the host in `in`, which gets the profile's name and text.
 * Without the option nothing is changed. Reporting.
 */
must_check int profile_option(const struct create_options *options, struct loaded *in,
			      struct plan_options *ret);

#endif
