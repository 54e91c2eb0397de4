/* SPDX-License-Identifier: Apache-2.0 */
/* The date of a moment, without time zones: gmtime(3) reads /etc/localtime, or what TZ names. */
#ifndef BASE_UTC_H
#define BASE_UTC_H

#include "base/base.h"

/* Seconds since the epoch, not negative, as "2026-11-22T17:30:00", RFC 3339 without the zone.
 * Arena. */
const char *utc_text(int64_t sec);

#endif
