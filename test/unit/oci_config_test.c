/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Configs that runc or crun accept with another meaning than intended, and configs that the
 * specification forbids: each is refused with exactly this message.
 */
#include "oci/config.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/sys.h"
#include "oci/parse.h"
#include "unit/tap.h"

#include <linux/capability.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>

/* A whole config in one line, so that each message is about line 1. */
#define VERSION "\"ociVersion\":\"1.3.0\""
#define ROOT "\"root\":{\"path\":\"rootfs\"}"
#define PROCESS(more) "\"process\":{\"cwd\":\"/\",\"args\":[\"sh\"]" more "}"
#define LINUX(namespaces, more) "\"linux\":{\"namespaces\":[" namespaces "]" more "}"
#define MOUNT_NS "{\"type\":\"mount\"}"
#define CONFIG(top, process, linux_os) \
	"{" VERSION "," ROOT "," PROCESS(process) "," LINUX(MOUNT_NS, linux_os) top "}"
#define IN_PROCESS(text) CONFIG("", "," text, "")
#define IN_LINUX(text) CONFIG("", "", "," text)
#define IN_TOP(text) CONFIG("," text, "", "")
#define IN_SECCOMP(text) IN_LINUX("\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\"" text "}")
#define NAMESPACES(text) "{" VERSION "," ROOT "," PROCESS("") "," LINUX(text, "") "}"

static int parse(const char *s, struct config *ret)
{
	struct text text = { (char *)(uintptr_t)s, strlen(s) };

	err_clear();
	return parse_config("config.json", &text, ret);
}

static const struct {
	const char *config;
	const char *message; /* without "config.json:1: " */
} refused[] = {
	/* types and ranges: with some runtime each of these meant root, no filter or no limit */
	{ IN_PROCESS("\"user\":{\"uid\":\"5\"}"),
	  "process.user.uid: expected an integer, found string \"5\"" },
	{ IN_PROCESS("\"user\":{\"uid\":4294967295}"),
	  "process.user.uid: expected an integer from 0 to 4294967294, found number 4294967295" },
	{ IN_PROCESS("\"user\":{\"gid\":4294967295}"),
	  "process.user.gid: expected an integer from 0 to 4294967294, found number 4294967295" },
	{ IN_PROCESS("\"user\":{\"uid\":-1}"),
	  "process.user.uid: expected an integer from 0 to 4294967294, found number -1" },
	{ IN_PROCESS("\"user\":{\"uid\":1.5}"),
	  "process.user.uid: expected an integer from 0 to 4294967294, found number 1.5" },
	{ IN_PROCESS("\"user\":{\"uid\":1e1}"),
	  "process.user.uid: expected an integer from 0 to 4294967294, found number 1e1" },
	{ IN_PROCESS("\"user\":{\"uid\":18446744073709551616}"),
	  "process.user.uid: expected an integer from 0 to 4294967294, found number "
	  "18446744073709551616" },
	{ IN_PROCESS("\"rlimits\":[{\"type\":\"RLIMIT_CPU\",\"soft\":0,"
		     "\"hard\":28446744073709551616}]"),
	  "process.rlimits[0].hard: expected an integer from 0 to 18446744073709551615, found "
	  "number 28446744073709551616" },
	{ IN_LINUX("\"resources\":{\"cpu\":{\"quota\":9223372036854775808}}"),
	  "linux.resources.cpu.quota: expected an integer from -9223372036854775808 to "
	  "9223372036854775807, found number 9223372036854775808" },
	{ IN_LINUX("\"resources\":{\"cpu\":{\"quota\":-9223372036854775809}}"),
	  "linux.resources.cpu.quota: expected an integer from -9223372036854775808 to "
	  "9223372036854775807, found number -9223372036854775809" },
	{ IN_PROCESS("\"user\":{\"umask\":512}"),
	  "process.user.umask: expected an integer from 0 to 511, found number 512" },
	{ IN_PROCESS("\"user\":{\"additionalGids\":[1,4294967295]}"),
	  "process.user.additionalGids[1]: expected an integer from 0 to 4294967294, found "
	  "number 4294967295" },
	{ IN_PROCESS("\"noNewPrivileges\":\"true\""),
	  "process.noNewPrivileges: expected true or false, found string \"true\"" },
	{ IN_PROCESS("\"oomScoreAdj\":1001"),
	  "process.oomScoreAdj: expected an integer from -1000 to 1000, found number 1001" },
	{ IN_LINUX("\"seccomp\":\"deny\""),
	  "linux.seccomp: expected an object, found string \"deny\"" },
	{ "{" VERSION "," ROOT "," PROCESS("") ",\"linux\":{\"namespaces\":\"none\"}}",
	  "linux.namespaces: expected an array, found string \"none\"" },
	{ IN_LINUX("\"resources\":{\"memory\":{\"limit\":\"10G\"}}"),
	  "linux.resources.memory.limit: expected an integer, found string \"10G\"" },
	{ IN_LINUX("\"resources\":{\"pids\":{\"limit\":9223372036854775808}}"),
	  "linux.resources.pids.limit: expected an integer from -1 to 9223372036854775807, found "
	  "number 9223372036854775808" },
	{ IN_LINUX("\"maskedPaths\":\"/proc/kcore\""),
	  "linux.maskedPaths: expected an array, found string \"/proc/kcore\"" },
	{ IN_LINUX("\"maskedPaths\":[null]"),
	  "linux.maskedPaths[0]: expected a string, found null" },
	{ IN_LINUX("\"maskedPaths\":[\"proc/kcore\"]"),
	  "linux.maskedPaths[0]: expected an absolute path, found string \"proc/kcore\"" },

	/* texts with two possible meanings */
	{ IN_PROCESS("\"user\":{\"uid\":5,\"uid\":0}"),
	  "process.user.uid: duplicate key, first in line 1" },
	{ IN_PROCESS("\"env\":[\"A=1\\u0000B\"]"), "process.env[0]: NUL character in a string" },

	/* process */
	{ "[]", "expected an object, found an array" },
	{ "{" ROOT "," PROCESS("") "," LINUX(MOUNT_NS, "") "}", "ociVersion: missing" },
	{ "{\"ociVersion\":\"9.0.0\"," ROOT "," PROCESS("") "," LINUX(MOUNT_NS, "") "}",
	  "ociVersion: expected version 1.x of the runtime-spec, found string \"9.0.0\"" },
	{ "{\"ociVersion\":\"1\"," ROOT "," PROCESS("") "," LINUX(MOUNT_NS, "") "}",
	  "ociVersion: expected version 1.x of the runtime-spec, found string \"1\"" },
	{ "{\"ociVersion\":\"1.0.\"," ROOT "," PROCESS("") "," LINUX(MOUNT_NS, "") "}",
	  "ociVersion: expected version 1.x of the runtime-spec, found string \"1.0.\"" },
	{ "{" VERSION "," ROOT "," LINUX(MOUNT_NS, "") "}", "process: missing" },
	{ "{" VERSION "," PROCESS("") "," LINUX(MOUNT_NS, "") "}", "root: missing" },
	{ "{" VERSION ",\"root\":{}," PROCESS("") "," LINUX(MOUNT_NS, "") "}",
	  "root.path: missing" },
	{ "{" VERSION "," ROOT ",\"process\":{\"cwd\":\"/\"}," LINUX(MOUNT_NS, "") "}",
	  "process.args: missing" },
	{ "{" VERSION "," ROOT ",\"process\":{\"cwd\":\"/\",\"args\":[]}," LINUX(MOUNT_NS, "") "}",
	  "process.args: expected at least a program, found []" },
	{ "{" VERSION "," ROOT
	  ",\"process\":{\"cwd\":\"/\",\"args\":[\"\"]}," LINUX(MOUNT_NS, "") "}",
	  "process.args[0]: exec: \"\": executable file not found in $PATH" },
	{ "{" VERSION "," ROOT ",\"process\":{\"args\":[\"sh\"]}," LINUX(MOUNT_NS, "") "}",
	  "process.cwd: missing" },
	{ "{" VERSION "," ROOT
	  ",\"process\":{\"cwd\":\"tmp\",\"args\":[\"sh\"]}," LINUX(MOUNT_NS, "") "}",
	  "process.cwd: expected an absolute path, found string \"tmp\"" },
	{ IN_PROCESS("\"env\":[\"A=1\",\"PATH\"]"),
	  "process.env[1]: expected NAME=VALUE, found string \"PATH\"" },
	{ IN_PROCESS("\"rlimits\":[{\"type\":\"RLIMIT_NOFILES\",\"soft\":1,\"hard\":1}]"),
	  "process.rlimits[0].type: unknown value: found string \"RLIMIT_NOFILES\", did you mean "
	  "\"RLIMIT_NOFILE\"?" },
	{ IN_PROCESS("\"rlimits\":[{\"type\":\"RLIMIT_CPU\",\"soft\":2,\"hard\":1}]"),
	  "process.rlimits[0].soft: expected at most the hard limit 1, found 2" },
	{ IN_PROCESS("\"rlimits\":[{\"type\":\"RLIMIT_CPU\",\"soft\":1,\"hard\":1},"
		     "{\"type\":\"RLIMIT_CPU\",\"soft\":1,\"hard\":1}]"),
	  "process.rlimits[1].type: RLIMIT_CPU is there twice, first in process.rlimits[0]" },
	{ IN_PROCESS("\"terminal\":true,\"consoleSize\":{\"height\":65536,\"width\":1}"),
	  "process.consoleSize.height: expected an integer from 0 to 65535, found number 65536" },

	/* namespaces and ids */
	{ "{" VERSION "," ROOT "," PROCESS("") "}",
	  "linux: missing: a container needs at least a mount namespace" },
	{ NAMESPACES("{\"type\":\"pid\"}"),
	  "linux.namespaces: expected a mount namespace, found none: a container without one would "
	  "mount on the host" },
	{ NAMESPACES(MOUNT_NS "," MOUNT_NS),
	  "linux.namespaces[1].type: mount is there twice, first in linux.namespaces[0]" },
	{ NAMESPACES("{\"type\":\"pidd\"}"),
	  "linux.namespaces[0].type: unknown value: found string \"pidd\", did you mean \"pid\"?" },
	{ NAMESPACES("{\"path\":\"/x\"}"), "linux.namespaces[0].type: missing" },
	{ NAMESPACES(MOUNT_NS ",{\"type\":\"network\",\"path\":\"proc/1/ns/net\"}"),
	  "linux.namespaces[1].path: expected an absolute path, found string \"proc/1/ns/net\"" },
	{ NAMESPACES(MOUNT_NS ",{\"type\":\"user\"}"),
	  "linux.uidMappings: missing: the new user namespace needs it" },
	{ IN_LINUX("\"uidMappings\":[{\"containerID\":0,\"hostID\":0,\"size\":1}]"),
	  "linux.uidMappings: expected a user namespace in linux.namespaces, found none" },
	{ IN_LINUX("\"timeOffsets\":{\"boottime\":{\"secs\":1}}"),
	  "linux.timeOffsets: expected a new time namespace in linux.namespaces, found none" },
	{ IN_LINUX("\"timeOffsets\":{\"boottime\":{\"nanosecs\":1000000000}}"),
	  "linux.timeOffsets.boottime.nanosecs: expected an integer from 0 to 999999999, found "
	  "number 1000000000" },
	{ IN_TOP("\"hostname\":\"x\""),
	  "hostname: expected a uts namespace in linux.namespaces, found none" },
	{ IN_TOP("\"domainname\":\"x\""),
	  "domainname: expected a uts namespace in linux.namespaces, found none" },
	{ IN_TOP("\"hostname\":\"01234567890123456789012345678901234567890123456789012345678901234"
		 "\""),
	  "hostname: expected at most 64 bytes, found string "
	  "\"012345678901234567890123456789012345678901234567890123456789\"..." },
	{ IN_TOP("\"mounts\":[{\"destination\":\"/a\",\"uidMappings\":[{\"containerID\":0,"
		 "\"hostID\":0,\"size\":1}]}]"),
	  "mounts[0].gidMappings: missing: expected both uidMappings and gidMappings or none" },
	{ IN_TOP("\"mounts\":[{\"destination\":\"/a\",\"uidMappings\":[{\"containerID\":0,"
		 "\"hostID\":0,\"size\":10},{\"containerID\":9,\"hostID\":20,\"size\":1}],"
		 "\"gidMappings\":[{\"containerID\":0,\"hostID\":0,\"size\":1}]}]"),
	  "mounts[0].uidMappings[1].containerID: overlaps with mounts[0].uidMappings[0]" },
	{ IN_TOP("\"mounts\":[{\"destination\":\"/a\",\"uidMappings\":[{\"containerID\":0,"
		 "\"hostID\":4294967294,\"size\":2}],\"gidMappings\":[{\"containerID\":0,"
		 "\"hostID\":0,\"size\":1}]}]"),
	  "mounts[0].uidMappings[0].hostID: expected ids up to 4294967294, found 4294967294 to "
	  "4294967295" },
	{ IN_TOP("\"mounts\":[{}]"), "mounts[0].destination: missing" },
	{ IN_TOP("\"mounts\":[{\"destination\":\"/a\",\"options\":[\"ro\",5]}]"),
	  "mounts[0].options[1]: expected a string, found number 5" },

	/* hooks, devices, cgroups */
	{ IN_TOP("\"hooks\":{\"prestart\":[{\"path\":\"x\"}]}"),
	  "hooks.prestart[0].path: expected an absolute path, found string \"x\"" },
	{ IN_TOP("\"hooks\":{\"poststop\":[{\"path\":\"/x\",\"timeout\":0}]}"),
	  "hooks.poststop[0].timeout: expected an integer from 1 to 2147483647, found number 0" },
	{ IN_TOP("\"annotations\":{\"\":\"x\"}"), "annotations: found an empty key" },
	{ IN_TOP("\"annotations\":{\"a.b\":1}"),
	  "annotations[\"a.b\"]: expected a string, found number 1" },
	{ IN_LINUX("\"devices\":[{\"type\":\"x\",\"path\":\"/dev/x\"}]"),
	  "linux.devices[0].type: expected \"c\", \"b\", \"u\" or \"p\", found string \"x\"" },
	{ IN_LINUX("\"devices\":[{\"type\":\"c\",\"path\":\"/dev/x\",\"major\":1}]"),
	  "linux.devices[0].minor: missing: a device node needs it" },
	{ IN_LINUX("\"cgroupsPath\":\"/a/../b\""),
	  "linux.cgroupsPath: expected a path without \"..\"" },
	{ IN_LINUX("\"cgroupsPath\":\"..\""), "linux.cgroupsPath: expected a path without \"..\"" },
	{ IN_LINUX("\"cgroupsPath\":\"/a\\nb\""),
	  "linux.cgroupsPath: expected no control characters" },
	{ IN_LINUX("\"rootfsPropagation\":\"share\""),
	  "linux.rootfsPropagation: unknown value: found string \"share\", did you mean "
	  "\"shared\"?" },
	{ IN_LINUX("\"resources\":{\"devices\":[{\"type\":\"c\"}]}"),
	  "linux.resources.devices[0].allow: missing" },
	{ IN_LINUX("\"resources\":{\"devices\":[{\"allow\":true,\"access\":\"rx\"}]}"),
	  "linux.resources.devices[0].access: expected letters of \"rwm\", found string \"rx\"" },
	{ IN_LINUX("\"resources\":{\"unified\":{\"../x.y\":\"1\"}}"),
	  "linux.resources.unified[\"../x.y\"]: expected the name of a cgroup v2 file, as "
	  "\"memory.high\"" },
	{ IN_LINUX("\"resources\":{\"unified\":{\"cgroup.procs\":\"1\"}}"),
	  "linux.resources.unified[\"cgroup.procs\"]: expected a limit, found a control file of "
	  "the cgroup" },
	{ IN_LINUX("\"resources\":{\"memory\":{\"limit\":10,\"swap\":5}}"),
	  "linux.resources.memory.swap: expected at least the limit 10 (it counts memory and swap "
	  "together), found 5" },
	{ IN_LINUX("\"resources\":{\"memory\":{\"swappiness\":101}}"),
	  "linux.resources.memory.swappiness: expected 0 to 100, found 101" },
	{ IN_LINUX("\"resources\":{\"cpu\":{\"cpus\":\"0-3;rm\"}}"),
	  "linux.resources.cpu.cpus: expected a list like \"0-3,7\", found string \"0-3;rm\"" },
	{ IN_LINUX("\"resources\":{\"blockIO\":{\"weight\":9}}"),
	  "linux.resources.blockIO.weight: expected 10 to 1000, found 9" },
	{ IN_LINUX("\"resources\":{\"hugepageLimits\":[{\"pageSize\":\"64kB\",\"limit\":1}]}"),
	  "linux.resources.hugepageLimits[0].pageSize: expected a page size like \"2MB\" or "
	  "\"1GB\", found string \"64kB\"" },
	{ IN_LINUX("\"resources\":{\"hugepageLimits\":[{\"pageSize\":\"2MB\",\"limit\":1},"
		   "{\"pageSize\":\"2MB\",\"limit\":2}]}"),
	  "linux.resources.hugepageLimits[1].pageSize: 2MB is there twice, first in "
	  "linux.resources.hugepageLimits[0]" },
	{ IN_LINUX("\"resources\":{\"rdma\":{\"a b\":{}}}"),
	  "linux.resources.rdma[\"a b\"]: expected the name of an RDMA device" },

	/* seccomp */
	{ IN_LINUX("\"seccomp\":{}"), "linux.seccomp.defaultAction: missing" },
	{ IN_LINUX("\"seccomp\":{\"defaultAction\":\"SCMP_ACT_DENY\"}"),
	  "linux.seccomp.defaultAction: unknown value: found string \"SCMP_ACT_DENY\"" },
	{ IN_SECCOMP(",\"architectures\":[\"amd64\"]"),
	  "linux.seccomp.architectures[0]: unknown value: found string \"amd64\"" },
	{ IN_SECCOMP(",\"flags\":[\"SECCOMP_FILTER_FLAG_LOGS\"]"),
	  "linux.seccomp.flags[0]: unknown value: found string \"SECCOMP_FILTER_FLAG_LOGS\", did "
	  "you mean \"SECCOMP_FILTER_FLAG_LOG\"?" },
	{ IN_SECCOMP(",\"listenerMetadata\":\"x\""),
	  "linux.seccomp.listenerMetadata: expected listenerPath beside it, found none" },
	{ IN_SECCOMP(",\"listenerPath\":\"x\""),
	  "linux.seccomp.listenerPath: expected an absolute path" },
	{ IN_SECCOMP(",\"syscalls\":[{\"action\":\"SCMP_ACT_ALLOW\"}]"),
	  "linux.seccomp.syscalls[0].names: missing" },
	{ IN_SECCOMP(",\"syscalls\":[{\"names\":[],\"action\":\"SCMP_ACT_ALLOW\"}]"),
	  "linux.seccomp.syscalls[0].names: expected at least one name, found []" },
	{ IN_SECCOMP(",\"syscalls\":[{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":"
		     "[{\"index\":6,\"value\":0,\"op\":\"SCMP_CMP_EQ\"}]}]"),
	  "linux.seccomp.syscalls[0].args[0].index: expected an integer from 0 to 5, found number "
	  "6" },
	{ IN_SECCOMP(",\"syscalls\":[{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":"
		     "[{\"index\":0,\"value\":0,\"op\":\"SCMP_CMP_EQQ\"}]}]"),
	  "linux.seccomp.syscalls[0].args[0].op: unknown value: found string \"SCMP_CMP_EQQ\", did "
	  "you mean \"SCMP_CMP_EQ\"?" },

	/* known, but not implemented: never ignored */
	{ IN_LINUX("\"intelRdt\":{}"), "linux.intelRdt: Intel RDT is not supported" },
	{ IN_LINUX("\"netDevices\":{\"eth0\":{}}"),
	  "linux.netDevices: moving network devices is not supported" },
	{ IN_LINUX("\"memoryPolicy\":{\"mode\":\"MPOL_BIND\",\"nodes\":\"0\"}"),
	  "linux.memoryPolicy: NUMA memory policies are not supported" },
	{ IN_LINUX("\"personality\":{}"), "linux.personality.domain: missing" },
	{ IN_LINUX("\"personality\":{\"domain\":\"LINUX32\",\"flags\":[\"x\"]}"),
	  "linux.personality.flags: flags of execution domains are not supported" },
	{ IN_PROCESS("\"scheduler\":{\"policy\":\"SCHED_FIFO\",\"priority\":1}"),
	  "process.scheduler: scheduling policies are not supported" },
	{ IN_PROCESS("\"ioPriority\":{\"class\":\"IOPRIO_CLASS_RT\"}"),
	  "process.ioPriority: I/O priorities are not supported" },
	{ IN_TOP("\"vm\":{\"kernel\":{\"path\":\"/k\"}}"),
	  "vm: virtual machines are not supported" },
	{ IN_TOP("\"windows\":{\"layerFolders\":[\"x\"]}"),
	  "windows: this is a runtime for Linux" },
};

static void test_refused(void)
{
	static const char place[] = "config.json:1: ";

	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		struct config c;
		int r = parse(refused[i].config, &c);
		const char *got = err_message() ? err_message() : "no error";
		bool good = r < 0 && strncmp(got, place, sizeof(place) - 1) == 0 &&
			    strcmp(got + sizeof(place) - 1, refused[i].message) == 0;

		if (!ok(good, "refused: %s", refused[i].message))
			printf("# got %s\n", got);
	}
}

static const char *const accepted[] = {
	CONFIG("", "", ""),
	"{\"ociVersion\":\"1.0.2-dev\"," ROOT "," PROCESS("") "," LINUX(MOUNT_NS, "") "}",
	"{\"ociVersion\":\"1.9.0+x\"," ROOT "," PROCESS("") "," LINUX(MOUNT_NS, "") "}",
	"{\"ociVersion\":\"1.2\"," ROOT "," PROCESS("") "," LINUX(MOUNT_NS, "") "}",
	/* Go's programs write null for an absent list */
	IN_LINUX("\"devices\":null,\"seccomp\":null,\"resources\":{\"memory\":null}"),
	IN_PROCESS("\"env\":null,\"user\":{\"uid\":0,\"gid\":0,\"additionalGids\":null}"),
	/* unknown keys are ignored, as the specification requires */
	IN_TOP("\"unknown\":{\"deep\":[1,2,{}]}"),
	/* what engines write */
	IN_LINUX("\"resources\":{\"blockIO\":{\"weight\":0},\"memory\":{\"limit\":5,\"swap\":-1}}"),
	IN_LINUX("\"resources\":{\"cpu\":{\"quota\":-9223372036854775808}}"),
	IN_LINUX("\"netDevices\":{}"),
	IN_PROCESS("\"execCPUAffinity\":{\"initial\":\"0\"}"),
	NAMESPACES(MOUNT_NS ",{\"type\":\"pid\",\"path\":\"\"},{\"type\":\"time\"}"),
	/* Podman: a dummy map beside a user namespace that is joined */
	CONFIG("", "", ",\"uidMappings\":[]"),
	"{" VERSION "," ROOT "," PROCESS("") ",\"linux\":{\"namespaces\":[" MOUNT_NS
					     ",{\"type\":\"user\",\"path\":\"/proc/5/ns/"
					     "user\"}],\"uidMappings\":[{\"containerID\":0,"
					     "\"hostID\":0,\"size\":1}],\"gidMappings\":[{"
					     "\"containerID\":0,\"hostID\":0,\"size\":1}]}}",
};

static void test_accepted(void)
{
	for (size_t i = 0; i < ARRAY_LEN(accepted); i++) {
		struct config c;

		if (!ok(parse(accepted[i], &c) == 0 && !err_message(), "accepted: %.90s",
			accepted[i]))
			printf("# %s\n", err_message());
	}
}

/* A decoder that ignores case takes "UID" for "uid". Here the key is ignored, with a note. */
static void test_notes(void)
{
	struct config c;

	ok(parse(IN_PROCESS("\"NONEWPRIVILEGES\":true,\"user\":{\"UID\":5,\"uid\":0,\"gid\":0}"),
		 &c) == 0,
	   "keys in another case are accepted");
	ok(!c.process.no_new_privileges && c.process.user.uid == 0, "and have no effect");

	const struct json_note *n = json_notes(c.at);

	if (ok(n && n->next && !n->next->next, "but give a note")) {
		is_str(n->message,
		       "config.json:1: process.NONEWPRIVILEGES: unknown key, ignored: did you "
		       "mean \"noNewPrivileges\"?",
		       "the first");
		is_str(n->next->message,
		       "config.json:1: process.user.UID: unknown key, ignored: did you mean "
		       "\"uid\"?",
		       "the second");
	}
	ok(parse(IN_PROCESS("\"user\":{\"uid\":1000}"), &c) == 0 && c.process.user.uid == 1000 &&
		   c.process.user.gid == 0,
	   "a user without gid has group 0");
	ok(parse(IN_PROCESS("\"capabilities\":{\"bounding\":[\"CAP_KILL\",\"CAP_FUTURE\"]}"), &c) ==
		   0,
	   "an unknown capability is accepted");
	ok(c.process.capabilities.bounding.set &&
		   c.process.capabilities.bounding.v == UINT64_C(1) << CAP_KILL,
	   "and skipped");
	if (ok(json_notes(c.at), "with a note"))
		is_str(json_notes(c.at)->message,
		       "config.json:1: process.capabilities.bounding[1]: unknown, left out: string "
		       "\"CAP_FUTURE\"",
		       "which names it");
}

static void test_values(void)
{
	struct config c;

	if (!ok(parse("{" VERSION "," ROOT "," PROCESS(
			      ",\"rlimits\":[{\"type\":\"RLIMIT_CORE\",\"soft\":0,"
			      "\"hard\":18446744073709551615}],\"user\":{\"gid\":0,"
			      "\"uid\":4294967294}") ","
						     "\"linux\":{\"namespaces\":[" MOUNT_NS
						     ",{\"type\":\"uts\"}],"
						     "\"rootfsPropagation\":\"rslave\","
						     "\"resources\":{\"pids\":{\"limit\":-1},"
						     "\"rdma\":{\"mlx5_1\":{\"hcaHandles\":3}}},"
						     "\"seccomp\":{\"defaultAction\":\"SCMP_ACT_"
						     "KILL_PROCESS\",\"flags\":[]}},"
						     "\"hostname\":\"h\"}",
		      &c) == 0,
		"a config"))
		return;
	is_str(c.process.args.v[0], "sh", "args");
	ok(!c.process.args.v[1], "args end with NULL");
	ok(c.process.rlimits.v[0].hard == UINT64_MAX, "2^64-1");
	ok(c.process.user.uid == 4294967294U, "the largest id");
	ok(c.linux_.namespaces.v[1].type == CLONE_NEWUTS, "namespace type");
	ok(c.linux_.rootfs_propagation == (MS_SLAVE | MS_REC), "propagation");
	ok(c.linux_.resources.pids.limit.set && c.linux_.resources.pids.limit.v == -1, "-1");
	is_str(c.linux_.resources.rdma.v[0].device, "mlx5_1", "key of a map");
	ok(c.linux_.seccomp.default_action == SECCOMP_RET_KILL_PROCESS, "action");
	ok(c.linux_.seccomp.flags.set && !c.linux_.seccomp.flags.v, "flags: present and empty");
	ok(!c.process.capabilities.at && !c.linux_.resources.memory.at, "absent objects");
}

/* The number of elements that are compared with each other is limited first. */
static void test_many_page_sizes(void)
{
	enum { SIZES = 65, LONGEST = 40 };
	char *s = arena_alloc(SIZES * LONGEST + 64), *o = s;
	struct resources_spec r;

	o += snprintf(o, LONGEST, "{\"hugepageLimits\":[");
	for (int i = 0; i < SIZES; i++)
		o += snprintf(o, LONGEST, "%s{\"pageSize\":\"%dMB\",\"limit\":0}", i ? "," : "",
			      i + 1);
	snprintf(o, LONGEST, "]}");

	struct text text = { s, strlen(s) };

	err_clear();
	ok(parse_resources("resources.json", &text, &r) < 0, "too many page sizes");
	is_str(err_message(),
	       "resources.json:1: hugepageLimits: expected at most 64 page sizes, found 65",
	       "the message has the number");
}

static void test_other_documents(void)
{
	static const char process[] = "{\"cwd\":\"/\",\"args\":[\"sh\"],\n\"ioPriority\":"
				      "{\"class\":\"IOPRIO_CLASS_RT\"}}";
	static const char resources[] = "{\"pids\":{\"limit\":-2}}";
	struct text text = { (char *)(uintptr_t)process, sizeof(process) - 1 };
	struct resources_spec r;
	struct process_spec p;

	err_clear();
	ok(parse_process("process.json", &text, &p) < 0, "process.json is validated");
	is_str(err_message(), "process.json:2: ioPriority: I/O priorities are not supported",
	       "the message has the file's name");
	text = (struct text){ (char *)(uintptr_t)resources, sizeof(resources) - 1 };
	err_clear();
	ok(parse_resources("resources.json", &text, &r) < 0, "resources.json is validated");
	is_str(err_message(),
	       "resources.json:1: pids.limit: expected an integer from -1 to 9223372036854775807, "
	       "found number -2",
	       "the message has the file's name");
}

int main(void)
{
	test_refused();
	test_accepted();
	test_notes();
	test_values();
	test_many_page_sizes();
	test_other_documents();
	arena_reset();
	return done();
}
