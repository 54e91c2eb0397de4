/* SPDX-License-Identifier: Apache-2.0 */
/* lib/seccomp/seccompiler.c: filters right and wrong, and there and back again. */
#include "seccomp/seccompiler.h"

#include "base/io.h"
#include "oci/json.h"

#include <errno.h>
#include <linux/seccomp.h>

#include "unit/seccomp_rules.h"
#include "unit/seccomp_same.h"

static const struct profile_facts facts = { .native = ABI_X86_64 };

static int parse(const char *text, const char *thread, struct profile *ret)
{
	struct text t = { (char *)text, strlen(text) };
	const struct json *root;

	err_clear();

	int r = json_parse("f.json", &t, &root);

	return r < 0 ? r : seccompiler_profile_decode("f.json", root, thread, &facts, ret);
}

#define T(filter)                                                                                  \
	"{\"t\":{\"default_action\":{\"errno\":1},\"filter_action\":\"allow\",\"filter\":[" filter \
	"]}}"
#define CALL(name, args) "{\"syscall\":\"" name "\",\"args\":[" args "]}"
#define ARG(i, type, op, val) \
	"{\"index\":" #i ",\"type\":\"" type "\",\"op\":" op ",\"val\":" #val "}"

static void rule(const char *call, const char *filter, const char *want)
{
	struct profile p;

	if (parse(filter, NULL, &p) < 0)
		ok(false, "%s: %s", filter, err_message());
	else
		is_str(rules_of(&p, call), want, "%s: %s", call, want);
}

static void rules(void)
{
	rule("read", T("{\"syscall\":\"read\",\"comment\":\"why\"}"), "7fff0000");
	rule("mmap", T(CALL("mmap", ARG(2, "qword", "\"lt\"", 8))), "7fff0000 2<8");
	rule("mmap", T(CALL("mmap", ARG(1, "dword", "\"eq\"", 8))), "7fff0000 1&ffffffff==8");
	rule("socket", T(CALL("socket", ARG(0, "dword", "\"ne\"", 1))), "7fff0000 0!=1");
	rule("mmap", T(CALL("mmap", ARG(3, "qword", "{\"masked_eq\":4}", 37))), "7fff0000 3&4==4");
	/* each argument is asked once: 3..5 is 3 and 4..5 */
	rule("lseek",
	     T(CALL("lseek", ARG(1, "qword", "\"ge\"", 3) "," ARG(1, "qword", "\"le\"", 5))),
	     "7fff0000 1&ffffffffffffffff==3; 7fff0000 1&fffffffffffffffe==4");
	/* nothing is both */
	rule("lseek",
	     T(CALL("lseek", ARG(1, "qword", "\"gt\"", 5) "," ARG(1, "qword", "\"lt\"", 3))), "");
	/* a low half of a 64-bit register */
	rule("lseek", T(CALL("lseek", ARG(1, "dword", "\"le\"", 1))), "7fff0000 1&fffffffe==0");
}

static void wrong(const char *text, const char *thread, const char *want)
{
	struct profile p;

	if (parse(text, thread, &p) < 0)
		is_str(err_message(), want, "%s", want);
	else
		ok(false, "accepted: %s", text);
}

static void errors(void)
{
	const char *two = "{\"a\":{\"mismatch_action\":\"trap\",\"match_action\":\"allow\","
			  "\"filter\":[]},\"b\":{\"mismatch_action\":\"trap\",\"match_action\":"
			  "\"log\",\"filter\":[]}}";
	struct profile p;

	ok(parse(two, "b", &p) >= 0 && p.default_action == SECCOMP_RET_TRAP && !p.n_rules,
	   "the second thread: %s", err_message());
	wrong(two, NULL, "f.json:1: has 2 filters: name one of a, b");
	wrong(two, "c", "f.json:1: has no filter \"c\"; expected one of a, b");
	wrong("{}", NULL,
	      "f.json:1: expected an object with a filter for each thread, found an empty one");
	wrong("[]", NULL,
	      "f.json:1: expected an object with a filter for each thread, found an array");
	wrong("{\"t\":{\"filter\":[]}}", NULL,
	      "f.json:1: t.mismatch_action: missing, and so is default_action");
	wrong("{\"t\":{\"match_action\":\"log\",\"filter_action\":\"log\",\"default_action\":"
	      "\"trap\",\"filter\":[]}}",
	      NULL, "f.json:1: t.filter_action: stands beside match_action; expected one of them");
	wrong("{\"t\":{\"match_action\":\"log\",\"default_action\":\"log\",\"filter\":[]}}", NULL,
	      "f.json:1: t: the actions for a match and for none are the same");
	wrong("{\"t\":{\"match_action\":\"alow\",\"default_action\":\"log\",\"filter\":[]}}", NULL,
	      "f.json:1: t.match_action: unknown value: found string \"alow\", did you mean "
	      "\"allow\"?");
	wrong("{\"t\":{\"match_action\":{\"errno\":4096},\"default_action\":\"log\",\"filter\":[]}"
	      "}",
	      NULL,
	      "f.json:1: t.match_action.errno: expected an integer from 0 to 4095, found "
	      "number 4096");
	wrong(T("{\"syscall\":\"raed\"}"), NULL,
	      "f.json:1: t.filter[0].syscall: no architecture has a call \"raed\"");
	wrong(T("{\"syscall\":\"read\",\n\"arg\":[]}"), NULL,
	      "f.json:2: t.filter[0].arg: unknown key; did you mean \"args\"?");
	wrong(T("{\"syscall\":\"read\",\"args\":[]}"), NULL,
	      "f.json:1: t.filter[0].args: expected at least one condition, or no args");
	wrong(T("{\"syscall\":\"lseek\"}," CALL("lseek", ARG(2, "dword", "\"eq\"", 0))), NULL,
	      "f.json:1: t.filter[1].syscall: lseek is here with args and elsewhere without; "
	      "expected one of them");
	wrong(T(CALL("lseek", ARG(2, "dword", "\"eq\"", 4294967296))), NULL,
	      "f.json:1: t.filter[0].args[0].val: expected at most 32 bits for a dword, found "
	      "4294967296");
	wrong(T(CALL("mmap", ARG(0, "dword", "\"ne\"", 1) "," ARG(1, "dword", "\"ne\"", 1) "," ARG(
				     5, "dword", "\"ne\"", 1))),
	      NULL, "f.json:1: t.filter[0].args: would need more than 1024 rules");
}

static void written(const struct profile *p, const char *what)
{
	struct profile again, plain = *p;
	struct text text;

	/* the form has no way to say what is newer than the profile */
	plain.is_plain = true;
	plain.other_arch = SECCOMP_RET_KILL_PROCESS;
	plain.other_x32 = p->default_action;
	err_clear();
	if (seccompiler_profile_write(p, "t", ABI_X86_64, &text) < 0 ||
	    parse(text.data, "t", &again) < 0)
		ok(false, "%s: %s", what, err_message());
	else
		same_profiles(&plain, &again, ABI_X86_64, what);
}

static void round_trips(void)
{
	static const char *const filters[] = {
		T("{\"syscall\":\"read\"}," CALL("lseek", ARG(1, "dword", "\"le\"", 77))),
		T(CALL("socket", ARG(0, "qword", "\"ne\"", 1))),
		T(CALL("mmap",
		       ARG(3, "dword", "{\"masked_eq\":4}", 4) "," ARG(2, "qword", "\"gt\"", 1))),
		T(CALL("lseek", ARG(1, "qword", "\"ne\"", 10) "," ARG(1, "qword", "\"le\"", 14))),
	};
	static const char *const files[] = { "firecracker-x86_64.seccompiler.json",
					     "firecracker-aarch64.seccompiler.json" };
	static const char *const threads[] = { "vmm", "api", "vcpu" };
	struct profile p;
	struct text text;

	for (size_t i = 0; i < ARRAY_LEN(filters); i++)
		if (parse(filters[i], NULL, &p) < 0)
			ok(false, "%s", err_message());
		else
			written(&p, arena_printf("filter %zu", i));
	for (size_t i = 0; i < 6; i++) {
		const char *path = shared_path(files[i / 3]);

		if (!path || io_read_file(AT_FDCWD, path, 1 << 20, &text) < 0)
			continue;
		if (parse(text.data, threads[i % 3], &p) < 0)
			ok(false, "%s: %s", files[i / 3], err_message());
		else
			written(&p, arena_printf("%s, %s", files[i / 3], threads[i % 3]));
	}
}

#define NAMES(name)                                  \
	.n_names = 1, .names = (const char *const[]) \
	{                                            \
		name                                 \
	}

static void lost(struct profile p, const char *want)
{
	const struct rule one = { SECCOMP_RET_ALLOW, 0, NAMES("read") };
	struct text text;

	p.place = "p";
	if (!p.n_rules) {
		p.n_rules = 1;
		p.rules = &one;
	}
	err_clear();

	int r = seccompiler_profile_write(&p, "t", ABI_X86_64, &text);

	if (r < 0)
		is_str(err_message(), want, "%s", want);
	else
		ok(false, "written, though it cannot be: %s", want);
}

static void losses(void)
{
	const struct rule two[] = { { SECCOMP_RET_ALLOW, 0, NAMES("read") },
				    { SECCOMP_RET_LOG, 1, NAMES("write") } };
	const struct rule same[] = { { SECCOMP_RET_TRAP, 0, NAMES("read") } };
	const struct rule notify[] = { { SECCOMP_RET_USER_NOTIF, 0, NAMES("read") } };
	const uint32_t trap = SECCOMP_RET_TRAP;

	lost((struct profile){ .default_action = trap, .set_flags = true },
	     "p: seccompiler's form cannot say flags");
	lost((struct profile){ .default_action = trap, .n_abis = 1, .abis = { ABI_X86 } },
	     "p: seccompiler's form cannot say SCMP_ARCH_X86 beside the machine's own "
	     "architecture");
	lost((struct profile){ .default_action = trap, .n_rules = 2, .rules = two },
	     "p.syscalls[1].names[0]: seccompiler's form cannot say two actions beside the "
	     "default");
	lost((struct profile){ .default_action = trap, .n_rules = 1, .rules = same },
	     "p.syscalls[0].names[0]: says what the default says; seccompiler's form cannot");
	lost((struct profile){ .default_action = trap, .n_rules = 1, .rules = notify },
	     "p.syscalls[0].names[0]: seccompiler's form cannot say that action beside the "
	     "default");
}

int main(void)
{
	rules();
	errors();
	round_trips();
	losses();
	return done();
}
