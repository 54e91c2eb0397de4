/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The request to systemd as text, from config, host and options. And the messages without systemd.
 */
#include "base/arena.h"
#include "base/base.h"
#include "base/err.h"
#include "cgroup/scope.h"
#include "golden/hosts.h"
#include "oci/config.h"
#include "oci/parse.h"
#include "plan/plan.h"
#include "unit/tap.h"

#define HEAD                                                                            \
	"start\nbus system\nunit docker-x.scope\ndescription tamis container x (1-2)\n" \
	"slice a.slice\n"
#define STANDARD_DEVICES                                                                      \
	"property 240 a(ss) DeviceAllow char-* m\nproperty 240 a(ss) DeviceAllow block-* m\n" \
	"property 240 a(ss) DeviceAllow /dev/char/1:3 rwm\n"                                  \
	"property 240 a(ss) DeviceAllow /dev/char/1:5 rwm\n"                                  \
	"property 240 a(ss) DeviceAllow /dev/char/1:7 rwm\n"                                  \
	"property 240 a(ss) DeviceAllow /dev/char/1:8 rwm\n"                                  \
	"property 240 a(ss) DeviceAllow /dev/char/1:9 rwm\n"                                  \
	"property 240 a(ss) DeviceAllow /dev/char/5:0 rwm\n"                                  \
	"property 240 a(ss) DeviceAllow /dev/char/5:2 rwm\n"                                  \
	"property 240 a(ss) DeviceAllow char-136 rwm\n"                                       \
	"property 240 a(ss) DeviceAllow /dev/char/10:200 rwm\n"
#define STRICT "property 0 s DevicePolicy strict\n"
#define AUTO "property 0 s DevicePolicy auto\n"

static const struct {
	const char *name, *host, *annotations, *resources, *want;
} cases[] = {
	{ "no resources", "v2", "", "", STRICT STANDARD_DEVICES },
	{ "memory, v2", "v2", "",
	  "\"memory\": {\"limit\": 67108864, \"swap\": 100000000, \"reservation\": 1000000}",
	  "property 0 t MemorySwapMax 32891136\nproperty 0 t MemoryMax 67108864\n"
	  "property 0 t MemoryLow 1000000\n" STRICT STANDARD_DEVICES },
	{ "memory, v1", "v1", "", "\"memory\": {\"limit\": 67108864, \"swap\": 100000000}",
	  "property 0 t MemoryLimit 67108864\n" STRICT STANDARD_DEVICES },
	{ "no limits", "v2", "",
	  "\"memory\": {\"limit\": -1}, \"pids\": {\"limit\": -1}, \"cpu\": {\"quota\": -1}",
	  "property 0 t CPUQuotaPerSecUSec 18446744073709551615\n"
	  "property 242 t CPUQuotaPeriodUSec 100000\n"
	  "property 0 t MemorySwapMax 18446744073709551615\n"
	  "property 0 t MemoryMax 18446744073709551615\n"
	  "property 0 t TasksMax 18446744073709551615\n" STRICT STANDARD_DEVICES },
	{ "cpu, v2: the quota is rounded up, the cpuset is a bit mask", "v2", "",
	  "\"cpu\": {\"shares\": 512, \"quota\": 12345, \"period\": 50000, \"cpus\": \"0-2,9\","
	  "\"mems\": \"1\"}",
	  "property 244 ay AllowedCPUs 0702\nproperty 244 ay AllowedMemoryNodes 02\n"
	  "property 0 t CPUWeight 59\nproperty 0 t CPUQuotaPerSecUSec 250000\n"
	  "property 242 t CPUQuotaPeriodUSec 50000\n" STRICT STANDARD_DEVICES },
	{ "cpu, v1: no property for the set", "v1", "",
	  "\"cpu\": {\"shares\": 512, \"quota\": 50000, \"period\": 200000, \"cpus\": \"0\"}",
	  "property 0 t CPUShares 512\nproperty 0 t CPUQuotaPerSecUSec 250000\n"
	  "property 242 t CPUQuotaPeriodUSec 200000\n" STRICT STANDARD_DEVICES },
	{ "cpu: idle", "v2", "", "\"cpu\": {\"idle\": 1, \"shares\": 512}",
	  "property 252 t CPUWeight 0\n" STRICT STANDARD_DEVICES },
	{ "a cpuset that systemd cannot express is left to the kernel", "v2", "",
	  "\"cpu\": {\"cpus\": \"0-8:2/4\"}", STRICT STANDARD_DEVICES },
	{ "pids", "v1", "", "\"pids\": {\"limit\": 5}",
	  "property 0 t TasksMax 5\n" STRICT STANDARD_DEVICES },
	{ "a limit of 0 pids becomes 1", "v2", "", "\"pids\": {\"limit\": 0}",
	  "property 0 t TasksMax 1\n" STRICT STANDARD_DEVICES },
	{ "weight of io, v2", "v2", "", "\"blockIO\": {\"weight\": 500}",
	  "property 0 t IOWeight 4950\n" STRICT STANDARD_DEVICES },
	{ "weight of io, v1", "v1", "", "\"blockIO\": {\"weight\": 500}",
	  "property 0 t BlockIOWeight 500\n" STRICT STANDARD_DEVICES },
	{ "the weight of one device is set only by a file", "v2", "",
	  "\"blockIO\": {\"weightDevice\": [{\"major\": 8, \"minor\": 0, \"weight\": 500}]}",
	  STRICT STANDARD_DEVICES },
	{ "unified", "v2", "",
	  "\"unified\": {\"memory.high\": \"1000\", \"memory.min\": \"7\", \"hugetlb.2MB.max\": "
	  "\"0\"}",
	  "property 0 t MemoryHigh 1000\nproperty 240 t MemoryMin 7\n" STRICT STANDARD_DEVICES },
	{ "properties of annotations come first", "v2",
	  "\"org.systemd.property.After\": \"['a b', 'c']\"", "\"pids\": {\"limit\": 5}",
	  "property 0 as After a b\nproperty 0 as After c\nproperty 0 t TasksMax 5\n" STRICT
		  STANDARD_DEVICES },
	{ "devices: all", "v2", "", "\"devices\": [{\"allow\": true, \"access\": \"rwm\"}]", AUTO },
	{ "devices: all, v1", "v1", "", "\"devices\": [{\"allow\": true, \"access\": \"rwm\"}]",
	  AUTO },
	{ "devices: all except one, v2: the property allows more", "v2", "",
	  "\"devices\": [{\"allow\": true, \"access\": \"rwm\"},"
	  "{\"allow\": false, \"type\": \"b\", \"major\": 8, \"minor\": 0, \"access\": \"rwm\"}]",
	  AUTO },
	{ "devices: all except one, v1: the property allows less", "v1", "",
	  "\"devices\": [{\"allow\": true, \"access\": \"rwm\"},"
	  "{\"allow\": false, \"type\": \"b\", \"major\": 8, \"minor\": 0, \"access\": \"rwm\"}]",
	  STRICT },
	{ "devices: one minor number of all drivers, v2: the property allows more", "v2", "",
	  "\"devices\": [{\"allow\": true, \"type\": \"c\", \"minor\": 3, \"access\": \"r\"}]",
	  AUTO },
	{ "devices: one minor number of all drivers, v1: the property allows less", "v1", "",
	  "\"devices\": [{\"allow\": true, \"type\": \"c\", \"minor\": 3, \"access\": \"r\"}]",
	  STRICT STANDARD_DEVICES },
};

static const char *request(size_t i)
{
	struct plan_options options = { .id = "x", .bundle = "/b", .cgroup_manager = "systemd" };
	const char *text = arena_printf(
		"{\"ociVersion\": \"1.3.0\", \"root\": {\"path\": \"r\"}, \"process\": {\"cwd\": "
		"\"/\", \"args\": [\"x\"], \"user\": {\"uid\": 0, \"gid\": 0}}, \"annotations\": "
		"{%s}, \"linux\": {\"namespaces\": [{\"type\": \"mount\"}], \"cgroupsPath\": "
		"\"a.slice:docker:x\", \"resources\": {%s}}}",
		cases[i].annotations, cases[i].resources);
	struct text config_text = { arena_strdup(text), strlen(text) };
	struct config config;
	struct cgroup cgroup;
	struct host host;
	const struct plan *plan;

	if (!golden_host(cases[i].host, &host) ||
	    parse_config("config.json", &config_text, &config) < 0 ||
	    plan_make(&config, &host, &options, &plan) < 0)
		return err_message() ? err_message() : "unknown host";
	cgroup_planned(&plan->cgroup, &cgroup);
	cgroup.scope.mark = "tamis container x (1-2)";
	return scope_request("start", &plan->cgroup, &cgroup).data;
}

static void test_requests(void)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *got = request(i), *want = arena_printf(HEAD "%s", cases[i].want);

		if (!ok(strcmp(got, want) == 0, "%s", cases[i].name))
			printf("# got\n# %s\n# want\n# %s\n", got, want);
		arena_reset();
		err_clear();
	}
}

static void test_other_verbs(void)
{
	const struct plan_cgroup_value value = { .file = "pids.max", .value = "7" };
	const struct plan_cgroup plan = { .n_values = 1, .values = &value };
	const struct cgroup cgroup = { .scope = {
					       .unit = "u.scope", .user = true, .mark = "mark" } };

	ok(strcmp(scope_request("update", &plan, &cgroup).data,
		  "update\nbus user\nunit u.scope\ndescription mark\n"
		  "property 0 t TasksMax 7\n") == 0,
	   "update: only values, on the user's bus");
	ok(strcmp(scope_request("stop", NULL, &cgroup).data,
		  "stop\nbus user\nunit u.scope\ndescription mark\n") == 0,
	   "stop");
}

/* On this host: the message names what is missing. */
static void test_check(void)
{
	int r = scope_check(NULL);

	if (r < 0)
		ok(strstr(err_message(), "cgroup manager \"systemd\": ") == err_message() &&
			   (strstr(err_message(), "this build has none") ||
			    strstr(err_message(), "is not installed") ||
			    strstr(err_message(), "systemd is not running here")),
		   "refused: %s", err_message());
	else
		ok(true, "systemd runs here");
}

int main(void)
{
	test_requests();
	test_other_verbs();
	test_check();
	return done();
}
