/* SPDX-License-Identifier: Apache-2.0 */
/* What a terminal acts on is escaped, other text stays, and the columns are kept. */
#include "base/printable.h"

#include "unit/tap.h"

#define TEXT(s, columns) printable_text(s, sizeof(s) - 1, columns)
#define QUOTED(s, columns) printable_quoted(s, sizeof(s) - 1, columns, false)

static void test_escapes(void)
{
	is_str(TEXT("", 8), "", "no text");
	is_str(TEXT("/usr/bin/python3", 80), "/usr/bin/python3", "ASCII stays");
	is_str(TEXT("a\nb\tc\\d\"e", 80), "a\\nb\\tc\\\\d\"e",
	       "controls and the backslash as in C");
	is_str(QUOTED("a\"b", 80), "\"a\\\"b\"", "a quote within quotes");
	is_str(TEXT("\33[2J\0\x7f", 80), "\\033[2J\\000\\177", "an escape sequence, NUL and DEL");
	is_str(TEXT("\\033", 80), "\\\\033", "an escape of the text itself looks different");
	is_str(printable_again("\\033\n\33", 6, 80), "\\033\\n\\033", "which stay, if asked for");
	is_str(TEXT("\xff\xc0\xaf\xe2\x82", 80), "\\377\\300\\257\\342\\202",
	       "bytes that are not UTF-8");
	is_str(TEXT("gr\xc3\xbc\xc3\x9f \xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x90\xb3", 80),
	       "gr\xc3\xbc\xc3\x9f \xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x90\xb3",
	       "letters and pictures stay");
	is_str(TEXT("\xc2\x9b"
		    "31m",
		    80),
	       "\\u009b31m", "a control sequence of 8 bits");
	is_str(TEXT("a\xe2\x80\xae"
		    "b\xe2\x81\xa6\xe2\x80\x8b\xe2\x80\xa8",
		    80),
	       "a\\u202eb\\u2066\\u200b\\u2028", "text direction, invisible, and line separator");
	is_str(TEXT("\xf3\xa0\x81\x81\xee\x80\x80", 80), "\\U000e0041\\ue000",
	       "tags and private use");
}

static void test_columns(void)
{
	is_str(TEXT("12345678", 8), "12345678", "8 of 8 columns");
	is_str(TEXT("123456789", 8), "12345...", "9 of 8 columns");
	is_str(QUOTED("123456", 8), "\"123456\"", "quotes are columns");
	is_str(QUOTED("1234567", 8), "\"123\"...", "quotes and dots are columns");
	is_str(printable_quoted("1234", 4, 9, true), "\"1234\"...", "a text that was cut before");
	is_str(printable_quoted("12345", 5, 9, true), "\"1234\"...", "cut before and here");
	is_str(TEXT("1234\33[2J", 8), "1234...", "an escape is not divided");
	is_str(TEXT("\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5", 8),
	       "\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5",
	       "4 wide characters in 8 columns");
	is_str(TEXT("\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5.", 8),
	       "\xe6\x97\xa5\xe6\x97\xa5...", "with one more");
}

int main(void)
{
	test_escapes();
	test_columns();
	return done();
}
