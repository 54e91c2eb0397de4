/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the conversion of linux.seccomp to a profile. What the runtime-spec forbids is refused with
 * its place, before anything is made. The decoder has converted the words.
 */
#include "seccomp/oci.h"

#include "base/arena.h"
#include "base/err.h"
#include "oci/config.h"
#include "seccomp/filter.h"
#include "seccomp/profile.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <string.h>

enum { ERRNO_MAX = 4095 }; /* MAX_ERRNO: the kernel returns no larger error number */

/* Returns the action with its data. runc ignores an errnoRet that has no effect. */
static int action_of(const struct json *at, const char *key, uint32_t action,
		     const struct opt_u32 *errno_ret, bool compat_runc, uint32_t *ret)
{
	bool carries = action == SECCOMP_RET_ERRNO || action == SECCOMP_RET_TRACE;
	uint32_t most = action == SECCOMP_RET_TRACE ? SECCOMP_RET_DATA : ERRNO_MAX;

	*ret = action;
	if (!carries) {
		if (errno_ret->set && !compat_runc)
			return json_fail_member(
				at, key,
				"found an errno, expected one only for SCMP_ACT_ERRNO and "
				"SCMP_ACT_TRACE");
		return 0;
	}
	uint32_t data = errno_ret->set ? errno_ret->v : EPERM;

	if (data > most)
		return json_fail_member(at, key, "expected 0 to %u, found %u", most, data);
	*ret |= data;
	return 0;
}

static int read_rule(const struct seccomp_rule_spec *spec, size_t index, bool compat_runc,
		     struct rule *ret)
{
	struct condition *conditions = arena_array(spec->args.n, sizeof(*conditions));

	for (size_t i = 0; i < spec->args.n; i++) {
		const struct seccomp_arg_spec *a = &spec->args.v[i];

		if (a->index > 5)
			return json_fail_member(a->at, "index", "expected 0 to 5, found %u",
						a->index);
		conditions[i] = (struct condition){ .index = (uint8_t)a->index,
						    .op = (enum seccomp_op)a->op,
						    .value = a->value,
						    .value_two = a->value_two };
	}
	if (spec->names.n == 0)
		return json_fail_member(spec->at, "names", "expected at least one name");
	*ret = (struct rule){ .index = (uint32_t)index,
			      .n_names = (uint32_t)spec->names.n,
			      .names = (const char *const *)spec->names.v,
			      .n_conditions = (uint32_t)spec->args.n,
			      .conditions = conditions };
	return action_of(spec->at, "errnoRet", spec->action, &spec->errno_ret, compat_runc,
			 &ret->action);
}

static int read_architectures(const struct seccomp_spec *spec, struct profile *p)
{
	bool seen[ABI_COUNT] = { 0 };

	for (size_t i = 0; i < spec->architectures.n; i++) {
		enum abi abi = arch_by_scmp(spec->architectures.v[i]);

		if (abi == ABI_COUNT)
			return json_fail_member(spec->at, "architectures",
						"unknown architecture %s",
						spec->architectures.v[i]);
		if (!seen[abi])
			p->abis[p->n_abis++] = abi;
		seen[abi] = true;
	}
	return 0;
}

/* A notified call waits for an answer. Without a listener the kernel would return ENOSYS. */
static int check_listener(const struct seccomp_spec *spec, const struct profile *p)
{
	bool path = p->listener_path && *p->listener_path;

	if (!path && p->listener_metadata && *p->listener_metadata)
		return json_fail_member(spec->at, "listenerMetadata",
					"expected listenerPath beside it");
	if (path)
		return 0;
	if (p->default_action == SECCOMP_RET_USER_NOTIF)
		return json_fail_member(spec->at, "defaultAction",
					"SCMP_ACT_NOTIFY needs listenerPath");
	for (size_t i = 0; i < p->n_rules; i++)
		if (p->rules[i].action == SECCOMP_RET_USER_NOTIF)
			return json_fail_member(spec->syscalls.v[i].at, "action",
						"SCMP_ACT_NOTIFY needs listenerPath");
	return 0;
}

/*
 * Returns 1 if no filter is configured: no linux.seccomp, or, as in runc, an empty default action
 * and no rules.
 */
static int is_off(const struct seccomp_spec *spec)
{
	if (!spec->at)
		return 1;
	if (spec->default_action != SECCOMP_ACTION_NONE)
		return 0;
	if (spec->syscalls.n)
		return json_fail_member(spec->at, "defaultAction",
					"expected an action, found \"\"");
	return 1;
}

int oci_profile(const struct seccomp_spec *spec, bool compat_runc, const struct profile **ret)
{
	struct profile *p = arena_alloc(sizeof(*p));
	struct rule *rules = arena_array(spec->syscalls.n, sizeof(*rules));
	int off = is_off(spec);

	*ret = NULL;
	if (off)
		return off < 0 ? off : 0;
	*p = (struct profile){ .place = "linux.seccomp",
			       .listener_path = spec->listener_path,
			       .listener_metadata = spec->listener_metadata,
			       .set_flags = spec->flags.set,
			       .flags = (uint32_t)spec->flags.v,
			       .n_rules = spec->syscalls.n,
			       .rules = rules };
	int r = action_of(spec->at, "defaultErrnoRet", spec->default_action,
			  &spec->default_errno_ret, compat_runc, &p->default_action);

	for (size_t i = 0; r == 0 && i < spec->syscalls.n; i++)
		r = read_rule(&spec->syscalls.v[i], i, compat_runc, &rules[i]);
	if (r == 0)
		r = read_architectures(spec, p);
	if (r == 0)
		r = check_listener(spec, p);
	if (r == 0)
		*ret = p;
	return r;
}

int oci_filter(const struct seccomp_spec *spec, const struct filter_options *options,
	       const struct filter **ret)
{
	const struct profile *profile;
	struct seccomp_spec own = *spec;

	if (!own.listener_path || !*own.listener_path)
		own.listener_path = options->receiver;
	int r = oci_profile(&own, options->compat_runc, &profile);

	*ret = NULL;
	if (r < 0 || !profile)
		return r;
	return filter_compile(profile, options, ret);
}
