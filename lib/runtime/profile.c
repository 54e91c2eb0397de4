/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns --seccomp. Conditions in a profile (capabilities, architecture, kernel) are decided for the
 * container that is being made: its bounding set and this machine.
 */
#include "runtime/profile.h"

#include "base/err.h"
#include "base/input.h"
#include "base/names.h"
#include "oci/config.h"
#include "oci/json.h"
#include "plan/host.h"
#include "plan/plan.h"
#include "runtime/container.h"
#include "runtime/load.h"
#include "seccomp/default.h"
#include "seccomp/docker.h"
#include "seccomp/filter.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

static struct profile_facts facts_of(const struct create_options *options,
				     const struct config *config, const struct host *host)
{
	return (struct profile_facts){
		.caps = config->process.capabilities.bounding.v,
		.native = arch_by_machine(host->machine),
		.kernel_major = host->kernel_major,
		.kernel_minor = host->kernel_minor,
		.compat_runc = options->seccomp_compat_runc,
	};
}

static int read_profile(const char *path, const struct profile_facts *facts, struct text *ret_text,
			struct profile *ret)
{
	int r = input_read(AT_FDCWD, path, JSON_TEXT_MAX, ret_text);

	if (r == -ENOENT || r == -EISDIR)
		return fail(-r, "--seccomp %s: expected default, unconfined or a profile's file",
			    path);
	if (r < 0)
		return fail(-r, "--seccomp %s: cannot be read", path);
	return docker_profile_parse(path, ret_text, facts, ret);
}

enum { DEFAULT_PROFILE, NO_PROFILE };

const struct name profile_words[] = { { "default", DEFAULT_PROFILE },
				      { "unconfined", NO_PROFILE },
				      { 0 } };

int profile_option(const struct create_options *options, struct loaded *in,
		   struct plan_options *ret)
{
	const struct host *host = &in->host;
	const char *word = options->seccomp;
	struct profile_facts facts = facts_of(options, &in->config, host);
	struct filter_options fo = {
		.compat_runc = options->seccomp_compat_runc,
		.kernel_flags = host->seccomp_flags,
		.machine = host->machine,
	};
	struct profile profile = { 0 };
	int r;

	if (!word)
		return 0;
	const struct name *known = names_find(profile_words, word);

	ret->unconfined = known && known->value == NO_PROFILE;
	if (ret->unconfined)
		return 0;
	in->profile_name = word;
	if (known) {
		r = default_profile(&facts, &profile);
		if (r < 0)
			r = fail(0, "--seccomp default: found no default profile for machine %s",
				 host->machine);
	} else {
		r = read_profile(word, &facts, &in->profile_text, &profile);
	}
	if (r >= 0)
		r = filter_compile(&profile, &fo, &ret->filter);
	if (r >= 0 && ret->filter->user_notif && !(profile.listener_path && *profile.listener_path))
		r = fail(0, "--seccomp %s: SCMP_ACT_NOTIFY needs listenerPath", word);
	return r;
}
