/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules of the specification that involve several values, and properties that tamis does not
 * support. All reporting, with the place. Nothing is changed.
 */
#ifndef OCI_VALIDATE_H
#define OCI_VALIDATE_H

#include "oci/config.h"

/* Each checks one part of the config; validate_config() checks all of it. */
must_check int validate_config(const struct config *c);
must_check int validate_process(const struct process_spec *p);
must_check int validate_linux(const struct linux_spec *l);
must_check int validate_resources(const struct resources_spec *r);
must_check int validate_resources_seccomp(const struct seccomp_spec *s);

/*
 * Checks id maps: no overlap, no overflow, and not more than one write to uid_map accepts. owner
 * and key name them in messages ("mounts[3]", "uidMappings").
 */
must_check int validate_linux_id_maps(const struct json *owner, const char *key,
				      const struct id_maps_spec *maps);
/* Returns the namespace of this type (CLONE_NEW*) in the list, or NULL. */
const struct namespace_spec *validate_linux_namespace(const struct linux_spec *l, uint32_t type);

/* A property that is understood but not supported. If it is set it is refused, never ignored. */
struct refusal {
	const char *path; /* below the root of config.json, for example "linux.intelRdt" */
	const char *why;
	bool even_empty; /* refuse an empty object, too, because it has a meaning */
};

/* For config.json and process.json. The last row has the path NULL. */
extern const struct refusal validate_config_refusals[], validate_process_refusals[];
/* Refuses what the table lists and the object `at` has. */
must_check int validate_refusals(const struct json *at, const struct refusal *table);

#endif
