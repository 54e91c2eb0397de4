/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the decision whether a rule of a profile applies. The meaning is exactly Docker's, because
 * existing profiles were written and tested with it. First excludes: any match removes the rule.
 * Then includes: everything must hold. An unknown capability or architecture counts as absent. It
 * is noted for `check`, because a typing error in an exclude silently widens a profile.
 */
#include "seccomp/resolve.h"

#include "base/caps.h"
#include "base/err.h"
#include "base/num.h"
#include "oci/config.h"
#include "oci/words.h"

#include <string.h>

/*
 * Parses "4.8": two numbers of at most 255, not both 0. Anything after them is an error. The
 * kernel's own release in `facts` is already reduced to two numbers.
 */
static int kernel_at_least(const struct json *at, const char *version,
			   const struct profile_facts *facts)
{
	uint64_t major, minor;
	const char *end;

	if (num_scan_u64(version, &end, &major) < 0 || *end != '.' ||
	    num_parse_u64(end + 1, &minor) < 0 || major > 255 || minor > 255 || !(major | minor))
		return json_fail_member(at, "minKernel",
					"expected a version of two numbers, such as \"4.8\", found "
					"\"%s\"",
					version);
	return facts->kernel_major != major ? facts->kernel_major > major
					    : facts->kernel_minor >= minor;
}

static bool has_arch(const struct resolve_filter *f, const struct profile_facts *facts)
{
	bool found = false;

	for (size_t i = 0; i < f->arches.n; i++) {
		enum abi abi = arch_by_docker(f->arches.v[i]);

		if (abi == ABI_COUNT)
			json_note(f->at, "unknown architecture \"%s\"", f->arches.v[i]);
		else if (abi == facts->native)
			found = true;
	}
	return found;
}

/* Returns how many of the capabilities are held. */
static size_t caps_held(const struct resolve_filter *f, const struct profile_facts *facts)
{
	size_t n = 0;

	for (size_t i = 0; i < f->caps.n; i++) {
		int cap = caps_find(f->caps.v[i]);

		if (cap < 0)
			json_note(f->at, "unknown capability \"%s\"", f->caps.v[i]);
		else if (facts->caps >> cap & 1)
			n++;
	}
	return n;
}

int resolve_rule(const struct resolve_filter *includes, const struct resolve_filter *excludes,
		 const struct profile_facts *facts)
{
	int new_enough = 1, too_new = 0;

	if (includes->min_kernel)
		new_enough = kernel_at_least(includes->at, includes->min_kernel, facts);
	if (excludes->min_kernel)
		too_new = kernel_at_least(excludes->at, excludes->min_kernel, facts);
	if (new_enough < 0 || too_new < 0)
		return new_enough < 0 ? new_enough : too_new;

	if (has_arch(excludes, facts) || caps_held(excludes, facts) || too_new)
		return 0;
	if (includes->arches.n && !has_arch(includes, facts))
		return 0;
	return caps_held(includes, facts) == includes->caps.n && new_enough;
}
