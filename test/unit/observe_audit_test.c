/* SPDX-License-Identifier: Apache-2.0 */
/* Audit records as logs write them, records that are cut, and lines that only look like records. */
#include "observe/audit.h"

#include "base/base.h"
#include "unit/tap.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <string.h>

#define HEAD "audit(1732650000.123:89): "
#define FIELDS                                                                  \
	"auid=1000 uid=0 gid=0 ses=2 subj=unconfined pid=4711 comm=\"python3\"" \
	" exe=\"/usr/bin/python3.11\" sig=31 arch=c000003e syscall=83 compat=0" \
	" ip=0x7f2ae45a0f37 code=0x80000000"

static int parse(const char *line, struct audit_record *ret)
{
	return audit_parse(line, strlen(line), ret);
}

static void test_forms(void)
{
	static const char *const lines[] = {
		"audit: type=1326 " HEAD FIELDS,
		"[53427.891666] audit: type=1326 " HEAD FIELDS,
		"<5>[    1.000001] audit: type=1326 " HEAD FIELDS,
		"Nov 26 20:25:24 host kernel: audit: type=1326 " HEAD FIELDS,
		"Nov 26 20:25:24 host kernel: [53427.891666] audit: type=1326 " HEAD FIELDS,
		"1732650000.123456 host kernel: audit: type=1326 " HEAD FIELDS,
		"type=SECCOMP msg=" HEAD FIELDS,
		"type=1326 msg=" HEAD FIELDS,
		"type=SECCOMP msg=" HEAD FIELDS "\35ARCH=x86_64 SYSCALL=mkdir AUID=\"user\"",
	};
	struct audit_record r;

	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		if (!is_int(parse(lines[i], &r), 1, "%.40s", lines[i]))
			continue;
		ok(r.time_ms == 1732650000123 && r.serial == 89 && r.pid == 4711 &&
			   r.signal == 31 && r.arch == AUDIT_ARCH_X86_64 && r.nr == 83 &&
			   r.ip == 0x7f2ae45a0f37 && r.action == SECCOMP_RET_KILL_PROCESS,
		   "its numbers");
		is_str(r.comm.data, "python3", "the name");
		is_str(r.exe.data, "/usr/bin/python3.11", "the program");
	}
}

#define RECORD(names, rest) "audit: type=1326 " HEAD "pid=1 " names " sig=0 arch=c000003e " rest

static void test_names(void)
{
	struct audit_record r;

	is_int(parse(RECORD("comm=612062 exe=2F610A62", "syscall=83 ip=0x1 code=0x50000"), &r), 1,
	       "names in hexadecimal");
	ok(r.comm.len == 3 && strcmp(r.comm.data, "a b") == 0, "a blank");
	ok(r.exe.len == 4 && strcmp(r.exe.data, "/a\nb") == 0, "a line feed");
	is_int(parse(RECORD("comm=\"a\" exe=(null)", "syscall=83 ip=0x1 code=0x50000"), &r), 1,
	       "no program");
	ok(!r.exe.data, "is none");
	is_int(parse(RECORD("comm=\"a=b\" new=1", "syscall=-1 ip=0x1 code=0x7ffc0000"), &r), 1,
	       "an unknown field, number -1");
	ok(r.nr == UINT32_MAX && r.action == SECCOMP_RET_LOG, "which is a number, too");
	is_int(parse(RECORD("comm=\"a\"", "syscall=1073741896 ip=0x1 code=0x50000"), &r), 1, "x32");
	is_int(r.nr, 0x40000048, "with its bit");
}

static void test_others(void)
{
	static const char *const others[] = {
		"",
		"audit: type=1400 " HEAD "apparmor=\"DENIED\"",
		"audit: type=13260 " HEAD FIELDS,
		"type=SYSCALL msg=" HEAD FIELDS,
		"type=USER_CMD msg=audit(1.2:3): cmd=\"audit: type=1326 " HEAD FIELDS,
		"user said audit: type=1326 " HEAD FIELDS,
		"[x] audit: type=1326 " HEAD FIELDS,
		"a [1] audit: type=1326 " HEAD FIELDS,
		"x[1]: audit: type=1326 " HEAD FIELDS,
	};
	static const char *const damaged[] = {
		"audit: type=1326 audit(1732650000.123:89",
		"audit: type=1326 audit(1732650000.1234:89): " FIELDS,
		"audit: type=1326 audit(99999999999999999999.1:89): " FIELDS,
		RECORD("comm=\"a\"", "syscall=83 ip=0x1"),
		RECORD("comm=\"a\"", "syscall=83 ip=0x1 code=0x5000000000"),
		RECORD("comm=\"a\"", "syscall=99999999999 ip=0x1 code=0x50000"),
		RECORD("comm=\"a\"", "syscall= ip=0x1 code=0x50000"),
		RECORD("comm=\"a\"", "syscall=83 syscall=84 ip=0x1 code=0x50000"),
		RECORD("comm=\"a\" pid=2", "syscall=83 ip=0x1 code=0x50000"),
	};
	static const char whole[] = "audit: type=1326 " HEAD FIELDS;
	struct audit_record r;
	int n = 0;

	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		is_int(parse(others[i], &r), 0, "other: %.40s", others[i]);
	for (size_t i = 0; i < ARRAY_LEN(damaged); i++)
		is_int(parse(damaged[i], &r), -EINVAL, "damaged: %.90s", damaged[i]);
	for (size_t len = 0; len < sizeof(whole) - sizeof("code=0x80000000"); len++)
		n += audit_parse(whole, len, &r) > 0;
	is_int(n, 0, "a record that is cut is none");
}

int main(void)
{
	test_forms();
	test_names();
	test_others();
	return done();
}
