/* SPDX-License-Identifier: Apache-2.0 */
/* lib/base/err.c: what libc says of an errno value, and where we say something else. */
#include "base/err.h"
#include "unit/tap.h"

#include <errno.h>

int main(void)
{
	fail_note(524, "linux.seccomp: load the filter");
	ok(strstr(err_message(), "net.core.bpf_jit_limit") != NULL, "524: %s", err_message());
	err_clear();
	fail_note(EBUSY, "thing");
	is_str(err_message(), "thing: Device or resource busy", "libc's words");
	return done();
}
