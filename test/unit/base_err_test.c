/* SPDX-License-Identifier: Apache-2.0 */
/* lib/base/err.c: messages for errno values, from the C library or replaced. */
#include "base/err.h"
#include "unit/tap.h"

#include <errno.h>

int main(void)
{
	fail_note(524, "linux.seccomp: load the filter");
	ok(strstr(err_message(), "net.core.bpf_jit_limit") != NULL, "524: %s", err_message());
	err_clear();
	fail_note(EBUSY, "thing");
	is_str(err_message(), "thing: Device or resource busy", "the message of the C library");
	return done();
}
