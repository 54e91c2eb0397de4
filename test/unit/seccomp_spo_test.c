/* SPDX-License-Identifier: Apache-2.0 */
/* lib/seccomp/spo.c, spo_union.c and spo_write.c: resources right and wrong, base profiles, and
 * the YAML that is written. */
#include "seccomp/spo.h"

#include "base/io.h"
#include "oci/json.h"

#include <errno.h>
#include <linux/seccomp.h>

#include "unit/seccomp_rules.h"

static const struct profile_facts facts = { .native = ABI_X86_64 };

#define V1 "{\"apiVersion\":\"security-profiles-operator.x-k8s.io/v1\",\"kind\":\"SeccompProfile\""
#define BETA                                                     \
	"{\"apiVersion\":\"security-profiles-operator.x-k8s.io/" \
	"v1beta1\",\"kind\":\"SeccompProfile\""
#define NAMED(name, spec) V1 ",\"metadata\":{\"name\":\"" name "\"},\"spec\":{" spec "}}"
#define DENY "\"defaultAction\":\"SCMP_ACT_ERRNO\""
#define RULE(names, action, more) \
	"{\"names\":[" names "],\"action\":\"SCMP_ACT_" action "\"" more "}"
#define PLAIN(spec) NAMED("p", DENY spec)
#define WITH(rules) PLAIN(",\"syscalls\":[" rules "]")

static int parse(const char *text, const struct spo_documents *others, struct profile *ret)
{
	struct text t = { (char *)text, strlen(text) };
	const struct json *root;

	err_clear();

	int r = json_parse("p.json", &t, &root);

	return r < 0 ? r : spo_profile_decode("p.json", root, others, &facts, ret);
}

static void rule(const char *text, const char *call, const char *want)
{
	struct profile p;

	if (parse(text, NULL, &p) < 0)
		ok(false, "%s: %s", text, err_message());
	else
		is_str(rules_of(&p, call), want, "%s: %s", call, want);
}

static void wrong(const char *text, const char *want)
{
	struct profile p;

	if (parse(text, NULL, &p) < 0)
		is_str(err_message(), want, "%s", want);
	else
		ok(false, "accepted: %s", text);
}

static void rules(void)
{
	struct profile p;

	rule(WITH(RULE("\"read\",\"write\"", "ALLOW", "")), "write", "7fff0000");
	rule(WITH(RULE("\"read\"", "ERRNO", ",\"errnoRet\":38")), "read", "50026");
	rule(WITH(RULE("\"read\"", "ERRNO", ",\"errnoRet\":0")), "read", "50001");
	rule(WITH(RULE("\"read\"", "TRACE", "")), "read", "7ff00001");
	rule(BETA ",\"spec\":{" DENY
		  ",\"syscalls\":[" RULE("\"read\"", "ERRNO", ",\"errnoRet\":\"38\"") "]}}",
	     "read", "50026");
	rule(WITH(RULE("\"clone\"", "ALLOW",
		       ",\"args\":[{\"index\":0,\"value\":7,\"valueTwo\":1,"
		       "\"op\":\"SCMP_CMP_MASKED_EQ\"}]")),
	     "clone", "7fff0000 0&7==1");
	ok(parse(PLAIN(",\"architectures\":[\"SCMP_ARCH_X86\",\"SCMP_ARCH_NATIVE\"],\"flags\":[],"
		       "\"listenerPath\":\"/var/run/security-profiles-operator/s.sock\""),
		 NULL, &p) >= 0 &&
		   p.n_abis == 2 && p.abis[1] == ABI_X86_64 && !p.set_flags &&
		   p.default_action == (SECCOMP_RET_ERRNO | EPERM) && p.listener_path,
	   "architectures, flags and listener: %s", err_message());
	ok(parse(PLAIN(",\"flags\":[\"SECCOMP_FILTER_FLAG_LOG\"],\"disabled\":false"), NULL, &p) >=
			   0 &&
		   p.set_flags && p.flags == SECCOMP_FILTER_FLAG_LOG,
	   "a flag");
}

static void errors(void)
{
	wrong("{\"kind\":\"SeccompProfile\"}",
	      "p.json:1: apiVersion: expected \"security-profiles-operator.x-k8s.io/v1\"");
	wrong("{\"apiVersion\":\"security-profiles-operator.x-k8s.io/v2\"}",
	      "p.json:1: apiVersion: expected \"security-profiles-operator.x-k8s.io/v1\" or "
	      "v1beta1, found string \"security-profiles-operator.x-k8s.io/v2\"");
	wrong("{\"apiVersion\":\"security-profiles-operator.x-k8s.io/v1\",\"kind\":\"Profile\"}",
	      "p.json:1: kind: expected \"SeccompProfile\", found string \"Profile\"");
	wrong(V1 "}", "p.json:1: spec: missing");
	wrong(V1 ",\"spec\":{}}", "p.json:1: spec.defaultAction: missing");
	wrong(NAMED("p", "\"defaultAction\":\"SCMP_ACT_NOTIFY\""),
	      "p.json:1: spec.defaultAction: SCMP_ACT_NOTIFY cannot be the default action");
	wrong(PLAIN(",\n\"syscall\":[]"),
	      "p.json:2: spec.syscall: unknown key; did you mean \"syscalls\"?");
	wrong(PLAIN(",\"architectures\":[\"SCMP_ARCH_VAX\"]"),
	      "p.json:1: spec.architectures[0]: unknown architecture \"SCMP_ARCH_VAX\"");
	wrong(PLAIN(",\"listenerPath\":\"/run/x\""),
	      "p.json:1: spec.listenerPath: expected a name below "
	      "/var/run/security-profiles-operator/");
	wrong(PLAIN(",\"listenerMetadata\":\"x\""),
	      "p.json:1: spec.listenerMetadata: is set, but listenerPath is not");
	wrong(WITH(RULE("", "ALLOW", "")),
	      "p.json:1: spec.syscalls[0].names: expected at least one name");
	wrong(WITH(RULE("\"a\"", "ALLOW", ",\"errnoRet\":1")),
	      "p.json:1: spec.syscalls[0].errnoRet: the action SCMP_ACT_ALLOW has no errno");
	wrong(WITH(RULE("\"a\"", "ERRNO", ",\"errnoRet\":4096")),
	      "p.json:1: spec.syscalls[0].errnoRet: expected an integer from 0 to 4095, found "
	      "number 4096");
	wrong(WITH(RULE("\"a\"", "ERRNO", ",\"errnoRet\":\"1\"")),
	      "p.json:1: spec.syscalls[0].errnoRet: expected an integer, found string \"1\"");
	wrong(WITH(RULE("\"a\"", "ALLOW",
			",\"args\":[{\"index\":0,\"value\":-1,"
			"\"op\":\"SCMP_CMP_EQ\"}]")),
	      "p.json:1: spec.syscalls[0].args[0].value: expected an integer from 0 to "
	      "9223372036854775807, found number -1");
	wrong(PLAIN(",\"baseProfileName\":\"oci://x\""),
	      "p.json:1: spec.baseProfileName: is an image, string \"oci://x\"; expected the name "
	      "of a SeccompProfile among the files given");
	wrong(PLAIN(",\"baseProfileName\":\"gone\""),
	      "p.json:1: spec.baseProfileName: no SeccompProfile string \"gone\" is among the "
	      "files given");
}

/* --- base profiles ----------------------------------------------------------------------- */

#define ON_BASE(rules) PLAIN(",\"baseProfileName\":\"base\",\"syscalls\":[" rules "]")
#define BASE(rules) NAMED("base", DENY ",\"syscalls\":[" rules "]")
#define ARG0(value) ",\"args\":[{\"index\":0,\"value\":" #value ",\"op\":\"SCMP_CMP_EQ\"}]"

/* What the profile upon that base says of "mkdir"; want NULL: it is refused. */
static void upon(const char *base_rules, const char *own, const char *want)
{
	struct text t = { (char *)base_rules, strlen(base_rules) };
	const struct json *base;
	struct profile p;

	err_clear();
	if (json_parse("base.json", &t, &base) < 0) {
		ok(false, "%s", err_message());
		return;
	}

	const struct spo_documents others = { 1, &base };
	int r = parse(own, &others, &p);

	if (!want)
		ok(r < 0 && strstr(err_message(), "no list of rules is their union"), "refused: %s",
		   err_message());
	else if (r < 0)
		ok(false, "%s: %s", own, err_message());
	else
		is_str(rules_of(&p, "mkdir"), want, "upon a base: %s", want);
}

static void bases(void)
{
	const char *allow = "7fff0000", *if0 = "7fff0000 0==0";

	upon(BASE(RULE("\"mkdir\",\"read\"", "ALLOW", "")), ON_BASE(RULE("\"write\"", "LOG", "")),
	     allow);
	upon(BASE(RULE("\"read\"", "ALLOW", "")), ON_BASE(RULE("\"mkdir\"", "LOG", "")),
	     "7ffc0000");
	upon(BASE(RULE("\"mkdir\"", "ALLOW", "")), ON_BASE(RULE("\"mkdir\"", "LOG", "")), allow);
	upon(BASE(RULE("\"mkdir\"", "KILL", "")), ON_BASE(RULE("\"mkdir\"", "LOG", "")),
	     "7ffc0000");
	/* one of them without conditions */
	upon(BASE(RULE("\"mkdir\"", "ALLOW", "")), ON_BASE(RULE("\"mkdir\"", "KILL", ARG0(0))),
	     allow);
	upon(BASE(RULE("\"mkdir\"", "KILL", ARG0(0))), ON_BASE(RULE("\"mkdir\"", "ALLOW", "")),
	     allow);
	upon(BASE(RULE("\"mkdir\"", "ERRNO", "")), ON_BASE(RULE("\"mkdir\"", "ALLOW", ARG0(0))),
	     if0);
	upon(BASE(RULE("\"mkdir\"", "ALLOW", ARG0(0))), ON_BASE(RULE("\"mkdir\"", "ERRNO", "")),
	     if0);
	upon(BASE(RULE("\"mkdir\"", "KILL", "")), ON_BASE(RULE("\"mkdir\"", "ALLOW", ARG0(0))),
	     NULL);
	/* both with conditions */
	upon(BASE(RULE("\"mkdir\"", "ALLOW", ARG0(0))),
	     ON_BASE(RULE("\"mkdir\"", "ALLOW", ARG0(1))), "7fff0000 0==0; 7fff0000 0==1");
	upon(BASE(RULE("\"mkdir\"", "ALLOW", ARG0(0))), ON_BASE(RULE("\"mkdir\"", "LOG", ARG0(1))),
	     NULL);
}

static void chains(void)
{
	static const char *const texts[] = {
		NAMED("a", DENY ",\"baseProfileName\":\"b\",\"syscalls\":[" RULE("\"read\"",
										 "ALLOW", "") "]"),
		NAMED("b", DENY ",\"baseProfileName\":\"c\""),
		NAMED("c", "\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":[" RULE(
				   "\"mkdir\"", "ALLOW", "") "]"),
		NAMED("x", DENY ",\"baseProfileName\":\"y\""),
		NAMED("y", DENY ",\"baseProfileName\":\"x\""),
		"{\"kind\":\"Pod\",\"metadata\":{\"name\":\"c\"}}",
	};
	const struct json *docs[ARRAY_LEN(texts)];
	struct profile p;

	err_clear();
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct text t = { (char *)texts[i], strlen(texts[i]) };

		if (json_parse("p.json", &t, &docs[i]) < 0)
			ok(false, "%s", err_message());
	}

	const struct spo_documents all = { ARRAY_LEN(docs), docs };

	ok(spo_profile_decode("p.json", docs[0], &all, &facts, &p) >= 0 && p.n_rules == 2 &&
		   p.default_action == (SECCOMP_RET_ERRNO | EPERM) &&
		   strcmp(p.rules[0].names[0], "mkdir") == 0,
	   "a base of a base, its rules first: %s", err_message());
	is_str(profile_rule_place(&p, &p.rules[0], 0), "p.json:1: spec.syscalls[0].names[0]",
	       "the place of a base's rule");
	err_clear();
	ok(spo_profile_decode("p.json", docs[3], &all, &facts, &p) < 0 &&
		   strstr(err_message(), "leads back to itself"),
	   "a ring: %s", err_message());
}

/* --- writing ----------------------------------------------------------------------------- */

#define ONE(...)                                                      \
	.n_names = ARRAY_LEN(((const char *const[]){ __VA_ARGS__ })), \
	.names = (const char *const[])                                \
	{                                                             \
		__VA_ARGS__                                           \
	}

static void writes(void)
{
	static const struct condition args[] = { { 0, SECCOMP_OP_MASKED_EQ, 7, 1 },
						 { 1, SECCOMP_OP_GT, 9, 0 } };
	const struct rule list[] = {
		{ SECCOMP_RET_ALLOW, 0, ONE("read", "on", "read", "a: b\n") },
		{ SECCOMP_RET_ERRNO | ENOSYS, 1, ONE("clone3"), 2, args },
	};
	const struct profile p = { .place = "p",
				   .default_action = SECCOMP_RET_ERRNO | EPERM,
				   .n_abis = 1,
				   .abis = { ABI_X86_64 },
				   .set_flags = true,
				   .flags = SECCOMP_FILTER_FLAG_LOG,
				   .n_rules = 2,
				   .rules = list };
	struct text text = { 0 };

	err_clear();
	ok(spo_write(&p, "my-profile.v1", &text) >= 0, "written: %s", err_message());
	is_str(text.data,
	       "apiVersion: security-profiles-operator.x-k8s.io/v1\n"
	       "kind: SeccompProfile\n"
	       "metadata:\n"
	       "  name: \"my-profile.v1\"\n"
	       "spec:\n"
	       "  defaultAction: SCMP_ACT_ERRNO\n"
	       "  architectures:\n"
	       "    - SCMP_ARCH_X86_64\n"
	       "  flags:\n"
	       "    - SECCOMP_FILTER_FLAG_LOG\n"
	       "  syscalls:\n"
	       "    - action: SCMP_ACT_ALLOW\n"
	       "      names:\n"
	       "        - read\n"
	       "        - \"on\"\n"
	       "        - \"a: b\\n\"\n"
	       "    - action: SCMP_ACT_ERRNO\n"
	       "      errnoRet: 38\n"
	       "      names:\n"
	       "        - clone3\n"
	       "      args:\n"
	       "        - index: 0\n"
	       "          op: SCMP_CMP_MASKED_EQ\n"
	       "          value: 7\n"
	       "          valueTwo: 1\n"
	       "        - index: 1\n"
	       "          op: SCMP_CMP_GT\n"
	       "          value: 9\n",
	       "the YAML");
}

static void lost(struct profile p, const char *resource, const char *want)
{
	struct text text;

	p.place = "p";
	err_clear();

	int r = spo_write(&p, resource, &text);

	ok(r < 0 && strstr(err_message(), want), "%s: %s", want, err_message());
}

static void losses(void)
{
	static const struct condition large = { 0, SECCOMP_OP_EQ, UINT64_C(1) << 63, 0 };
	const struct rule values[] = { { SECCOMP_RET_ALLOW, 0, ONE("read"), 1, &large } };
	const struct rule zero[] = { { SECCOMP_RET_ERRNO, 0, ONE("read") } };
	const uint32_t eperm = SECCOMP_RET_ERRNO | EPERM;

	lost((struct profile){ .default_action = SECCOMP_RET_ERRNO | ENOSYS }, "p", "but EPERM");
	lost((struct profile){ .default_action = SECCOMP_RET_USER_NOTIF }, "p", "NOTIFY");
	lost((struct profile){ .default_action = eperm, .set_flags = true }, "p", "empty list");
	lost((struct profile){ .default_action = eperm, .listener_path = "/run/x" }, "p",
	     "listenerPath");
	lost((struct profile){ .default_action = eperm, .n_abis = 1, .abis = { ABI_SH } }, "p",
	     "SCMP_ARCH_SH");
	lost((struct profile){ .default_action = eperm, .n_rules = 1, .rules = values }, "p",
	     "2^63");
	lost((struct profile){ .default_action = eperm, .n_rules = 1, .rules = zero }, "p",
	     "errno 0");
	for (const char *const *name =
		     (const char *const[]){ "", "A", "-a", "a-", "a..b", "a.", "a.-b", NULL };
	     *name; name++)
		lost((struct profile){ .default_action = eperm }, *name, "name of a resource");
}

int main(void)
{
	rules();
	errors();
	bases();
	chains();
	writes();
	losses();
	return done();
}
