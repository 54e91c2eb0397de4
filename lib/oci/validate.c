/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the rules for config.json as a whole. A container must not start with less confinement than
 * its config asks for. So a property that tamis does not support is refused by name. The tables
 * below are the only list of such properties.
 */
#include "oci/validate.h"

#include "base/sys.h"
#include "oci/annotations.h"

#include <string.h>

const struct refusal validate_config_refusals[] = {
	{ "linux.intelRdt", "Intel RDT is not supported", true },
	{ "linux.netDevices", "moving network devices is not supported", false },
	{ "linux.memoryPolicy", "NUMA memory policies are not supported", true },
	{ "linux.personality.flags", "flags of execution domains are not supported", false },
	{ "process.scheduler", "scheduling policies are not supported", true },
	{ "process.ioPriority", "I/O priorities are not supported", true },
	{ "vm", "virtual machines are not supported", false },
	{ "windows", "this is a runtime for Linux", false },
	{ "solaris", "this is a runtime for Linux", false },
	{ "zos", "this is a runtime for Linux", false },
	{ "freebsd", "this is a runtime for Linux", false },
	{ NULL, NULL, false },
};

/* For process.json. */
const struct refusal validate_process_refusals[] = {
	{ "scheduler", "scheduling policies are not supported", true },
	{ "ioPriority", "I/O priorities are not supported", true },
	{ NULL, NULL, false },
};

/* Returns the value at a dotted path below v, or NULL. */
static const struct json *find_path(const struct json *v, const char *path)
{
	while (v && v->type == JSON_OBJECT) {
		size_t n = strcspn(path, ".");
		const struct json *found = NULL;

		json_each (m, v)
			if (strncmp(m->key, path, n) == 0 && m->key[n] == 0)
				found = m;
		if (!path[n])
			return found;
		path += n + 1;
		v = found;
	}
	return NULL;
}

static bool is_set(const struct json *v, bool even_empty)
{
	if (!v || v->type == JSON_NULL)
		return false;
	return even_empty || (v->type != JSON_OBJECT && v->type != JSON_ARRAY) || v->n > 0;
}

int validate_refusals(const struct json *at, const struct refusal *table)
{
	for (; table->path; table++) {
		const struct json *v = find_path(at, table->path);

		if (is_set(v, table->even_empty))
			return json_fail(v, "%s", table->why);
	}
	return 0;
}

/* Accepts 1.MINOR[.PATCH], followed by anything after "-" or "+" ("1.0.2-dev"). */
static bool is_version_1(const char *s)
{
	if (strncmp(s, "1.", 2) != 0)
		return false;
	for (int part = 0; part < 2; part++) {
		size_t n = strspn(s += part ? 0 : 2, "0123456789");

		if (!n)
			return false;
		s += n;
		if (*s != '.')
			break;
		s++;
	}
	return !*s || *s == '-' || *s == '+';
}

static int validate_version(const struct config *c)
{
	if (is_version_1(c->oci_version))
		return 0;
	return json_fail_member(c->at, "ociVersion",
				"expected version 1.x of the runtime-spec, found string \"%.40s\"",
				c->oci_version);
}

/*
 * The kernel keeps both names in the UTS namespace. Without one of its own the container would
 * rename the host.
 */
static int validate_names(const struct config *c)
{
	const struct {
		const char *key, *value;
	} names[] = { { "hostname", c->hostname }, { "domainname", c->domainname } };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (names[i].value && *names[i].value &&
		    !validate_linux_namespace(&c->linux_, CLONE_NEWUTS))
			return json_fail_member(c->at, names[i].key,
						"expected a uts namespace in linux.namespaces, "
						"found none");
	return 0;
}

static int validate_mount(const struct mount_spec *m)
{
	int r;

	if (!m->uid_maps.n != !m->gid_maps.n)
		return json_fail_member(m->at, m->uid_maps.n ? "gidMappings" : "uidMappings",
					"missing: expected both uidMappings and gidMappings or "
					"none");
	r = validate_linux_id_maps(m->at, "uidMappings", &m->uid_maps);
	if (r < 0)
		return r;
	return validate_linux_id_maps(m->at, "gidMappings", &m->gid_maps);
}

static int validate_present(const struct config *c)
{
	if (!c->process.at)
		return json_fail_member(c->at, "process", "missing");
	if (!c->root.at)
		return json_fail_member(c->at, "root", "missing");
	if (!c->linux_.at)
		return json_fail_member(c->at, "linux",
					"missing: a container needs at least a mount namespace");
	return 0;
}

int validate_config(const struct config *c)
{
	int r = validate_version(c);

	if (r < 0 || (r = validate_refusals(c->at, validate_config_refusals)) < 0 ||
	    (r = validate_present(c)) < 0 || (r = validate_process(&c->process)) < 0 ||
	    (r = validate_linux(&c->linux_)) < 0 || (r = validate_names(c)) < 0)
		return r;
	for (size_t i = 0; i < c->mounts.n; i++) {
		r = validate_mount(&c->mounts.v[i]);
		if (r < 0)
			return r;
	}
	return annotations_validate(c);
}
