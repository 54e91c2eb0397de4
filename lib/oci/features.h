/* SPDX-License-Identifier: Apache-2.0 */
/* The Features document of the runtime-spec (features.md): what this runtime understands. */
#ifndef OCI_FEATURES_H
#define OCI_FEATURES_H

#include "base/io.h"
#include "oci/jsonw.h"

#define FEATURES_VERSION_MIN "1.0.0"
#define FEATURES_VERSION_MAX "1.3.0"

/* What the word tables of lib/oci do not know. Lists end with NULL. */
struct features_facts {
	const char *const *mount_options; /* sorted */
	const char *const *seccomp_archs; /* with tables; NULL: all of the specification */
	uint64_t seccomp_flags;		  /* SECCOMP_FILTER_FLAG_* that this kernel takes */
	uint64_t capabilities;		  /* bit n: this kernel knows capability n */
	bool systemd, systemd_user;	  /* cgroup drivers that are built in */
	const char *version, *commit;	  /* of tamis, for the annotations; NULL: left out */
};

/* The Features document of the specification (1.3) as JSON; arena. */
struct text features_encode(const struct features_facts *facts, enum jsonw_style style);

#endif
