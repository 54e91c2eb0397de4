/* SPDX-License-Identifier: Apache-2.0 */
/* Signals by name or number, as people and engines write them. */
#ifndef RUNTIME_SIGNALS_H
#define RUNTIME_SIGNALS_H

#include "base/base.h"

/* "TERM", "SIGTERM", "term", "15", "RTMIN+3" to the number. Reporting. */
must_check int signals_parse(const char *word);

#endif
