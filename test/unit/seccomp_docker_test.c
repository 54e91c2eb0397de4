/* SPDX-License-Identifier: Apache-2.0 */
/* Valid and invalid profiles in the formats of Docker, containers/common and the runtime-spec. */
#include "seccomp/docker.h"

#include "oci/json.h"
#include "oci/jsonw.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <unistd.h>

#include "unit/seccomp_rules.h"

static const struct profile_facts facts = {
	.caps = DOCKER_CAPS, .native = ABI_X86_64, .kernel_major = 6, .kernel_minor = 18
};

static bool parse(const char *json, struct profile *ret)
{
	struct text text = { (char *)json, strlen(json) };

	err_clear();
	return docker_profile_parse("p.json", &text, &facts, ret) >= 0;
}

/* The answer to "mkdir" of the profile with that member added to its only rule. */
static void rule(const char *members, const char *want)
{
	struct profile p;
	const char *json = arena_printf("{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":["
					"{\"names\":[\"mkdir\"],\"action\":\"SCMP_ACT_ALLOW\"%s}]}",
					members);

	if (!parse(json, &p))
		ok(false, "%s: %s", members, err_message());
	else
		is_str(rules_of(&p, "mkdir"), want, "rule %s", members);
}

static void wrong(const char *json, const char *want)
{
	struct profile p;

	if (parse(json, &p))
		ok(false, "accepted: %s", json);
	else
		is_str(err_message(), want, "%s", want);
}

static void conditions(void)
{
	const char *yes = "7fff0000", *no = "";

	rule("", yes);
	rule(",\"comment\":\"\",\"includes\":{},\"excludes\":{},\"args\":null", yes);
	rule(",\"includes\":{\"caps\":[\"CAP_CHOWN\"]}", yes);
	rule(",\"includes\":{\"caps\":[\"CAP_CHOWN\",\"CAP_SYS_ADMIN\"]}", no);
	rule(",\"includes\":{\"caps\":[\"CAP_NEVER_HEARD_OF\"]}", no);
	rule(",\"excludes\":{\"caps\":[\"CAP_SYS_ADMIN\",\"CAP_CHOWN\"]}", no);
	rule(",\"excludes\":{\"caps\":[\"CAP_SYS_ADMIN\"]}", yes);
	rule(",\"includes\":{\"arches\":[\"arm64\",\"amd64\"]}", yes);
	rule(",\"includes\":{\"arches\":[\"x86\",\"x32\"]}", no);
	rule(",\"excludes\":{\"arches\":[\"s390\",\"amd64\"]}", no);
	rule(",\"includes\":{\"minKernel\":\"6.18\"}", yes);
	rule(",\"includes\":{\"minKernel\":\"6.19\"}", no);
	rule(",\"includes\":{\"minKernel\":\"5.255\"}", yes);
	rule(",\"includes\":{\"minKernel\":\"7.0\"}", no);
	rule(",\"excludes\":{\"minKernel\":\"6.18\"}", no);
	rule(",\"excludes\":{\"minKernel\":\"6.19\"}", yes);
	rule(",\"args\":[{\"index\":5,\"value\":18446744073709551615,\"op\":\"SCMP_CMP_NE\"}]",
	     "7fff0000 5!=ffffffffffffffff");
	rule(",\"args\":[{\"index\":0,\"value\":7,\"valueTwo\":1,\"op\":\"SCMP_CMP_MASKED_EQ\"}]",
	     "7fff0000 0&7==1");
}

static void actions(void)
{
	static const struct {
		const char *members;
		uint32_t action;
	} cases[] = {
		{ "\"SCMP_ACT_ERRNO\"", SECCOMP_RET_ERRNO | EPERM },
		{ "\"SCMP_ACT_ERRNO\",\"errnoRet\":0", SECCOMP_RET_ERRNO },
		{ "\"SCMP_ACT_ERRNO\",\"errnoRet\":4095", SECCOMP_RET_ERRNO | 4095 },
		{ "\"SCMP_ACT_ERRNO\",\"errnoRet\":1,\"errno\":\"ENOSYS\"",
		  SECCOMP_RET_ERRNO | ENOSYS },
		{ "\"SCMP_ACT_ERRNO\",\"errno\":\"38\"", SECCOMP_RET_ERRNO | ENOSYS },
		{ "\"SCMP_ACT_TRACE\",\"errnoRet\":65535", SECCOMP_RET_TRACE | 65535 },
		{ "\"SCMP_ACT_TRACE\"", SECCOMP_RET_TRACE | EPERM },
		{ "\"SCMP_ACT_KILL\"", SECCOMP_RET_KILL_THREAD },
		{ "\"SCMP_ACT_KILL_PROCESS\"", SECCOMP_RET_KILL_PROCESS },
		{ "\"SCMP_ACT_TRAP\"", SECCOMP_RET_TRAP },
		{ "\"SCMP_ACT_LOG\"", SECCOMP_RET_LOG },
		{ "\"SCMP_ACT_NOTIFY\"", SECCOMP_RET_USER_NOTIF },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct profile p;

		if (parse(arena_printf("{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":["
				       "{\"name\":\"x\",\"action\":%s}]}",
				       cases[i].members),
			  &p))
			is_int(p.rules[0].action, cases[i].action, "action %s", cases[i].members);
		else
			ok(false, "%s: %s", cases[i].members, err_message());
	}
}

static void architectures(void)
{
	struct profile p;

	ok(parse("{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"archMap\":["
		 "{\"architecture\":\"SCMP_ARCH_AARCH64\",\"subArchitectures\":[\"SCMP_ARCH_ARM\"]}"
		 ","
		 "{\"architecture\":\"SCMP_ARCH_X86_64\",\"subArchitectures\":[\"SCMP_ARCH_X86\"]}]"
		 "}",
		 &p) &&
		   p.n_abis == 2 && p.abis[0] == ABI_X86_64 && p.abis[1] == ABI_X86,
	   "the row of archMap for the native architecture is used");
	ok(parse("{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"archMap\":["
		 "{\"architecture\":\"SCMP_ARCH_AARCH64\",\"subArchitectures\":null}]}",
		 &p) &&
		   p.n_abis == 0,
	   "archMap without a native row");
	ok(parse("{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"architectures\":[\"SCMP_ARCH_X32\","
		 "\"SCMP_ARCH_LOONGARCH64\",\"SCMP_ARCH_X32\"],\"flags\":[]}",
		 &p) &&
		   p.n_abis == 2 && p.abis[1] == ABI_LOONGARCH64 && p.set_flags && !p.flags,
	   "architectures without duplicates; empty flags are kept");
	ok(parse("{\"linux\":{\"seccomp\":{\"defaultAction\":\"SCMP_ACT_LOG\"}}}", &p) &&
		   p.default_action == SECCOMP_RET_LOG && !p.set_flags,
	   "a whole config.json");
}

#define D "{\"defaultAction\":\"SCMP_ACT_ERRNO\""
#define R(rule) D ",\"syscalls\":[" rule "]}"

static void errors(void)
{
	wrong("{}", "p.json:1: defaultAction: missing");
	wrong(D ",\"architectures\":[\"SCMP_ARCH_X86\"],\n\"archMap\":[{\"architecture\":\"SCMP_"
		"ARCH_X86\"}]}",
	      "p.json:2: archMap: found both archMap and architectures, expected one of them");
	wrong(D ",\"archMap\":[{\"architecture\":\"SCMP_ARCH_VAX\"}]}",
	      "p.json:1: archMap[0].architecture: unknown architecture \"SCMP_ARCH_VAX\"");
	wrong(R("{\"name\":\"a\",\"names\":[\"b\"],\"action\":\"SCMP_ACT_LOG\"}"),
	      "p.json:1: syscalls[0].name: found both name and names, expected one of them");
	wrong(R("{\"action\":\"SCMP_ACT_LOG\"}"),
	      "p.json:1: syscalls[0].names: expected at least one name");
	wrong(R("{\"name\":\"a\",\"action\":\"SCMP_ACT_ALLOW\",\"errnoRet\":1}"),
	      "p.json:1: syscalls[0].errnoRet: found an errno for action SCMP_ACT_ALLOW, expected "
	      "one only for SCMP_ACT_ERRNO and SCMP_ACT_TRACE");
	wrong(R("{\"name\":\"a\",\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":4096}"),
	      "p.json:1: syscalls[0].errnoRet: expected at most 4095, found 4096");
	wrong(R("{\"name\":\"a\",\"action\":\"SCMP_ACT_ERRNO\",\n\"errno\":\"EPREM\"}"),
	      "p.json:2: syscalls[0].errno: expected an error such as \"EPERM\", found \"EPREM\"");
	wrong(R("{\"name\":\"a\",\"action\":\"SCMP_ACT_LOG\",\"includes\":{\"minKernel\":\"4\"}}"),
	      "p.json:1: syscalls[0].includes.minKernel: expected a version of two numbers, such "
	      "as \"4.8\", found \"4\"");
	wrong(R("{\"name\":\"a\",\"action\":\"SCMP_ACT_LOG\",\"excludes\":{\"minKernel\":\"4.256\"}"
		"}"),
	      "p.json:1: syscalls[0].excludes.minKernel: expected a version of two numbers, such "
	      "as \"4.8\", found \"4.256\"");
	wrong(D ",\"listenerMetadata\":\"x\"}",
	      "p.json:1: listenerMetadata: is set, but listenerPath is not");
	struct profile p;

	ok(!parse(R("{\"name\":\"a\",\"action\":\"SCMP_ACT_LOG\",\"args\":[{\"index\":6,\"value\":"
		    "0,"
		    "\"op\":\"SCMP_CMP_EQ\"}]}"),
		  &p),
	   "index 6: %s", err_message());
	ok(!parse(R("{\"name\":\"a\",\"action\":\"SCMP_ACT_LOG\",\"args\":[{\"index\":0,\"value\":"
		    "0,"
		    "\"op\":\"EQ\"}]}"),
		  &p),
	   "operator EQ: %s", err_message());
	ok(!parse("{\"defaultAction\":\"SCMP_ACT_ALOW\"}", &p) &&
		   strstr(err_message(), "did you mean \"SCMP_ACT_ALLOW\""),
	   "action: %s", err_message());
	ok(!parse(D ",\"flags\":[\"SECCOMP_FILTER_FLAG_FAST\"]}", &p), "flag: %s", err_message());
}

/* For every name in either profile, both give the same answer. */
static void same(const struct profile *a, const struct profile *b, const char *what)
{
	unsigned int n = 0, differ = 0;

	for (int turn = 0; turn < 2; turn++) {
		const struct profile *p = turn ? b : a, *q = turn ? a : b;

		for (size_t i = 0; i < p->n_rules; i++)
			for (size_t j = 0; j < p->rules[i].n_names; j++) {
				const char *name = p->rules[i].names[j];

				n++;
				if (strcmp(rules_of(p, name), rules_of(q, name)) == 0)
					continue;
				differ++;
				printf("# %s: %s, %s\n", name, rules_of(p, name),
				       rules_of(q, name));
			}
	}
	ok(n && !differ && a->default_action == b->default_action, "%s: %u names", what, n);
}

static void written(const char *path)
{
	const char *name = strrchr(path, '/') + 1;
	struct jsonw *w = jsonw_new(JSONW_PRETTY);
	struct profile p, again;

	if (!profile_read(path, &facts, &p))
		return;
	profile_write(w, &p);
	if (!parse(jsonw_finish(w).data, &again)) {
		ok(false, "%s: written: %s", name, err_message());
		return;
	}
	if (p.n_rules)
		same(&p, &again, arena_printf("%s, written and read", name));
	ok(p.n_abis == again.n_abis && p.set_flags == again.set_flags && p.flags == again.flags,
	   "%s: its other members", name);
}

/* x.json has conditions, which tamis evaluates; in x.oci.json make.awk has evaluated them. */
static void resolved(const char *path)
{
	const char *oci = arena_printf("%.*s.oci.json", (int)(strlen(path) - 5), path);
	struct profile p, theirs;

	if (access(oci, R_OK) == 0 && profile_read(path, &facts, &p) &&
	    profile_read(oci, &facts, &theirs))
		same(&p, &theirs, arena_printf("%s, resolved twice", strrchr(path, '/') + 1));
}

static void files(void)
{
	const char *path;
	unsigned int n = 0;

	for (; (path = profile_nth(n)); n++) {
		written(path);
		resolved(path);
	}
	ok(n >= 20, "%u profiles", n);
}

int main(void)
{
	conditions();
	actions();
	architectures();
	errors();
	files();
	return done();
}
