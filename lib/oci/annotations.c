/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the annotations that have a meaning for tamis. According to the runtime-spec an unknown
 * annotation must not be an error. Those listed here are known. Either they are supported, or
 * ignoring them would run something else than what was intended, and they are refused by name. All
 * other annotations are passed to State and hooks and have no effect.
 *
 * What must hold: an image whose annotations an engine copied gains nothing by them. An annotation
 * that only restricts is applied; all others need the caller's permission.
 */
#include "oci/annotations.h"

#include "base/err.h"
#include "base/names.h"
#include "oci/config.h"

#include <string.h>

const char *const annotations_keys[ANNOTATION_COUNT + 1] = {
	[ANNOTATION_KEEP_GROUPS] = "run.oci.keep_original_groups",
	[ANNOTATION_LABEL_KIND] = "run.oci.mount_context_type",
	[ANNOTATION_RECEIVER] = "run.oci.seccomp.receiver",
	[ANNOTATION_BPF] = "run.oci.seccomp_bpf_data",
	[ANNOTATION_EXPLAIN] = "io.tamis.explain-denials",
	[ANNOTATION_RECORD] = "io.tamis.record",
	[ANNOTATION_FAIL_UNKNOWN] = "run.oci.seccomp_fail_unknown_syscall",
};

/* Annotations that do not only restrict: their effect, and the values that have none. */
static const struct {
	const char *does, *nothing[2];
} loosening[ANNOTATION_COUNT] = {
	[ANNOTATION_KEEP_GROUPS] = { "the container would keep the caller's groups",
				     { "0", "false" } },
	[ANNOTATION_LABEL_KIND] = { "linux.mountLabel would not hold for all files",
				    { "context" } },
	[ANNOTATION_RECEIVER] = { "an agent that linux.seccomp does not name would decide" },
	[ANNOTATION_EXPLAIN] = { "a process and a file would be made on the host" },
	[ANNOTATION_RECORD] = { "a process and a file would be made on the host" },
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

/* Returns the node, for messages; NULL in a config that was not decoded. */
static const struct json *node_of(const struct config *c, const char *key)
{
	return json_member(json_member(c->at, "annotations"), key);
}

const char *annotations_text(const struct config *c, enum annotation which)
{
	return text_of(c, annotations_keys[which]);
}

const char *annotations_image(const struct config *c)
{
	static const char *const keys[] = {
		"io.kubernetes.cri.image-name", /* containerd */
		"io.kubernetes.cri-o.ImageName",
		"org.opencontainers.image.ref.name",
	};
	const char *text = NULL;

	for (size_t i = 0; i < ARRAY_LEN(keys) && !text; i++)
		text = text_of(c, keys[i]);
	return text;
}

bool annotations_have(const struct config *c, enum annotation which)
{
	const char *text = annotations_text(c, which);
	const struct name *word = text ? names_find(switches, text) : NULL;

	return word && word->value;
}

int annotations_fail(const struct config *c, enum annotation which, const char *expected)
{
	return json_fail(node_of(c, annotations_keys[which]), "expected %s, found \"%.80s\"",
			 expected, annotations_text(c, which));
}

bool annotations_allow(const struct strings *allowed, const char *key)
{
	for (size_t i = 0; i < allowed->n; i++) {
		size_t n = strlen(allowed->v[i]);
		bool prefix = n && allowed->v[i][n - 1] == '.';

		if (prefix ? strncmp(key, allowed->v[i], n) == 0 : strcmp(key, allowed->v[i]) == 0)
			return true;
	}
	return false;
}

int annotations_fail_allowed(const struct config *c, const char *key, const char *does)
{
	return json_fail(node_of(c, key), "%s: expected --allow-annotation=%s before the command",
			 does, key);
}

static bool can_be_allowed(const char *key)
{
	for (size_t i = 0; i < ANNOTATION_COUNT; i++)
		if (loosening[i].does && strcmp(key, annotations_keys[i]) == 0)
			return true;
	return strncmp(key, ANNOTATIONS_PROPERTY, strlen(ANNOTATIONS_PROPERTY)) == 0;
}

static bool changes_nothing(enum annotation which, const char *text)
{
	for (size_t i = 0; i < ARRAY_LEN(loosening[which].nothing); i++)
		if (loosening[which].nothing[i] && strcmp(loosening[which].nothing[i], text) == 0)
			return true;
	return false;
}

int annotations_check_allowed(const struct config *c, const struct strings *allowed)
{
	for (size_t i = 0; i < allowed->n; i++)
		if (!can_be_allowed(allowed->v[i]))
			return fail(0,
				    "--allow-annotation: expected %s, %s, %s, %s, %s "
				    "or " ANNOTATIONS_PROPERTY "NAME, found '%s'",
				    annotations_keys[ANNOTATION_KEEP_GROUPS],
				    annotations_keys[ANNOTATION_LABEL_KIND],
				    annotations_keys[ANNOTATION_RECEIVER],
				    annotations_keys[ANNOTATION_EXPLAIN],
				    annotations_keys[ANNOTATION_RECORD], allowed->v[i]);
	for (enum annotation i = 0; i < ANNOTATION_COUNT; i++) {
		const char *text = annotations_text(c, i);

		if (text && loosening[i].does && !changes_nothing(i, text) &&
		    !annotations_allow(allowed, annotations_keys[i]))
			return annotations_fail_allowed(c, annotations_keys[i], loosening[i].does);
	}
	return 0;
}

int annotations_validate(const struct config *c)
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
	const char *path = annotations_text(c, ANNOTATION_RECEIVER);
	const char *record = annotations_text(c, ANNOTATION_RECORD);

	for (size_t i = 0; i < c->annotations.n; i++)
		if (!*c->annotations.v[i].key)
			return json_fail_member(c->at, "annotations", "found an empty key");
	for (size_t i = 0; i < ARRAY_LEN(refused); i++)
		if (text_of(c, refused[i].key))
			return json_fail(node_of(c, refused[i].key), "not offered: %s",
					 refused[i].why);
	for (size_t i = 0; i < ARRAY_LEN(closed); i++) {
		const char *text = annotations_text(c, closed[i].which);

		if (text && !names_find(closed[i].words, text))
			return annotations_fail(c, closed[i].which, closed[i].expected);
	}
	if (record && *record != '/')
		return annotations_fail(c, ANNOTATION_RECORD, "an absolute path");
	return path && *path != '/' ? annotations_fail(c, ANNOTATION_RECEIVER, "an absolute path")
				    : 0;
}
