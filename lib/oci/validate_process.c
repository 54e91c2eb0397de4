/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the rules for `process`, in config.json and in process.json. */
#include "oci/validate.h"

#include "base/words.h"
#include "oci/words.h"

#include <inttypes.h>
#include <limits.h>

static int validate_args(const struct process_spec *p)
{
	if (!p->args.v)
		return json_fail_member(p->at, "args", "missing");
	if (!p->args.n)
		return json_fail_member(p->at, "args", "expected at least a program, found []");
	if (!*p->args.v[0])
		return json_fail_element(p->at, "args", 0, "exec: \"\": " WORDS_NOT_FOUND);
	return 0;
}

static int validate_rlimit(const struct process_spec *p, size_t i)
{
	const struct rlimit_spec *l = &p->rlimits.v[i];

	if (l->soft > l->hard)
		return json_fail_member(l->at, "soft",
					"expected at most the hard limit %" PRIu64
					", found %" PRIu64,
					l->hard, l->soft);
	for (size_t k = 0; k < i; k++)
		if (p->rlimits.v[k].type == l->type)
			return json_fail_member(l->at, "type", "%s is there twice, first in %s",
						names_of(words_rlimits, l->type),
						json_path(p->rlimits.v[k].at));
	return 0;
}

int validate_process(const struct process_spec *p)
{
	int r = validate_args(p);

	if (r < 0)
		return r;
	if (p->user.additional_gids.n > NGROUPS_MAX)
		return json_fail_member(p->user.at, "additionalGids",
					"expected at most %d groups, found %zu", NGROUPS_MAX,
					p->user.additional_gids.n);
	for (size_t i = 0; i < p->rlimits.n; i++) {
		r = validate_rlimit(p, i);
		if (r < 0)
			return r;
	}
	return 0;
}
