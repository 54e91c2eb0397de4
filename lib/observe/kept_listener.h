/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What must survive the end of tamis-agent beside a listener: the message that brought it, and the
 * call that was received and not yet answered. Both are in one file in memory, whose descriptor is
 * stored with the listener's (manager.h). The kernel writes each received call into its first page,
 * so that a call is never received and forgotten: no other process could receive it again.
 */
#ifndef OBSERVE_KEPT_LISTENER_H
#define OBSERVE_KEPT_LISTENER_H

#include "base/base.h"

struct seccomp_notif;
struct text;

struct kept_listener {
	void *page;
	struct seccomp_notif *call; /* in the page: for listener_receive() */
};

/*
 * Makes the file with the text. call_size: of the kernel's struct seccomp_notif. Returns its
 * descriptor, or -errno. Silent.
 */
must_check int kept_listener_make(const struct text *text, size_t call_size,
				  struct kept_listener *ret);
/*
 * Opens such a file again; the text is in the arena. -EBADF: it is none, or of another version.
 * Silent.
 */
must_check int kept_listener_open(int file, size_t call_size, struct kept_listener *ret,
				  struct text *ret_text);
/* Frees the page. */
void kept_listener_close(struct kept_listener *k);

#endif
