/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads profiles from files: the format of Docker (moby/profiles), that of containers/common
 * (Podman, Buildah, CRI-O), Docker's oldest (one object per call), and linux.seccomp of the
 * runtime-spec, which the others extend. Rules that depend on capabilities, the architecture or the
 * kernel are selected by `facts`.
 */
#ifndef SECCOMP_DOCKER_H
#define SECCOMP_DOCKER_H

#include "base/io.h"
#include "seccomp/profile.h"

struct json;

/*
 * Reads a profile from text. `name` is for messages ("profile.json"); it and the text must live as
 * long as *ret. Errors, with file, line and path: any unknown key or word, `name` together with
 * `names`, `architectures` together with `archMap`, an errno for an action that has none, an empty
 * profile. Reporting.
 */
must_check int docker_profile_parse(const char *name, const struct text *text,
				    const struct profile_facts *facts, struct profile *ret);
/*
 * As docker_profile_parse(), from a JSON node. From a whole config.json it takes linux.seccomp.
 * Reporting.
 */
must_check int docker_profile_decode(const char *name, const struct json *root,
				     const struct profile_facts *facts, struct profile *ret);

/*
 * Both halves of docker_profile_decode(), for a profile that is decided by several facts: the first
 * reads the rules with their conditions, in the arena; the second decides them. Reporting.
 */
struct docker_profile;
must_check int docker_profile_read(const struct json *root, const struct docker_profile **ret);
must_check int docker_profile_resolve(const char *name, const struct docker_profile *from,
				      const struct profile_facts *facts, struct profile *ret);

#endif
