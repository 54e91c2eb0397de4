/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns what tamis says about itself. The documents are made from the tables that decode and apply a
 * config, so they cannot claim what is not supported.
 */
#include "runtime/describe.h"

#include "base/arena.h"
#include "base/err.h"
#include "oci/features.h"
#include "oci/parse.h"
#include "oci/spec.h"
#include "plan/host.h"
#include "plan/mount_options.h"
#include "seccomp/default.h"

#include <unistd.h>

static const char *const *mount_options(void)
{
	size_t n = 0;

	while (mount_options_name(n))
		n++;
	const char **words = arena_array(n + 1, sizeof(*words));

	while (n-- > 0)
		words[n] = mount_options_name(n);
	return words;
}

int describe_features(struct text *ret)
{
	struct host host;
	int r = host_read(&host);

	if (r < 0)
		return r;
	struct features_facts facts = {
		.mount_options = mount_options(),
		.seccomp_flags = host.seccomp_flags,
		.systemd = *SYSTEMD_PROGRAM,
		.systemd_user = *SYSTEMD_PROGRAM,
		.capabilities = host.caps_known,
		.version = PACKAGE_VERSION,
		.commit = TAMIS_COMMIT,
	};

	*ret = features_encode(&facts, JSONW_PRETTY);
	return 0;
}

/* Makes linux.seccomp of the default profile for the capabilities that the template grants. */
static int default_seccomp(const struct config *config, struct seccomp_spec *ret)
{
	struct host host;
	struct profile profile;
	int r = host_read(&host);

	if (r < 0)
		return r;
	struct profile_facts facts = {
		.caps = config->process.capabilities.bounding.v,
		.native = arch_by_machine(host.machine),
		.kernel_major = host.kernel_major,
		.kernel_minor = host.kernel_minor,
	};

	if (default_profile(&facts, &profile) < 0)
		return fail(0, "found no default profile for machine %s", host.machine);
	struct jsonw *w = jsonw_new(JSONW_COMPACT);

	profile_write(w, &profile);
	struct text text = jsonw_finish(w);

	return parse_seccomp("default profile", &text, ret);
}

int describe_spec(bool rootless, struct text *ret)
{
	struct spec_options options = { .rootless = rootless, .uid = geteuid(), .gid = getegid() };
	struct seccomp_spec seccomp;
	struct config config;

	spec_default(&options, &config);
	int r = default_seccomp(&config, &seccomp);

	if (r < 0)
		return r;
	options.seccomp = &seccomp;
	spec_default(&options, &config);
	*ret = spec_encode_config(&config, JSONW_PRETTY);
	return 0;
}
