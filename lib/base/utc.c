/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns dates. Years are counted from March, so that the leap day is the last day, and in eras of
 * 400 years, after which the calendar repeats.
 */
#include "base/utc.h"

#include "base/arena.h"

/* days since 1 March of the year 0 */
enum { DAY = 86400, ERA = 146097, DAYS_BEFORE_1970 = 719468 };

const char *utc_text(int64_t sec)
{
	int64_t days = sec / DAY + DAYS_BEFORE_1970, era = days / ERA;
	int in_day = (int)(sec % DAY), in_era = (int)(days % ERA);
	int year = (in_era - in_era / 1460 + in_era / 36524 - in_era / (ERA - 1)) / 365;
	int in_year = in_era - (365 * year + year / 4 - year / 100);
	int march_is_0 = (5 * in_year + 2) / 153;
	int day = in_year - (153 * march_is_0 + 2) / 5 + 1;
	int month = march_is_0 < 10 ? march_is_0 + 3 : march_is_0 - 9;

	return arena_printf("%04jd-%02d-%02dT%02d:%02d:%02d",
			    (intmax_t)(era * 400 + year + (month <= 2)), month, day, in_day / 3600,
			    in_day / 60 % 60, in_day % 60);
}
