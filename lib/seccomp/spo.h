/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Profiles as resources of Kubernetes' security-profiles-operator: kind SeccompProfile of
 * security-profiles-operator.x-k8s.io, v1 and v1beta1.
 */
#ifndef SECCOMP_SPO_H
#define SECCOMP_SPO_H

#include "seccomp/profile.h"

struct json;
struct text;

/* Documents in which baseProfileName is looked up, by metadata.name. Those that are no
 * SeccompProfile are passed over. */
struct spo_documents {
	size_t n;
	const struct json *const *v;
};

/* Whether the document says that it is one, of any version. */
bool spo_profile_is(const struct json *root);

/*
 * name is for messages; it and all trees must live as long as *ret. The rules of the base
 * profile come first, as the union that the operator makes: of two rules for one call the less
 * restrictive wins. Refused: another version, unknown keys and words, what the operator's
 * schema forbids, a base profile that is not among `others` (an image, "oci://...", never is),
 * that leads back to itself, or whose rules have no union that rules can say. Reporting.
 */
must_check int spo_profile_decode(const char *name, const struct json *root,
				  const struct spo_documents *others,
				  const struct profile_facts *facts, struct profile *ret);

/*
 * The profile as YAML, of version v1. resource: metadata.name. Reporting: what the resource
 * cannot say (an errno of the default action, errno 0, values of 2^63 and more, NOTIFY as
 * default, an empty list of flags, other listener paths, newer architectures).
 */
must_check int spo_write(const struct profile *profile, const char *resource, struct text *ret);

#endif
