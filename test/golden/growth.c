/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Measures how the cost of a config grows with the number of its elements: decodes, checks and
 * plans a config.json with N elements of KIND. Prints the number of bytes allocated from the arena;
 * test/cli/growth.bats counts the instructions by valgrind.
 *
 *   growth KIND N
 */
#include "base/arena.h"
#include "base/base.h"
#include "base/err.h"
#include "base/io.h"
#include "cgroup/cgroup.h"
#include "cgroup/devices.h"
#include "cgroup/devlist.h"
#include "cgroup/scope.h"
#include "golden/dump.h"
#include "golden/hosts.h"
#include "oci/config.h"
#include "oci/parse.h"
#include "oci/validate.h"
#include "plan/plan.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* %1$zu is replaced by the number of the element. */
static const struct kind {
	const char *name;
	const char *before, *element, *behind; /* of process, or of linux */
	enum { IN_PROCESS, IN_LINUX, IN_ROOT } where;
} kinds[] = {
	{ "env", "\"env\": [", "\"NAME%1$zu=x\"", "]", IN_PROCESS },
	{ "env-of-one-name", "\"env\": [", "\"NAME=%1$zu\"", "]", IN_PROCESS },
	{ "env-empty-home", "\"env\": [", "\"HOME=\"", "]", IN_PROCESS },
	{ "args", "\"args\": [\"/bin/true\", ", "\"%1$zu\"", "]", IN_PROCESS },
	{ "groups", "\"user\": {\"uid\": 0, \"gid\": 0, \"additionalGids\": [", "%1$zu", "]}",
	  IN_PROCESS },
	{ "capabilities", "\"capabilities\": {\"bounding\": [", "\"CAP_X%1$zu\"", "]}",
	  IN_PROCESS },
	{ "mounts", "\"mounts\": [",
	  "{\"destination\": \"/m%1$zu\", \"type\": \"bind\", \"source\": \"/s\", \"options\": "
	  "[\"rbind\"]}",
	  "]", IN_ROOT },
	{ "mount-options",
	  "\"mounts\": [{\"destination\": \"/m\", \"type\": \"tmpfs\", \"source\": \"x\", "
	  "\"options\": [",
	  "\"ro\"", "]}]", IN_ROOT },
	{ "annotations", "\"annotations\": {", "\"key%1$zu\": \"v\"", "}", IN_ROOT },
	{ "unknown-keys", "\"x-unknown\": {", "\"key%1$zu\": [{}]", "}", IN_ROOT },
	{ "hooks", "\"hooks\": {\"poststart\": [", "{\"path\": \"/bin/h%1$zu\"}", "]}", IN_ROOT },
	{ "devices", "\"devices\": [",
	  "{\"path\": \"/dev/d%1$zu\", \"type\": \"c\", \"major\": 1, \"minor\": 3}", "]",
	  IN_LINUX },
	{ "device-rules", "\"resources\": {\"devices\": [",
	  "{\"allow\": true, \"type\": \"c\", \"major\": %1$zu, \"minor\": 1, \"access\": \"rw\"}",
	  "]}", IN_LINUX },
	{ "device-rules-dropped", "\"resources\": {\"devices\": [",
	  "{\"allow\": true, \"type\": \"c\", \"major\": %1$zu, \"minor\": 1, \"access\": \"r\"}, "
	  "{\"allow\": false, \"type\": \"c\", \"major\": %1$zu, \"minor\": 2, \"access\": \"w\"}",
	  "]}", IN_LINUX },
	{ "sysctls", "\"sysctl\": {", "\"net.ipv4.conf.e%1$zu.x\": \"1\"", "}", IN_LINUX },
	{ "masked-paths", "\"maskedPaths\": [", "\"/proc/%1$zu\"", "]", IN_LINUX },
	{ "throttles", "\"resources\": {\"blockIO\": {\"throttleReadBpsDevice\": [",
	  "{\"major\": 8, \"minor\": %1$zu, \"rate\": 1}", "]}}", IN_LINUX },
	{ "rdma", "\"resources\": {\"rdma\": {", "\"d%1$zu\": {\"hcaHandles\": 1}", "}}",
	  IN_LINUX },
	{ "unified", "\"resources\": {\"unified\": {", "\"memory.x%1$zu\": \"1\"", "}}", IN_LINUX },
	{ "seccomp-rules",
	  "\"seccomp\": {\"defaultAction\": \"SCMP_ACT_ERRNO\", \"syscalls\": [{\"names\": "
	  "[\"execve\"], "
	  "\"action\": \"SCMP_ACT_ALLOW\"}, ",
	  "{\"names\": [\"read\"], \"action\": \"SCMP_ACT_ALLOW\"}", "]}", IN_LINUX },
	{ "seccomp-conditions",
	  "\"seccomp\": {\"defaultAction\": \"SCMP_ACT_ERRNO\", \"syscalls\": [{\"names\": "
	  "[\"execve\"], \"action\": \"SCMP_ACT_ALLOW\"}, ",
	  "{\"names\": [\"ioctl\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\": [{\"index\": 1, "
	  "\"value\": 1%1$zu, \"op\": \"SCMP_CMP_EQ\"}]}, "
	  "{\"names\": [\"ioctl\"], \"action\": \"SCMP_ACT_KILL_PROCESS\", \"args\": [{\"index\": "
	  "1, \"value\": 2%1$zu, \"op\": \"SCMP_CMP_EQ\"}]}",
	  "]}", IN_LINUX },
	{ "seccomp-names",
	  "\"seccomp\": {\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"names\": [",
	  "\"unknown%1$zu\"", "], \"action\": \"SCMP_ACT_ERRNO\"}]}", IN_LINUX },
};

static const char *elements(const struct kind *k, size_t n)
{
	char *text = arena_alloc(strlen(k->before) + strlen(k->behind) +
				 n * (strlen(k->element) + 24) + 1);
	char *p = stpcpy(text, k->before);

	for (size_t i = 0; i < n; i++) {
		p = stpcpy(p, i ? ", " : "");
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-extra-args"
		p += sprintf(p, k->element, i + 1);
#pragma GCC diagnostic pop
	}
	strcpy(p, k->behind);
	return text;
}

static struct text config_text(const struct kind *k, size_t n)
{
	const char *more = elements(k, n);
	const char *process = k->where == IN_PROCESS ? more : NULL;
	const char *text =
		arena_printf("{\"ociVersion\": \"1.2.0\", \"root\": {\"path\": \"rootfs\"}, "
			     "\"process\": {%s \"cwd\": \"/\"%s%s}, "
			     "\"linux\": {\"namespaces\": [{\"type\": \"mount\"}, {\"type\": "
			     "\"pid\"}, {\"type\": \"network\"}]%s%s}"
			     "%s%s}",
			     strcmp(k->name, "args") == 0 ? "" : "\"args\": [\"/bin/true\"],",
			     process ? ", " : "", process ? process : "",
			     k->where == IN_LINUX ? ", " : "", k->where == IN_LINUX ? more : "",
			     k->where == IN_ROOT ? ", " : "", k->where == IN_ROOT ? more : "");

	return (struct text){ (char *)(uintptr_t)text, strlen(text) };
}

static int run(const struct kind *k, size_t n)
{
	struct plan_options options = { .id = "ctr", .bundle = "/bundle" };
	struct text text = config_text(k, n);
	struct devices_list list;
	struct cgroup cgroup = { .scope = { .unit = "u.scope", .mark = "m" } };
	struct config config;
	const struct plan *plan;
	struct host host;

	if (!golden_host("v2", &host) || parse_config("config.json", &text, &config) < 0 ||
	    validate_config(&config) < 0 || plan_make(&config, &host, &options, &plan) < 0)
		return -1;
	(void)dump_plan(plan);
	if (devlist_make(plan->cgroup.rules, plan->cgroup.n_rules, &list) < 0)
		return -1;
	struct plan_cgroup planned = plan->cgroup;

	planned.set_devices = true;
	(void)scope_request("start", &planned, &cgroup);
	return 0;
}

int main(int argc, char **argv)
{
	size_t i = 0;

	if (argc == 1)
		for (; i < ARRAY_LEN(kinds); i++)
			puts(kinds[i].name);
	if (argc == 1)
		return 0;
	while (i < ARRAY_LEN(kinds) && strcmp(kinds[i].name, argv[1]) != 0)
		i++;
	if (argc != 3 || i == ARRAY_LEN(kinds)) {
		fprintf(stderr, "usage: growth [KIND N]\n");
		return 64;
	}
	if (run(&kinds[i], strtoul(argv[2], NULL, 10)) < 0) {
		fprintf(stderr, "%s\n", err_message());
		return 1;
	}
	struct mallinfo2 info = mallinfo2();

	printf("%zu\n", info.uordblks + info.hblkhd);
	return 0;
}
