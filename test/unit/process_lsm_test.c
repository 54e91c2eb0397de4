/* SPDX-License-Identifier: Apache-2.0 */
/* A label that the kernel refuses gives an error with the words that Podman looks for. */
#include "base/err.h"
#include "channel/box.h"
#include "channel/handles.h"
#include "channel/procfs.h"
#include "plan/plan.h"
#include "process/lsm.h"

#include "unit/tap.h"

#include <string.h>

static void refuses(const char *apparmor, const char *selinux, const char *words)
{
	struct plan plan = { .process = { .apparmor = apparmor, .selinux = selinux } };
	struct handles h = { .proc = procfs_open() };
	struct box box = { .plan = &plan, .h = &h };

	if (h.proc < 0) {
		skip("%s: cannot mount procfs", words);
		return;
	}
	err_clear();
	ok(lsm_label_set(&box) < 0 && err_message() && strstr(err_message(), words), "%s", words);
}

int main(void)
{
	refuses("tamis-test-no-such-profile", NULL, "`/proc/self/attr/apparmor/exec`");
	refuses(NULL, "tamis:test:no:label", "`/proc/self/attr/exec`");
	return done();
}
