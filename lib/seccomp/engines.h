/* SPDX-License-Identifier: Apache-2.0 */
/* The default profiles of container engines as they are shipped, built in. */
#ifndef SECCOMP_ENGINES_H
#define SECCOMP_ENGINES_H

#include "seccomp/profile.h"

struct engines_profile {
	const char *name;   /* "docker" */
	const char *source; /* whose file it is, and its commit */
	const char *date;   /* on which it was the newest one */
	uint32_t of;	    /* its bit in the table */
	uint32_t default_action;
};

/* The profile of that name, or NULL. */
const struct engines_profile *engines_find(const char *name);
/* "docker, containerd, podman or crio", for messages. */
const char *engines_names(void);
/* Its rules under these facts. */
void engines_make(const struct engines_profile *engine, const struct profile_facts *facts,
		  struct profile *ret);

#endif
