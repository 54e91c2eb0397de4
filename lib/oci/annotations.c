/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the annotations that mean something to us. runtime-spec: one that is unknown must not
 * be an error. Those listed here are known: either they are honoured, or leaving them out would
 * run something else than what was meant, and they are refused by name. The rest of the world's
 * annotations go through to State and hooks and change nothing.
 */
#include "oci/annotations.h"

#include "base/names.h"
#include "oci/config.h"

#include <string.h>

const char *const annotation_keys[ANNOTATION_COUNT + 1] = {
	[ANNOTATION_KEEP_GROUPS] = "run.oci.keep_original_groups",
	[ANNOTATION_LABEL_KIND] = "run.oci.mount_context_type",
	[ANNOTATION_RECEIVER] = "run.oci.seccomp.receiver",
	[ANNOTATION_BPF] = "run.oci.seccomp_bpf_data",
	[ANNOTATION_FAIL_UNKNOWN] = "run.oci.seccomp_fail_unknown_syscall",
};

static const struct {
	const char *key, *why;
} refused[] = {
	{ "run.oci.seccomp.plugins", "the runtime loads no code into itself" },
	{ "run.oci.handler", "programs are run by the kernel alone" },
	{ "run.oci.hooks.stdout", "hooks write to the runtime's own output" },
	{ "run.oci.hooks.stderr", "hooks write to the runtime's own output" },
	{ "run.oci.pidfd_receiver", "a pidfd is sent by exec --pidfd-socket only" },
	{ "run.oci.timens_offset", "the specification has linux.timeOffsets for it" },
	{ "run.oci.systemd.force_cgroup_v1", "cgroups are mounted as they are on the host" },
	{ "run.oci.systemd.subgroup", "init is in the cgroup of cgroupsPath itself" },
	{ "run.oci.delegate-cgroup", "init is in the cgroup of cgroupsPath itself" },
};

static const struct name switches[] = {
	{ "1", 1 }, { "true", 1 }, { "0", 0 }, { "false", 0 }, { NULL, 0 },
};

static const struct name label_kinds[] = {
	{ "context", 1 },     { "fscontext", 1 }, { "defcontext", 1 },
	{ "rootcontext", 1 }, { NULL, 0 },
};

static const char *text_of(const struct config *c, const char *key)
{
	for (size_t i = 0; i < c->annotations.n; i++)
		if (strcmp(c->annotations.v[i].key, key) == 0)
			return c->annotations.v[i].value;
	return NULL;
}

/* For the place; absent in a config that was not decoded. */
static const struct json *node_of(const struct config *c, const char *key)
{
	return json_member(json_member(c->at, "annotations"), key);
}

const char *annotation_text(const struct config *c, enum annotation which)
{
	return text_of(c, annotation_keys[which]);
}

bool annotation_is_set(const struct config *c, enum annotation which)
{
	const char *text = annotation_text(c, which);
	const struct name *word = text ? name_find(switches, text) : NULL;

	return word && word->value;
}

int annotation_fail(const struct config *c, enum annotation which, const char *expected)
{
	return json_fail(node_of(c, annotation_keys[which]), "expected %s, found \"%.80s\"",
			 expected, annotation_text(c, which));
}

int validate_annotations(const struct config *c)
{
	static const struct {
		enum annotation which;
		const struct name *words;
		const char *expected;
	} closed[] = {
		{ ANNOTATION_KEEP_GROUPS, switches, "0 or 1" },
		{ ANNOTATION_FAIL_UNKNOWN, switches, "0 or 1" },
		{ ANNOTATION_LABEL_KIND, label_kinds,
		  "context, fscontext, defcontext or rootcontext" },
	};
	const char *path = annotation_text(c, ANNOTATION_RECEIVER);

	for (size_t i = 0; i < c->annotations.n; i++)
		if (!*c->annotations.v[i].key)
			return json_fail_member(c->at, "annotations", "found an empty key");
	for (size_t i = 0; i < ARRAY_LEN(refused); i++)
		if (text_of(c, refused[i].key))
			return json_fail(node_of(c, refused[i].key), "not offered: %s",
					 refused[i].why);
	for (size_t i = 0; i < ARRAY_LEN(closed); i++) {
		const char *text = annotation_text(c, closed[i].which);

		if (text && !name_find(closed[i].words, text))
			return annotation_fail(c, closed[i].which, closed[i].expected);
	}
	return path && *path != '/' ? annotation_fail(c, ANNOTATION_RECEIVER, "an absolute path")
				    : 0;
}
