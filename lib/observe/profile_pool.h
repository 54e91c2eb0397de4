/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Original profiles that come with listeners, in listenerMetadata:
 *
 *	{"schema":"tamis-explain/1","name":"docker.json","caps":"a80425fb","seccomp":{...}}
 *
 * caps is the bounding set in hexadecimal, seccomp a linux.seccomp of the runtime-spec. Containers
 * with the same text share one. Example:
 *
 *	r = profile_pool_get(&pool, metadata, &facts, &profile);
 *	if (r == 0 && profile)
 *		answer = denial_answer(profile_pool_profile(profile), &call);
 *	profile_pool_put(&pool, profile);
 */
#ifndef OBSERVE_PROFILE_POOL_H
#define OBSERVE_PROFILE_POOL_H

#include "base/base.h"

struct denial_profile;
struct profile_facts;
struct pooled_profile;

struct profile_pool {
	struct pooled_profile *first;
};

/*
 * Finds or reads the profile. *ret is NULL if the metadata is NULL or not of this schema. facts:
 * those of the host; the capabilities are those of the metadata. Reporting.
 */
must_check int profile_pool_get(struct profile_pool *pool, const char *metadata,
				const struct profile_facts *facts, struct pooled_profile **ret);
/* Gives a profile back, which may be NULL; it is freed when nobody uses it. */
void profile_pool_put(struct profile_pool *pool, struct pooled_profile *profile);
/* NULL for NULL. */
const struct denial_profile *profile_pool_profile(const struct pooled_profile *profile);

#endif
