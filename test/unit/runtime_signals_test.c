/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/signals.h"

#include "base/err.h"
#include "unit/tap.h"

#include <signal.h>

int main(void)
{
	static const struct {
		const char *word;
		int sig;
	} good[] = { { "TERM", SIGTERM },  { "SIGTERM", SIGTERM },
		     { "term", SIGTERM },  { "sigkill", SIGKILL },
		     { "9", SIGKILL },	   { "64", 64 },
		     { "0", 0 },	   { "RTMIN", 34 },
		     { "SIGRTMIN+3", 37 }, { "RTMAX-1", 63 },
		     { "RTMAX", 64 } };
	static const char *const bad[] = { "",	    "65",	"-9",	   "9 ",     "SIG",
					   "TERMM", "RTMIN+31", "RTMIN-1", "RTMIN+", "4294967305" };

	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		is_int(signals_parse(good[i].word), good[i].sig, "'%s'", good[i].word);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		err_clear();
		ok(signals_parse(bad[i]) < 0 && err_message(), "'%s' is refused", bad[i]);
	}
	err_clear();
	(void)!signals_parse("TERMM");
	is_str(err_message(), "unknown signal 'TERMM'; did you mean 'TERM'?", "suggestion");
	return done();
}
