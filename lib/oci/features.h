/* SPDX-License-Identifier: Apache-2.0 */
/* The Features document of the runtime-spec (features.md): what this runtime supports. */
#ifndef OCI_FEATURES_H
#define OCI_FEATURES_H

#include "base/io.h"
#include "oci/jsonw.h"

#define FEATURES_VERSION_MIN "1.0.0"
#define FEATURES_VERSION_MAX "1.3.0"

/* Facts that the word tables of lib/oci do not contain. Lists end with NULL. */
struct features_facts {
	const char *const *mount_options; /* sorted */
	const char *const *seccomp_archs; /* those with tables; NULL: all of the specification */
	uint64_t seccomp_flags;		  /* SECCOMP_FILTER_FLAG_* that this kernel supports */
	uint64_t capabilities;		  /* bit n: this kernel has capability n */
	bool systemd, systemd_user;	  /* cgroup drivers in this build */
	const char *version, *commit;	  /* of tamis, for the annotations; NULL: omitted */
};

/* Returns the Features document of runtime-spec 1.3 as JSON. In the arena. */
struct text features_encode(const struct features_facts *facts, enum jsonw_style style);

#endif
