/* SPDX-License-Identifier: Apache-2.0 */
/* Reads any line as an audit record. A record has a pid and names within the line. */
#include "base/arena.h"
#include "fuzz/fuzz.h"
#include "observe/audit.h"

const char fuzz_corpus[] = "audit";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct audit_record r;

	if (audit_parse((const char *)data, size, &r) > 0)
		require(r.pid > 0 && r.time_ms >= 0 && r.comm.len <= size && r.exe.len <= size);
	arena_reset();
	return 0;
}
