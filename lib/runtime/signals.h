/* SPDX-License-Identifier: Apache-2.0 */
/* Converts signals given by name or number. */
#ifndef RUNTIME_SIGNALS_H
#define RUNTIME_SIGNALS_H

#include "base/base.h"

/* Returns the number of "TERM", "SIGTERM", "term", "15" or "RTMIN+3". Reporting. */
must_check int signals_parse(const char *word);

#endif
