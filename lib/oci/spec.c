/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the template of `spec`: a shell in a confined container. Mounts, capabilities and masked
 * paths are those of runc's template, which people know. In addition it has a cgroup namespace and,
 * from the caller, a seccomp filter.
 */
#include "oci/spec.h"

#include "base/arena.h"
#include "base/sys.h"
#include "oci/encode.h"
#include "oci/features.h"

#include <linux/capability.h>
#include <string.h>
#include <sys/resource.h>

#define LITERALS(...) ((const char *[]){ __VA_ARGS__ })
/* clang-format off */
#define WORDS_OF(...) \
	{ ARRAY_LEN(LITERALS(__VA_ARGS__)), (char **)LITERALS(__VA_ARGS__, NULL) }
/* clang-format on */
#define CAP_BIT(cap) (UINT64_C(1) << (cap))
#define SPEC_CAPS                                                                                  \
	{                                                                                          \
		true, CAP_BIT(CAP_AUDIT_WRITE) | CAP_BIT(CAP_KILL) | CAP_BIT(CAP_NET_BIND_SERVICE) \
	}

static struct mount_spec mounts[] = {
	{ .destination = "/proc", .type = "proc", .source = "proc" },
	{ .destination = "/dev",
	  .type = "tmpfs",
	  .source = "tmpfs",
	  .options = WORDS_OF("nosuid", "strictatime", "mode=755", "size=65536k") },
	{ .destination = "/dev/pts",
	  .type = "devpts",
	  .source = "devpts",
	  .options = WORDS_OF("nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620",
			      "gid=5") },
	{ .destination = "/dev/shm",
	  .type = "tmpfs",
	  .source = "shm",
	  .options = WORDS_OF("nosuid", "noexec", "nodev", "mode=1777", "size=65536k") },
	{ .destination = "/dev/mqueue",
	  .type = "mqueue",
	  .source = "mqueue",
	  .options = WORDS_OF("nosuid", "noexec", "nodev") },
	{ .destination = "/sys",
	  .type = "sysfs",
	  .source = "sysfs",
	  .options = WORDS_OF("nosuid", "noexec", "nodev", "ro") },
	{ .destination = "/sys/fs/cgroup",
	  .type = "cgroup",
	  .source = "cgroup",
	  .options = WORDS_OF("nosuid", "noexec", "nodev", "relatime", "ro") },
};

static const struct strings rootless_sys = WORDS_OF("rbind", "nosuid", "noexec", "nodev", "ro");

static struct namespace_spec namespaces[] = {
	{ .type = CLONE_NEWPID }, { .type = CLONE_NEWNET }, { .type = CLONE_NEWIPC },
	{ .type = CLONE_NEWUTS }, { .type = CLONE_NEWNS },  { .type = CLONE_NEWCGROUP },
};

/* No network namespace: without privilege nobody could give it a device. */
static struct namespace_spec rootless_namespaces[] = {
	{ .type = CLONE_NEWPID }, { .type = CLONE_NEWIPC },    { .type = CLONE_NEWUTS },
	{ .type = CLONE_NEWNS },  { .type = CLONE_NEWCGROUP }, { .type = CLONE_NEWUSER },
};

static struct rlimit_spec rlimits[] = {
	{ .type = RLIMIT_NOFILE, .soft = 1024, .hard = 1024 },
};

static struct device_rule_spec device_rules[] = {
	{ .allow = false, .access = "rwm" },
};

static const struct config template = {
	.oci_version = FEATURES_VERSION_MAX,
	.process = {
		.terminal = true,
		.user = { .at = &json_present },
		.args = WORDS_OF("sh"),
		.env = WORDS_OF("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
				"TERM=xterm"),
		.cwd = "/",
		.capabilities = {
			.bounding = SPEC_CAPS, .effective = SPEC_CAPS, .permitted = SPEC_CAPS,
		},
		.rlimits = { ARRAY_LEN(rlimits), rlimits },
		.no_new_privileges = true,
	},
	.root = { .path = "rootfs", .readonly = true },
	.hostname = "tamis",
	.mounts = { ARRAY_LEN(mounts), mounts },
	.linux_ = {
		.resources = { .devices = { ARRAY_LEN(device_rules), device_rules } },
		.namespaces = { ARRAY_LEN(namespaces), namespaces },
		.masked_paths = WORDS_OF("/proc/acpi", "/proc/asound", "/proc/interrupts",
					 "/proc/kcore", "/proc/keys", "/proc/latency_stats",
					 "/proc/timer_list", "/proc/timer_stats",
					 "/proc/sched_debug", "/proc/scsi", "/sys/firmware",
					 "/sys/devices/virtual/powercap"),
		.readonly_paths = WORDS_OF("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys",
					   "/proc/sysrq-trigger"),
	},
};

/* Whether the option names an id that the user namespace does not have. */
static bool names_id(const char *option)
{
	return strncmp(option, "gid=", strlen("gid=")) == 0 ||
	       strncmp(option, "uid=", strlen("uid=")) == 0;
}

static struct strings without_ids(const struct strings *options)
{
	struct strings kept = { 0, arena_array(options->n + 1, sizeof(char *)) };

	for (size_t i = 0; i < options->n; i++)
		if (!names_id(options->v[i]))
			kept.v[kept.n++] = options->v[i];
	return kept;
}

static struct id_maps_spec map_root_to(uint32_t id)
{
	struct id_map_spec *map = arena_alloc(sizeof(*map));

	*map = (struct id_map_spec){ .container = 0, .host = id, .size = 1 };
	return (struct id_maps_spec){ 1, map };
}

static void make_rootless(const struct spec_options *options, struct config *c)
{
	struct mount_spec *v = arena_array(c->mounts.n, sizeof(*v));

	for (size_t i = 0; i < c->mounts.n; i++) {
		v[i] = c->mounts.v[i];
		v[i].options = without_ids(&v[i].options);
		if (strcmp(v[i].destination, "/sys") != 0)
			continue;
		/* a new sysfs requires a network namespace of the user namespace: sysfs(5) */
		v[i].type = "none";
		v[i].source = "/sys";
		v[i].options = rootless_sys;
	}
	c->mounts.v = v;
	c->linux_.namespaces.n = ARRAY_LEN(rootless_namespaces);
	c->linux_.namespaces.v = rootless_namespaces;
	c->linux_.uid_maps = map_root_to(options->uid);
	c->linux_.gid_maps = map_root_to(options->gid);
	c->linux_.resources = (struct resources_spec){ 0 };
}

void spec_default(const struct spec_options *options, struct config *ret)
{
	*ret = template;
	if (options->seccomp)
		ret->linux_.seccomp = *options->seccomp;
	if (options->rootless)
		make_rootless(options, ret);
}

struct text spec_encode_config(const struct config *config, enum jsonw_style style)
{
	struct jsonw *w = jsonw_new(style);

	encode(w, &config_shape, config);
	return jsonw_finish(w);
}
