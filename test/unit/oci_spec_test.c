/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Documents that tamis writes can be read back: the config of spec, features, State, strings of any
 * bytes.
 */
#include "oci/parse.h"
#include "oci/spec.h"

#include "base/arena.h"
#include "base/err.h"
#include "oci/features.h"
#include "oci/state.h"
#include "runtime/state.h"
#include "unit/tap.h"

#include <linux/capability.h>
#include <string.h>
#include <time.h>

static void test_template(bool rootless, const char *what)
{
	struct spec_options options = { .rootless = rootless, .uid = 1000, .gid = 100 };
	struct config made, read;

	spec_default(&options, &made);

	struct text text = spec_encode_config(&made, JSONW_PRETTY);
	int r = parse_config("config.json", &text, &read);

	err_clear();
	if (!ok(r == 0, "%s: the template is a valid config", what))
		return;

	struct text again = spec_encode_config(&read, JSONW_PRETTY);

	is_str(again.data, text.data, "%s: reading and writing it again gives the same text", what);
	ok(text.len == strlen(text.data) && text.data[text.len - 1] == '\n', "%s: one line feed",
	   what);
	ok(!strstr(text.data, "\\/"), "%s: slashes are not escaped", what);
	ok(strstr(text.data, "\"uid\": 0"), "%s: uid is written, although it is 0", what);
	is_int(read.linux_.uid_maps.n, rootless, "%s: id maps", what);
	is_int(read.linux_.resources.devices.n, !rootless, "%s: device rules", what);
	ok(!strstr(text.data, "gid=5") == rootless, "%s: gid of the terminals", what);
}

static void test_seccomp(void)
{
	static const char profile[] =
		"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":1,"
		"\"flags\":[\"SECCOMP_FILTER_FLAG_LOG\"],"
		"\"architectures\":[\"SCMP_ARCH_X86_64\"],"
		"\"syscalls\":[{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\","
		"\"args\":[{\"index\":0,\"value\":18446744073709551615,\"op\":\"SCMP_CMP_EQ\"}]}]}";
	struct text in = { (char *)(uintptr_t)profile, sizeof(profile) - 1 };
	struct seccomp_spec seccomp;
	struct config made, read;

	if (!ok(parse_seccomp("seccomp.json", &in, &seccomp) == 0, "a profile is read"))
		return;
	spec_default(&(struct spec_options){ .seccomp = &seccomp }, &made);

	struct text text = spec_encode_config(&made, JSONW_COMPACT);

	if (!ok(parse_config("config.json", &text, &read) == 0,
		"the template with a profile is read"))
		return;
	is_int(read.linux_.seccomp.syscalls.n, 1, "it has its rule");
	ok(read.linux_.seccomp.syscalls.v[0].args.v[0].value == UINT64_MAX, "2^64-1 is preserved");
	ok(read.linux_.seccomp.flags.set && read.linux_.seccomp.flags.v == 2, "and its flags");
}

static void test_state(void)
{
	struct pair pair = { "org.example/a", "b\"c" };
	struct state state = {
		.oci_version = "1.3.0",
		.id = "c1",
		.status = STATUS_STOPPED,
		.bundle = "/b\xff/x",
		.annotations = { 1, &pair },
	};

	is_str(state_encode(&state, JSONW_COMPACT).data,
	       "{\"ociVersion\":\"1.3.0\",\"id\":\"c1\",\"pid\":0,\"status\":\"stopped\","
	       "\"bundle\":\"/b\xef\xbf\xbd/x\",\"annotations\":{\"org.example/a\":\"b\\\"c\"}}\n",
	       "State of a stopped container, an invalid byte is replaced");
	state.status = STATUS_RUNNING;
	state.pid = 42;
	state.bundle = "/b";
	state.annotations.n = 0;
	state.rootfs = "/b/rootfs";
	state.created = state_time(1700000000, 5);
	state.owner = "root";
	is_str(state_encode(&state, JSONW_COMPACT).data,
	       "{\"ociVersion\":\"1.3.0\",\"id\":\"c1\",\"pid\":42,\"status\":\"running\","
	       "\"bundle\":\"/b\",\"rootfs\":\"/b/rootfs\","
	       "\"created\":\"2023-11-14T22:13:20.000000005Z\",\"owner\":\"root\"}\n",
	       "State for the state command");

	struct text text = state_encode(&state, JSONW_PRETTY);
	struct state read;

	ok(decode_text("state", &text, &state_shape, &read) == 0 && read.pid == 42 &&
		   read.status == STATUS_RUNNING && strcmp(read.owner, "root") == 0,
	   "what was written is read back");
}

/* CRI-O decodes `state` into its own record, which these keys would overwrite. */
static void test_state_keys(void)
{
	static const char *const forbidden[] = {
		"started",	    "finished",
		"exitCode",	    "oomKilled",
		"seccompKilled",    "error",
		"initPid",	    "initStartTime",
		"checkpointedTime", "containerMonitorProcess",
	};

	for (size_t i = 0; i < ARRAY_LEN(forbidden); i++) {
		bool found = false;

		for (size_t k = 0; k < state_shape.n; k++)
			found |= strcmp(state_shape.fields[k].key, forbidden[i]) == 0;
		ok(!found, "State has no key %s", forbidden[i]);
	}
}

static bool has_word(const struct json *list, const char *word)
{
	if (list)
		json_each (e, list)
			if (strcmp(e->text, word) == 0)
				return true;
	return false;
}

static void test_features(void)
{
	static const char *const options[] = { "ro", "rro", NULL };
	struct features_facts facts = {
		.mount_options = options,
		.seccomp_flags = 2,
		.capabilities = UINT64_C(1) << CAP_KILL,
	};
	struct text text = features_encode(&facts, JSONW_PRETTY);
	const struct json *v, *os, *seccomp;

	if (!ok(json_parse("features", &text, &v) == 0, "features are JSON"))
		return;
	os = json_member(v, "linux");
	seccomp = json_member(os, "seccomp");
	is_str(json_member(v, "ociVersionMax")->text, "1.3.0", "newest version");
	ok(has_word(json_member(v, "mountOptions"), "rro"), "rro, for recursive read-only mounts");
	is_int(json_member(v, "hooks")->n, 6, "six hooks");
	is_int(json_member(os, "namespaces")->n, 8, "eight namespaces");
	ok(has_word(json_member(os, "namespaces"), "user"), "user namespaces, for the kubelet");
	is_int(json_member(os, "capabilities")->n, 1, "only capabilities that the kernel has");
	is_int(json_member(seccomp, "knownFlags")->n, 4, "four flags are known");
	is_int(json_member(seccomp, "supportedFlags")->n, 1, "one is supported here");
	is_int(json_member(seccomp, "actions")->n, 9, "nine actions");
	is_int(json_member(seccomp, "operators")->n, 7, "seven operators");
	ok(json_member(json_member(json_member(os, "mountExtensions"), "idmap"), "enabled")
		   ->boolean,
	   "idmapped mounts");
	ok(!json_member(json_member(os, "netDevices"), "enabled")->boolean, "no netDevices");
}

/* Compares with gmtime(3), over the leap days of four centuries and each day of some years. */
static void test_times(void)
{
	int64_t wrong = 0;

	for (int64_t t = 0; t < 15000000000 && !wrong; t += 86399 + t % 7) {
		time_t sec = (time_t)t;
		char want[64];
		struct tm tm;

		gmtime_r(&sec, &tm);
		strftime(want, sizeof(want), "%Y-%m-%dT%H:%M:%S.000000005Z", &tm);
		if (strcmp(state_time(t, 5), want) != 0)
			wrong = t;
	}
	is_int(wrong, 0, "dates equal those of gmtime(3)");
	is_str(state_time(951782399, 0), "2000-02-28T23:59:59.000000000Z", "before a leap day");
	is_str(state_time(951782400, 0), "2000-02-29T00:00:00.000000000Z", "a leap day");
}

int main(void)
{
	test_times();
	test_template(false, "rootful");
	test_template(true, "rootless");
	test_seccomp();
	test_state();
	test_state_keys();
	test_features();
	arena_reset();
	return done();
}
