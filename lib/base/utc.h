/* SPDX-License-Identifier: Apache-2.0 */
/* Dates without time zones. gmtime(3) would read /etc/localtime, or the file that TZ names. */
#ifndef BASE_UTC_H
#define BASE_UTC_H

#include "base/base.h"

/*
 * Converts seconds since the epoch, not negative, to "2026-11-22T17:30:00": RFC 3339 without the
 * zone. In the arena.
 */
const char *utc_text(int64_t sec);

#endif
