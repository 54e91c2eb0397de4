/* SPDX-License-Identifier: Apache-2.0 */
/* Why a call is denied, which rule would allow it, and what is kept and written about it. */
#include "observe/denial.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "observe/denial_table.h"
#include "observe/denial_write.h"
#include "oci/json.h"
#include "seccomp/filter.h"
#include "seccomp/syscall.h"
#include "unit/tap.h"

#include <linux/audit.h>
#include <stdlib.h>
#include <string.h>

static const char text[] =
	"{\n"
	"  \"defaultAction\": \"SCMP_ACT_ERRNO\",\n"
	"  \"architectures\": [\"SCMP_ARCH_X86_64\"],\n"
	"  \"syscalls\": [\n"
	"    {\"names\": [\"read\", \"write\", \"execve\"], \"action\": \"SCMP_ACT_ALLOW\"},\n"
	"    {\"names\": [\"personality\"], \"action\": \"SCMP_ACT_ALLOW\",\n"
	"     \"args\": [{\"index\": 0, \"value\": 8, \"op\": \"SCMP_CMP_EQ\"}]},\n"
	"    {\"names\": [\"clone3\"], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 38},\n"
	"    {\"names\": [\"swapon\"], \"action\": \"SCMP_ACT_KILL_PROCESS\"}\n"
	"  ]\n"
	"}\n";

static struct denial_profile profile;

static bool read_profile(void)
{
	const struct text t = { (char *)(uintptr_t)text, sizeof(text) - 1 };
	const struct profile_facts facts = { .native = ABI_X86_64, .kernel_major = 6 };
	const struct filter_options o = { .machine = "x86_64", .kernel_flags = UINT64_MAX };
	const struct filter *filter;
	const struct bpf_program none = { 0 };

	if (denial_profile_read("p.json", &t, &none, &facts, &profile) < 0 ||
	    filter_compile(&profile.profile, &o, &filter) < 0)
		return false;
	profile.program = (struct bpf_program){ filter->code, filter->len };
	return true;
}

static struct seccomp_data call_of(const char *name, uint64_t arg)
{
	int id = syscall_id(name);

	return (struct seccomp_data){ .nr = (int)syscall_nr(ABI_X86_64, (unsigned int)id),
				      .arch = AUDIT_ARCH_X86_64,
				      .args = { arg } };
}

static struct denial explain(const char *name, uint64_t arg)
{
	const struct seccomp_data call = call_of(name, arg);
	struct denial d;

	denial_explain(&profile, &call, &d);
	return d;
}

static void test_reasons(void)
{
	struct denial d = explain("mkdir", 0x1000);

	ok(d.reason == DENIAL_DEFAULT && d.answer == (SECCOMP_RET_ERRNO | 1) && d.allow &&
		   d.allow->n_conditions == 0 && !d.remove,
	   "no rule names it: the default action; a rule with its name allows it");
	d = explain("personality", 4);
	ok(d.reason == DENIAL_DEFAULT && d.deciding == 1 && d.allow && d.allow->n_conditions == 1 &&
		   d.allow->conditions[0].value == 4,
	   "the only rule wants another argument: the rule that allows it asks for this argument");
	d = explain("clone3", 0);
	is_str(d.place, "p.json:8: syscalls[2]", "a rule denies it: the place of the rule");
	ok(d.reason == DENIAL_RULE && !d.allow && d.remove,
	   "a rule denies it: another rule would not help");
	d = explain("swapon", 0);
	ok(d.reason == DENIAL_RULE && d.answer == SECCOMP_RET_KILL_PROCESS && d.remove,
	   "a stricter answer of a rule");
	d = explain("ioctl", 3);
	ok(d.deciding == 2 && d.allow && d.allow->conditions[0].index == 1,
	   "ioctl: the rule that allows it asks for the request");

	struct seccomp_data call = { .nr = 100000, .arch = AUDIT_ARCH_X86_64 };

	denial_explain(&profile, &call, &d);
	ok(d.reason == DENIAL_UNKNOWN && d.id < 0 && !d.allow && !d.remove, "a number of no table");
	call = (struct seccomp_data){ .nr = 1, .arch = AUDIT_ARCH_I386 };
	denial_explain(&profile, &call, &d);
	ok(d.reason == DENIAL_ARCHITECTURE, "an architecture that is not listed");
}

static struct denial_scene scene_of(const char *program)
{
	return (struct denial_scene){ .pid = 7,
				      .tid = 8,
				      .container = "web",
				      .program = program,
				      .thread = "main",
				      .file = "/lib/libc.so.6",
				      .symbol = "mkdir+0x7",
				      .offset = 0xf7,
				      .strings = { "\"/tmp/\\\"z\"" },
				      .seconds = 86400,
				      .nanoseconds = 5000 };
}

static void test_lines(void)
{
	struct denial d = explain("mkdir", 0x1000);
	const struct denial_scene scene = scene_of("/bin/sh");
	const struct text line = denial_write_json(3, &d, &scene);
	const struct json *root = NULL;

	d.call.args[1] = 0755;
	ok(json_parse("line", &line, &root) == 0 &&
		   strchr(line.data, '\n') == line.data + line.len - 1,
	   "the line of JSON is one line");
	is_str(json_member(root, "time")->text, "1970-01-02T00:00:00.000005Z", "its time");
	is_str(json_member(json_member(root, "caller"), "symbol")->text, "mkdir+0x7", "its caller");
	is_str(json_element(json_member(json_member(json_member(root, "allow"), "rule"), "names"),
			    0)
		       ->text,
	       "mkdir", "the rule that allows it");
	is_str(denial_write_text(&d, &scene),
	       "web: sh[7]: mkdir(\"/tmp/\\\"z\", 0755) in libc.so.6+0xf7 (mkdir+0x7) gets EPERM, "
	       "denied by the default action; to allow it, allow mkdir\n",
	       "the line for people");
	d.abi = ABI_X86;
	ok(strstr(denial_write_text(&d, &scene), "0755) of i386 in libc"),
	   "the line for people names an ABI that is not the usual one");
}

static void test_table(void)
{
	struct denial_table *t = calloc(1, sizeof(*t));
	struct seccomp_data call = call_of("mkdir", 1);
	bool new;
	struct denial_entry *a = denial_table_enter(t, 7, &call, 0, "/bin/sh", "libc+1", &new);

	ok(a && new &&denial_table_recent(t, 7, &call, 0) == a, "a denial is remembered");
	ok(!denial_table_recent(t, 8, &call, 0), "another process is looked at");
	ok(denial_table_enter(t, 8, &call, 0, "/bin/sh", "libc+1", &new) == a && !new,
	   "the same program and caller: the same denial");
	ok(denial_table_enter(t, 8, &call, 0, "/bin/ls", "libc+1", &new) != a && new,
	   "another program: another denial");
	call.args[0] = 2;
	ok(denial_table_recent(t, 7, &call, 0) == a && !denial_table_recent(t, 7, &call, 1),
	   "an argument counts if it decides");
	for (int i = 0; i < 2 * DENIAL_TABLE_ENTRIES; i++) {
		call.args[0] = (uint64_t)i;
		(void)denial_table_enter(t, 7, &call, 1, "/bin/sh", "libc+1", &new);
	}
	ok(t->n == DENIAL_TABLE_ENTRIES, "the table is bounded");
	free(t);
}

int main(void)
{
	if (!ok(read_profile(), "the profile is read"))
		return done();
	test_reasons();
	test_lines();
	test_table();
	return done();
}
