/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the `features` document. It is printed from the tables that the decoder uses. Docker,
 * containerd and CRI-O enable read-only mounts and user namespaces by it, so what it claims must be
 * implemented.
 */
#include "oci/features.h"

#include "oci/annotations.h"
#include "oci/config.h"
#include "oci/encode.h"
#include "oci/words.h"

#include <string.h>

static void write_list(struct jsonw *w, const char *key, const char *const *words)
{
	jsonw_member_array(w, key);
	for (; words && *words; words++)
		jsonw_string(w, *words);
	jsonw_end(w);
}

/* Writes the names of a table; of a flag table only those in mask. */
static void write_names(struct jsonw *w, const char *key, const struct name *table, uint64_t mask)
{
	jsonw_member_array(w, key);
	for (; table->name; table++)
		if (mask == UINT64_MAX || ((uint64_t)table->value & mask))
			jsonw_string(w, table->name);
	jsonw_end(w);
}

/* The keys of an object that the decoder knows. */
static void write_keys(struct jsonw *w, const char *key, const struct shape *shape)
{
	jsonw_member_array(w, key);
	for (size_t i = 0; i < shape->n; i++)
		jsonw_string(w, shape->fields[i].key);
	jsonw_end(w);
}

static void write_enabled(struct jsonw *w, const char *key, bool enabled)
{
	jsonw_member_object(w, key);
	jsonw_member_bool(w, "enabled", enabled);
	jsonw_end(w);
}

static void write_cgroup(struct jsonw *w, const struct features_facts *facts)
{
	jsonw_member_object(w, "cgroup");
	jsonw_member_bool(w, "v1", true);
	jsonw_member_bool(w, "v2", true);
	jsonw_member_bool(w, "systemd", facts->systemd);
	jsonw_member_bool(w, "systemdUser", facts->systemd_user);
	jsonw_member_bool(w, "rdma", true);
	jsonw_end(w);
}

static void write_seccomp(struct jsonw *w, const struct features_facts *facts)
{
	jsonw_member_object(w, "seccomp");
	jsonw_member_bool(w, "enabled", true);
	write_names(w, "actions", seccomp_action_names, UINT64_MAX);
	write_names(w, "operators", words_seccomp_ops, UINT64_MAX);
	if (facts->seccomp_archs)
		write_list(w, "archs", facts->seccomp_archs);
	else
		write_names(w, "archs", words_seccomp_archs, UINT64_MAX);
	write_names(w, "knownFlags", words_seccomp_flags, UINT64_MAX);
	write_names(w, "supportedFlags", words_seccomp_flags, facts->seccomp_flags);
	jsonw_end(w);
}

static void write_linux(struct jsonw *w, const struct features_facts *facts)
{
	jsonw_member_object(w, "linux");
	write_names(w, "namespaces", words_namespaces, UINT64_MAX);
	jsonw_key(w, "capabilities");
	encode_caps(w, facts->capabilities);
	write_cgroup(w, facts);
	write_seccomp(w, facts);
	write_enabled(w, "apparmor", true);
	write_enabled(w, "selinux", true);
	write_enabled(w, "intelRdt", false);
	jsonw_member_object(w, "mountExtensions");
	write_enabled(w, "idmap", true);
	jsonw_end(w);
	write_enabled(w, "netDevices", false);
	jsonw_end(w);
}

/* features.md: a key that ends with a dot is a prefix. */
static void write_unsafe(struct jsonw *w, const struct features_facts *facts)
{
	jsonw_member_array(w, "potentiallyUnsafeConfigAnnotations");
	if (facts->systemd)
		jsonw_string(w, ANNOTATIONS_PROPERTY);
	for (const char *const *key = annotations_keys; *key; key++)
		jsonw_string(w, *key);
	jsonw_end(w);
}

static void write_annotations(struct jsonw *w, const struct features_facts *facts)
{
	if (!facts->version && !facts->commit)
		return;
	jsonw_member_object(w, "annotations");
	if (facts->commit)
		jsonw_member_string(w, "tamis.commit", facts->commit);
	if (facts->version)
		jsonw_member_string(w, "tamis.version", facts->version);
	jsonw_end(w);
}

struct text features_encode(const struct features_facts *facts, enum jsonw_style style)
{
	struct jsonw *w = jsonw_new(style);

	jsonw_object(w);
	jsonw_member_string(w, "ociVersionMin", FEATURES_VERSION_MIN);
	jsonw_member_string(w, "ociVersionMax", FEATURES_VERSION_MAX);
	write_keys(w, "hooks", &config_hooks_shape);
	write_list(w, "mountOptions", facts->mount_options);
	write_linux(w, facts);
	write_annotations(w, facts);
	write_unsafe(w, facts);
	jsonw_end(w);
	return jsonw_finish(w);
}
