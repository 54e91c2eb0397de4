/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns what the agent is told, and which profiles are left alone: a process can have one listener,
 * so a profile that has one keeps it.
 */
#include "hooks/precreate_explain.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "cmd/seccomp/libseccomp.h"
#include "oci/annotations.h"
#include "oci/jsonw.h"
#include "seccomp/notify_rules.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

enum { METADATA_MAX = 12 << 10 };

int precreate_explain_probe(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	size_t len = strlen(path);

	if (path[0] != '/')
		return -EINVAL;
	if (len >= sizeof(addr.sun_path))
		return -ENAMETOOLONG;
	memcpy(addr.sun_path, path, len);
	autofd sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (sock < 0 || connect(sock, (const struct sockaddr *)&addr, sizeof(addr)) < 0)
		return errno == EAGAIN ? 0 : -errno; /* EAGAIN: its queue is full */
	return 0;
}

/* Why the profile is left alone, or NULL. */
static const char *find_conflict(const struct precreate_config *c)
{
	static const enum annotation keys[] = { ANNOTATION_RECEIVER, ANNOTATION_BPF,
						ANNOTATION_EXPLAIN };

	if (c->profile->listener_path || profile_notifies(c->profile))
		return "linux.seccomp has a listener of its own";
	if (c->profile->set_flags && c->profile->flags & SECCOMP_FILTER_FLAG_TSYNC)
		return "the flag SECCOMP_FILTER_FLAG_TSYNC excludes a listener";
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (precreate_config_annotation(c, annotations_keys[keys[i]]))
			return arena_printf("annotation %s is set", annotations_keys[keys[i]]);
	return NULL;
}

/*
 * The bytes that text takes inside a JSON string. The document that runtimes send to an agent has
 * it in one, and tamis and engines' agents handle documents of less than 16 KiB.
 */
static size_t escaped_length(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += 1 + (*text == '"' || *text == '\\');
	return n;
}

/* As tamis-agent(8) reads it: on one line. */
static const char *make_metadata(const struct precreate_config *c)
{
	struct jsonw *w = jsonw_new(JSONW_COMPACT);

	jsonw_object(w);
	jsonw_member_string(w, "schema", "tamis-explain/1");
	jsonw_member_string(w, "name", "linux.seccomp");
	jsonw_member_string(w, "caps", arena_printf("%jx", (uintmax_t)c->facts.caps));
	jsonw_key(w, "seccomp");
	profile_write(w, c->profile);
	jsonw_end(w);
	struct text text = jsonw_finish(w);

	return arena_memdup(text.data, text.len - 1);
}

int precreate_explain_apply(struct precreate_config *c, const char *path, const char **ret_why)
{
	struct profile *profile = arena_alloc(sizeof(*profile));
	struct notify_rules made;

	*ret_why = NULL;
	if (!c->profile)
		return 0;
	const char *why = find_conflict(c);

	if (why) {
		*ret_why = arena_printf("denials are not explained: %s", why);
		return 0;
	}
	int r = notify_rules_make(c->profile, c->facts.native, libseccomp_compile, &c->canon,
				  &made);

	if (r < 0)
		return r;
	if (made.kept)
		*ret_why = arena_printf("denials of %s are not explained", made.kept);
	if (!made.n_notified)
		return 0;
	const char *metadata = make_metadata(c);

	if (escaped_length(metadata) > METADATA_MAX) {
		*ret_why = arena_printf("denials are not explained: the profile has more than %d "
					"bytes, which an agent may not get",
					METADATA_MAX);
		return 0;
	}
	*profile = *made.profile;
	profile->listener_path = path;
	profile->listener_metadata = metadata;
	c->profile = profile;
	return 0;
}
