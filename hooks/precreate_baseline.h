/* SPDX-License-Identifier: Apache-2.0 */
/* The baseline: a profile than which no container's may be looser. */
#ifndef HOOKS_PRECREATE_BASELINE_H
#define HOOKS_PRECREATE_BASELINE_H

#include "hooks/precreate_config.h"

/*
 * Makes c->profile the intersection with the baseline: the name of a built-in profile or a file. A
 * profile that permits nothing else already stays as it is, and a container without a filter gets
 * the baseline. What is written is proved never to be looser than either. Reporting.
 */
must_check int precreate_baseline_apply(struct precreate_config *c, const char *baseline);

#endif
