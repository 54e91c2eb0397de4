/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules of the specification that involve more than one value, and what tamis does not
 * implement. All reporting, with the place; nothing is changed.
 */
#ifndef OCI_VALIDATE_H
#define OCI_VALIDATE_H

#include "oci/config.h"

/* One part of the config each; validate_config is all of them. */
must_check int validate_config(const struct config *c);
must_check int validate_process(const struct process_spec *p);
must_check int validate_linux(const struct linux_spec *l);
must_check int validate_resources(const struct resources_spec *r);
must_check int validate_resources_seccomp(const struct seccomp_spec *s);

/* Id maps: no overlap, no overflow, no more than one write to uid_map takes. owner and key
 * name them in messages ("mounts[3]", "uidMappings"). */
must_check int validate_linux_id_maps(const struct json *owner, const char *key,
				      const struct id_maps_spec *maps);
/* Whether a namespace of this type (CLONE_NEW*) is listed; made: without a path. */
const struct namespace_spec *validate_linux_namespace(const struct linux_spec *l, uint32_t type);
bool validate_linux_is_made(const struct namespace_spec *ns);

/* A property that is understood but not implemented: set, it is refused, never ignored. */
struct refusal {
	const char *path; /* "linux.intelRdt", below config.json's root */
	const char *why;
	bool even_empty; /* an empty object means something too */
};

/* They end with a row whose path is NULL. config.json's and process.json's. */
extern const struct refusal validate_config_refusals[], validate_process_refusals[];
/* Refuses what table lists and the object `at` has. */
must_check int validate_refusals(const struct json *at, const struct refusal *table);

#endif
