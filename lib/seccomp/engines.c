/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the default profiles of Docker (moby/profiles, seccomp/default.json), containerd
 * (contrib/seccomp/seccomp_default.go), Podman (containers/common, seccomp.json, which Buildah
 * uses too) and CRI-O (that of containers/common, but unshare needs a capability:
 * internal/config/seccomp/seccomp.go). Most of their rules are the same, so they share one table.
 */
#include "seccomp/engines.h"

#include "seccomp/rows.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <string.h>

enum {
	DOCKER = 1,
	CONTAINERD = 2,
	PODMAN = 4,
	CRIO = 8,
	COMMON = PODMAN | CRIO, /* containers/common */
	ALL = DOCKER | CONTAINERD | COMMON,
};

#define ALLOWED SECCOMP_RET_ALLOW
#define REFUSED(error) (SECCOMP_RET_ERRNO | (error))
#define CAP ROWS_CAP
#define ON ROWS_ON
#define KERNEL ROWS_KERNEL
#define IF ROWS_IF
#define IF_BOTH ROWS_IF_BOTH
#define NEW_NAMESPACES ROWS_NEW_NAMESPACES

static const struct row rows[] = {
#include "seccomp/engines.inc"
};

static const struct engines_profile engines[] = {
	{ "docker", "moby/profiles cd3bed80", "2026-11-22", DOCKER, REFUSED(EPERM) },
	{ "containerd", "containerd/containerd 301026e5", "2026-11-22", CONTAINERD,
	  REFUSED(EPERM) },
	{ "podman", "containers/container-libs f0ddf1a7", "2026-11-22", PODMAN, REFUSED(ENOSYS) },
	{ "crio", "cri-o/cri-o 03c4bcac on containers/container-libs f0ddf1a7", "2026-11-22", CRIO,
	  REFUSED(ENOSYS) },
};

const struct engines_profile *engines_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(engines); i++)
		if (strcmp(engines[i].name, name) == 0)
			return &engines[i];
	return NULL;
}

const char *engines_names(void)
{
	return "docker, containerd, podman or crio";
}

void engines_make(const struct engines_profile *engine, const struct profile_facts *facts,
		  struct profile *ret)
{
	*ret = (struct profile){ .place = engine->name, .default_action = engine->default_action };
	rows_select(rows, ARRAY_LEN(rows), engine->of, facts, ret);
	rows_add_abis(facts->native, ret);
}
