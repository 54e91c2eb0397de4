/* SPDX-License-Identifier: Apache-2.0 */
/* Test Anything Protocol in a header: ok(), is_int(), is_str(), skip(), done(). */
#ifndef TEST_UNIT_TAP_H
#define TEST_UNIT_TAP_H

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int tap_n, tap_failed;

/* Whether the long tests are asked for: script/test --all, TAMIS_TEST_ALL=1. */
__attribute__((unused)) static bool tap_is_all(void)
{
	const char *all = getenv("TAMIS_ALL"), *slow = getenv("TAMIS_TEST_ALL");

	return (all && all[0] == '1') || (slow && slow[0] == '1');
}

/* Whether this program has the address sanitizer, which keeps freed memory and whose system
 * calls fail under a filter. */
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED true
#endif
#endif
#ifndef SANITIZED
#define SANITIZED false
#endif

__attribute__((format(printf, 2, 3), unused)) static bool ok(bool good, const char *fmt, ...)
{
	va_list ap;

	printf("%s %d - ", good ? "ok" : "not ok", ++tap_n);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	tap_failed += !good;
	return good;
}

__attribute__((format(printf, 3, 4), unused)) static bool is_int(intmax_t got, intmax_t want,
								 const char *fmt, ...)
{
	char what[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	if (!ok(got == want, "%s", what)) {
		printf("# got %jd, want %jd\n", got, want);
		return false;
	}
	return true;
}

__attribute__((format(printf, 3, 4), unused)) static bool is_str(const char *got, const char *want,
								 const char *fmt, ...)
{
	char what[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	if (!ok(got && want ? strcmp(got, want) == 0 : got == want, "%s", what)) {
		printf("# got  %s\n# want %s\n", got ? got : "NULL", want ? want : "NULL");
		return false;
	}
	return true;
}

__attribute__((format(printf, 1, 2), unused)) static void skip(const char *fmt, ...)
{
	va_list ap;

	printf("ok %d # SKIP ", ++tap_n);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
}

__attribute__((unused)) static int done(void)
{
	printf("1..%d\n", tap_n);
	return tap_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
