/* SPDX-License-Identifier: Apache-2.0 */
/* The numbers of the host's processors. */
#ifndef OBSERVE_PROCESSORS_H
#define OBSERVE_PROCESSORS_H

#include "base/base.h"

/* All numbers that a processor can have on this host, also one that is off, are below it. Silent.
 */
must_check int processors_limit(size_t *ret);
/* Of a list as the kernel writes it, in order: "0-3,8" gives 9. Silent. */
must_check int processors_parse(const char *text, size_t *ret);

#endif
