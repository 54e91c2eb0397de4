/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The child's side of the start of a process: what a step works on (struct box), the conversation
 * with the parent, and the end of the process if a step fails.
 */
#include "channel/box.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/msg.h"
#include "base/sys.h"
#include "channel/handles.h"
#include "channel/start.h"
#include "channel/sync.h"
#include "plan/plan.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

void box_init(const struct plan *plan, struct handles *h, struct box *ret)
{
	*ret = (struct box){
		.plan = plan, .h = h, .root = -1, .proc = -1, .sys = -1, .devpts = -1, .null = -1
	};
	ret->root_readonly = plan->root.readonly;
	ret->late = arena_array(plan->n_mounts + 1, sizeof(*ret->late));
}

bool box_is_root(const struct box *box, const struct statx *st)
{
	return st->stx_mnt_id == box->root_mount && st->stx_ino == box->root_inode;
}

int box_say(const struct box *box, uint32_t type)
{
	int r = msg_send(box->h->sync[1], type, 0, NULL, NULL, 0);

	return r < 0 ? fail(-r, "send a message to the parent") : 0;
}

int box_await(const struct box *box, uint32_t type)
{
	struct msg m;

	if (msg_recv(box->h->sync[1], &m) <= 0)
		_exit(1); /* the parent has ended, so nobody can be told */
	if (m.type != type)
		return fail(0, "found message %u from the parent, expected %u", m.type, type);
	return 0;
}

int box_say_hello(void *ctx)
{
	return box_say(ctx, SYNC_HELLO);
}

int box_await_maps(void *ctx)
{
	return box_await(ctx, SYNC_MAPPED);
}

no_return void box_failed(int sock, int code)
{
	(void)!msg_send(sock, SYNC_ERROR, code, err_message(), NULL, 0);
	_exit(1);
}

void box_begin(const struct plan *plan, struct handles *h, struct box *ret)
{
	box_init(plan, h, ret);
	/*
	 * The program starts with no signal blocked or ignored, whatever the caller of tamis had
	 * set.
	 */
	int r = sys_reset_signals(0);

	if (r < 0)
		box_failed(h->sync[1], fail(-r, "reset signals"));
	prctl(PR_SET_NAME, START_COMM, 0, 0, 0);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0)
		box_failed(h->sync[1], fail(errno, "set the parent death signal"));
}
