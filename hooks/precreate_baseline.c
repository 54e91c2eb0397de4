/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the reading of the baseline and its intersection with the container's profile. What must
 * hold: under no runtime is a call let through that the baseline, or the container's own profile,
 * denies.
 */
#include "hooks/precreate_baseline.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/input.h"
#include "oci/annotations.h"
#include "seccomp/combine.h"
#include "seccomp/default.h"
#include "seccomp/difference.h"
#include "seccomp/docker.h"
#include "seccomp/engines.h"
#include "seccomp/overlap.h"
#include "seccomp/policy.h"

#include <fcntl.h>
#include <string.h>

static int read_file(const char *path, const struct profile_facts *facts, struct profile *ret)
{
	struct text *text = arena_alloc(sizeof(*text));
	int r = input_read(AT_FDCWD, path, JSON_TEXT_MAX, text);

	if (r < 0)
		return fail(-r, "--baseline: %s cannot be read; expected a file, default, %s", path,
			    engines_names());
	return docker_profile_parse(path, text, facts, ret);
}

/* Its own rules may depend on the container's capabilities. */
static int read_baseline(const char *word, const struct precreate_config *c, struct profile *ret)
{
	const struct engines_profile *engine = engines_find(word);
	struct profile_facts facts = c->facts;
	int r = 0;

	facts.compat_runc = false;
	if (engine)
		engines_make(engine, &facts, ret);
	else if (strcmp(word, "default") != 0)
		r = read_file(word, &facts, ret);
	else if (default_profile(&facts, ret) < 0)
		r = fail(0, "--baseline default: there is no built-in profile for %s",
			 arch_abi(facts.native)->scmp);
	if (!ret->place)
		ret->place = word;
	return r;
}

static const char *describe(const struct canon *canon, const struct verdicts *wanted,
			    const struct verdicts *got)
{
	return difference_first(canon, wanted, got, NULL);
}

static int judge(const struct profile *p, struct precreate_config *c, struct combine_input *ret)
{
	const struct policy *policy;
	int r = policy_make(p, c->facts.native, false, &policy);

	*ret = (struct combine_input){ .name = p->place, .profile = p };
	if (r == 0)
		verdicts_of_policy(policy, &c->canon, &ret->verdicts);
	return r;
}

static int prove(const struct profile *result, const struct profile *limit,
		 struct precreate_config *c)
{
	const char *where;
	int r = combine_is_within(result, limit, c->facts.native, &c->canon, &where);

	return r == 0 ? fail(0,
			     "%s: no intersection with the baseline was found that is right "
			     "under every runtime: %s",
			     limit->place, where)
		      : r;
}

static int intersect(struct precreate_config *c, const struct profile *baseline)
{
	struct combined *combined = arena_alloc(sizeof(*combined));
	struct combine_input inputs[2];
	const struct combine combine = { .name = "the intersection with the baseline",
					 .whole = true,
					 .native = c->facts.native,
					 .n = ARRAY_LEN(inputs),
					 .inputs = inputs,
					 .describe = describe };
	int r = judge(c->profile, c, &inputs[0]);

	if (r == 0)
		r = judge(baseline, c, &inputs[1]);
	if (r == 0)
		r = combine_profiles(&combine, &c->canon, combined);
	if (r == 0)
		r = prove(&combined->profile, c->profile, c);
	if (r >= 0)
		r = prove(&combined->profile, baseline, c);
	if (r < 0)
		return r;
	c->profile = &combined->profile;
	return 0;
}

int precreate_baseline_apply(struct precreate_config *c, const char *word)
{
	struct profile *baseline = arena_alloc(sizeof(*baseline));
	const char *where;
	int r = read_baseline(word, c, baseline);

	if (r == 0 && precreate_config_annotation(c, annotations_keys[ANNOTATION_BPF]))
		return fail(0,
			    "annotation %s: crun would load that filter in place of linux.seccomp, "
			    "so the baseline would not hold",
			    annotations_keys[ANNOTATION_BPF]);
	if (r < 0)
		return r;
	if (!c->profile) {
		c->profile = baseline;
		return 0;
	}
	/* what overlapping rules mean under libseccomp is not compared: they are written anew */
	if (!overlap_first(c->profile, baseline, &c->canon))
		r = combine_is_within(c->profile, baseline, c->facts.native, &c->canon, &where);
	return r ? (r < 0 ? r : 0) : intersect(c, baseline);
}
