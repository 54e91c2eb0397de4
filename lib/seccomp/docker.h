/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Profiles as files: the format of Docker (moby/profiles), that of containers/common (Podman,
 * Buildah, CRI-O), Docker's oldest (one object a call) and linux.seccomp of the OCI
 * runtime-spec, which the others extend. Rules that depend on capabilities, architecture or
 * kernel are decided by facts that the caller gives.
 */
#ifndef SECCOMP_DOCKER_H
#define SECCOMP_DOCKER_H

#include "base/io.h"
#include "seccomp/profile.h"

struct json;

/*
 * name is for messages ("profile.json"); it and the text must live as long as *ret. Refused,
 * with file, line and path: any word that is not known, `name` beside `names`, `architectures`
 * beside `archMap`, an errno for an action that has none, an empty profile. Reporting.
 */
must_check int docker_profile_parse(const char *name, const struct text *text,
				    const struct profile_facts *facts, struct profile *ret);
/* The same from a node; a whole config.json gives its linux.seccomp. */
must_check int docker_profile_decode(const char *name, const struct json *root,
				     const struct profile_facts *facts, struct profile *ret);

#endif
