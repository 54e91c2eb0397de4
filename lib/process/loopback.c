/* SPDX-License-Identifier: Apache-2.0 */
/* The loopback interface of the container's new network namespace. */
#include "process/loopback.h"

#include "base/err.h"
#include "base/fd.h"
#include "channel/box.h"
#include "plan/plan.h"

#include <errno.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

int loopback_up(void *ctx)
{
	const struct box *box = ctx;
	struct ifreq request = { .ifr_name = "lo" };

	if (!(box->plan->ns.made & CLONE_NEWNET))
		return 0;
	/* netdevice(7): a socket of any family can be used, and AF_UNIX always exists. */
	autofd sock = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (sock < 0 || ioctl(sock, SIOCGIFFLAGS, &request) < 0)
		return fail(errno, "loopback interface: read its flags");
	request.ifr_flags |= IFF_UP;
	if (ioctl(sock, SIOCSIFFLAGS, &request) < 0)
		return fail(errno, "loopback interface: bring it up");
	return 0;
}
