/* SPDX-License-Identifier: Apache-2.0 */
/* Collects the values of linux.resources. Only lib/plan includes this. */
#ifndef PLAN_VALUES_H
#define PLAN_VALUES_H

#include "base/base.h"
#include "oci/config.h"
#include "plan/host.h"
#include "plan/plan.h"

struct values {
	const struct host *host;
	const struct resources_spec *spec;
	const char *oci_version;
	size_t n, room;
	struct plan_cgroup_value *v;
};

enum cgroup_version { CGROUP_NONE, CGROUP_V1, CGROUP_V2 };

/* Whether the list has this word. Words are separated by any of the separators. */
bool values_has_word(const char *list, const char *separators, const char *word);
/* Returns which version of this host has the controller; v1 is preferred. */
enum cgroup_version values_version(const struct values *b, const char *controller);
/*
 * Fails if the host does not have the controller. at and key name the setting that needs it.
 * Reporting.
 */
must_check int values_need(const struct values *b, const struct json *at, const char *key,
			   const char *controller, enum cgroup_version *ret);
/* Adds a value, in the order of writing. The caller may set its other members. */
struct plan_cgroup_value *values_add(struct values *b, const struct json *at, const char *key,
				     const char *controller, const char *file, const char *value);

/* Each converts its part of spec. All reporting. */
must_check int values_memory(struct values *b);
must_check int values_cpu(struct values *b);
must_check int values_cpu_set(struct values *b);
must_check int values_blkio(struct values *b);

/*
 * Converts cpu.shares of v1 (2 to 262144) to cpu.weight of v2 (1 to 10000) by the curve through (2,
 * 1), (1024, 100) and (262144, 10000), which opencontainers/cgroups (runc 1.4) and crun use since
 * 2025. The linear conversion used before made 1024 a weight of 39.
 */
uint64_t values_cpu_weight(uint64_t shares);

#endif
