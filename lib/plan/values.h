/* SPDX-License-Identifier: Apache-2.0 */
/* Collects the values of linux.resources; private to lib/plan. */
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

/* Whether the list of words, each between any of the separators, has this one. */
bool values_has_word(const char *list, const char *separators, const char *word);
/* Where this host has the controller, v1 before v2. */
enum cgroup_version values_version(const struct values *b, const char *controller);
/* Fails if it has it nowhere. at and key are what wants it. Reporting. */
must_check int values_need(const struct values *b, const struct json *at, const char *key,
			   const char *controller, enum cgroup_version *ret);
/* One more value, in the order of writing; the caller may fill in the rest of it. */
struct plan_cgroup_value *values_add(struct values *b, const struct json *at, const char *key,
				     const char *controller, const char *file, const char *value);

/* Each reads its part of spec. All reporting. */
must_check int values_memory(struct values *b);
must_check int values_cpu(struct values *b);
must_check int values_cpu_set(struct values *b);
must_check int values_blkio(struct values *b);

/*
 * cpu.shares of v1 (2..262144) as cpu.weight of v2 (1..10000): the curve through (2, 1),
 * (1024, 100) and (262144, 10000) that opencontainers/cgroups (runc 1.4) and crun use since
 * 2025; the straight line of before made 1024 a weight of 39.
 */
uint64_t values_cpu_weight(uint64_t shares);

#endif
