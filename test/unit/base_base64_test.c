/* SPDX-License-Identifier: Apache-2.0 */
/* base64: the test vectors of RFC 4648; each value has only one encoding. */
#include "base/base64.h"

#include "unit/tap.h"

#include <errno.h>
#include <string.h>

static const struct {
	const char *text, *bytes;
} good[] = {
	{ "", "" },
	{ "Zg==", "f" },
	{ "Zm8=", "fo" },
	{ "Zm9v", "foo" },
	{ "Zm9vYg==", "foob" },
	{ "Zm9vYmE=", "fooba" },
	{ "Zm9vYmFy", "foobar" },
	{ "+/+/", "\xfb\xff\xbf" },
};

static const char *const bad[] = {
	"Z",	    "Zg",     "Zg=",   "Zg===", "Zh==",	      "Zm9=",	    "Z===", "====",
	"Zm8=Zm8=", "Zm9v\n", " Zm9v", "Zm-_",	"Zm\xc3\xa9", "Zm9vYg==\n", "=Zm8",
};

int main(void)
{
	struct text text;

	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		int r = base64_decode(good[i].text, &text);

		ok(r == 0 && text.len == strlen(good[i].bytes) &&
			   memcmp(text.data, good[i].bytes, text.len) == 0,
		   "\"%s\" is \"%s\"", good[i].text, good[i].bytes);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		ok(base64_decode(bad[i], &text) == -EINVAL, "refused: case %zu", i);
	return done();
}
