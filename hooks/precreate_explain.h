/* SPDX-License-Identifier: Apache-2.0 */
/* Denials that an agent explains: the profile notifies it in place of answering by itself. */
#ifndef HOOKS_PRECREATE_EXPLAIN_H
#define HOOKS_PRECREATE_EXPLAIN_H

#include "hooks/precreate_config.h"

/* Checks that a seccomp agent accepts connections at the socket. 0 or -errno, silent. */
must_check int precreate_explain_probe(const char *path);
/*
 * Makes c->profile one that notifies the agent at `path` of denials, with the original profile as
 * listenerMetadata. *ret_why says why a profile was left alone or which calls are not notified;
 * NULL: nothing is to be said. Arena. Reporting.
 */
must_check int precreate_explain_apply(struct precreate_config *c, const char *path,
				       const char **ret_why);

#endif
