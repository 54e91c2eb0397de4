/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A finished BPF program as input: programs compiled by tamis are accepted unchanged; random
 * programs neither crash the reader nor take it long; a program alone must refuse foreign
 * architectures; added to a profile, every call gets the stricter of both answers.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "oci/config.h"
#include "oci/parse.h"
#include "seccomp/bpf.h"
#include "seccomp/decision.h"
#include "seccomp/filter.h"

#include "seccomp/oci.h"
#include "unit/tap.h"

#include <linux/audit.h>
#include <string.h>

enum { ROUNDS = 20000, LONGEST = 24 };

static const struct filter_options options = { .machine = "x86_64" };

static int take_on(const struct filter *base, const struct sock_filter *code, size_t n,
		   const struct filter **ret)
{
	const struct text bytes = { (char *)(uintptr_t)code, n * sizeof(*code) };

	err_clear();
	return filter_restrict(base, "program", &bytes, &options, ret);
}

static int take(const struct sock_filter *code, size_t n, const struct filter **ret)
{
	return take_on(NULL, code, n, ret);
}

static const struct filter *compiled(const char *profile)
{
	char *copy = arena_strdup(profile);

	for (char *p = copy; *p; p++)
		if (*p == '\'')
			*p = '"';
	const struct text text = { copy, strlen(copy) };
	const struct filter *made = NULL;
	struct seccomp_spec spec;

	err_clear();
	if (parse_seccomp("profile", &text, &spec) < 0 || oci_filter(&spec, &options, &made) < 0)
		ok(false, "%s", err_message());
	return made;
}

static void ours(void)
{
	const struct filter *taken,
		*made = compiled("{'defaultAction':'SCMP_ACT_ERRNO','syscalls':["
				 "{'names':['execve','read'],'action':'SCMP_ACT_ALLOW'},"
				 "{'names':['socket'],'action':'SCMP_ACT_ALLOW',"
				 "'args':[{'index':0,'value':40,'op':'SCMP_CMP_NE'}]}]}");

	ok(made && take(made->code, made->len, &taken) == 0 && taken->len == made->len &&
		   memcmp(taken->code, made->code, made->len * sizeof(*made->code)) == 0 &&
		   !taken->user_notif,
	   "a program compiled by tamis is accepted unchanged");
}

/* --- on top of a profile ------------------------------------------------------------------ */

static uint32_t answer(const struct filter *f, const struct seccomp_data *d)
{
	return bpf_run(f->code, f->len, d, NULL);
}

/* As the kernel does with two filters; if they are equally strict, the profile's answer. */
static bool is_stricter(const struct filter *base, const struct filter *top,
			const struct filter *joined)
{
	static const uint32_t archs[] = { AUDIT_ARCH_X86_64, AUDIT_ARCH_I386, 0,
					  AUDIT_ARCH_X86_64 + 1 };
	static const uint32_t numbers[] = { 0,	 1,    2,    4,	   16,	       41,	   56, 59,
					    158, 1000, 1001, 1022, 0x40000001, 0x40000208, ~0u };
	static const uint64_t values[] = { 0, 1, 4, 16, 37, 38, 40, 59, 1000, 0x80000000, ~0ull };

	for (size_t i = 0; i < ARRAY_LEN(archs) * ARRAY_LEN(numbers) * ARRAY_LEN(values); i++) {
		size_t k = i / ARRAY_LEN(archs) / ARRAY_LEN(numbers);
		const struct seccomp_data d = {
			.arch = archs[i % ARRAY_LEN(archs)],
			.nr = (int)numbers[i / ARRAY_LEN(archs) % ARRAY_LEN(numbers)],
			.args = { values[k], values[(k + 3) % ARRAY_LEN(values)] },
		};
		uint32_t a = answer(base, &d), b = answer(top, &d);

		if (answer(joined, &d) != (decision_action_is_stricter(b, a) ? b : a))
			return false;
	}
	return true;
}

static const char default_like[] =
	"{'defaultAction':'SCMP_ACT_ERRNO','architectures':['SCMP_ARCH_X86_64','SCMP_ARCH_X86'],"
	"'syscalls':[{'names':['execve','read','write','ioctl','exit_group','arch_prctl'],"
	"'action':'SCMP_ACT_ALLOW'},{'names':['mmap'],'action':'SCMP_ACT_LOG'},"
	"{'names':['socket'],'action':'SCMP_ACT_ALLOW','args':"
	"[{'index':0,'value':38,'op':'SCMP_CMP_LT'}]},{'names':['socket'],'action':'SCMP_ACT_TRAP',"
	"'args':[{'index':0,'value':40,'op':'SCMP_CMP_EQ'}]}]}";

static void stacked(void)
{
	static const char *const tops[] = {
		"{'defaultAction':'SCMP_ACT_ALLOW'}",
		"{'defaultAction':'SCMP_ACT_KILL_PROCESS'}",
		"{'defaultAction':'SCMP_ACT_ALLOW','syscalls':[{'names':['socket'],"
		"'action':'SCMP_ACT_ERRNO','errnoRet':13,'args':"
		"[{'index':1,'value':16,'op':'SCMP_CMP_GE'}]}]}",
		"{'defaultAction':'SCMP_ACT_TRACE','architectures':['SCMP_ARCH_X86',"
		"'SCMP_ARCH_X32'],'syscalls':[{'names':['ioctl','read','write'],"
		"'action':'SCMP_ACT_ERRNO','errnoRet':0,'args':[{'index':0,'value':38,"
		"'op':'SCMP_CMP_GT'},{'index':1,'value':2147483648,'op':'SCMP_CMP_EQ'}]}]}",
	};
	const struct filter *base = compiled(default_like), *top, *joined;

	for (size_t i = 0; i < ARRAY_LEN(tops); i++) {
		top = compiled(tops[i]);
		if (!ok(take_on(base, top->code, top->len, &joined) == 0, "joined: %zu", i))
			printf("# %s\n", err_message());
		else
			ok(is_stricter(base, top, joined) && joined->flags == base->flags,
			   "%u and %u instructions, joined %u: the stricter of both applies",
			   base->len, top->len, joined->len);
	}
	const struct sock_filter allow = { 0x06, 0, 0, 0x7fff0000 };
	const struct sock_filter notify = { 0x06, 0, 0, 0x7fc00000 };

	ok(take_on(base, &allow, 1, &joined) == 0 &&
		   answer(joined, &(struct seccomp_data){ .arch = 1 }) == SECCOMP_RET_KILL_PROCESS,
	   "a program that allows all may be added to a profile and does not weaken it");
	ok(take_on(base, &notify, 1, &joined) < 0 && strstr(err_message(), "SCMP_ACT_NOTIFY"),
	   "SCMP_ACT_NOTIFY is refused");
}

static void too_long(void)
{
	enum { LENGTH = BPF_MAXINSNS };
	struct sock_filter *code = arena_array(LENGTH, sizeof(*code));
	const struct filter *base = compiled(default_like), *joined;

	code[0] = (struct sock_filter){ 0x20, 0, 0, 4 };
	for (size_t i = 1; i < LENGTH; i++)
		code[i] = (struct sock_filter){ 0x06, 0, 0, 0x7fff0000 };
	ok(take_on(base, code, LENGTH, &joined) < 0 && strstr(err_message(), "together"),
	   "two programs that are too long together are refused");
}

/* Mostly instructions that filters use, so that many programs are accepted. */
static struct sock_filter random_instruction(uint64_t *seed, size_t left)
{
	static const uint16_t codes[] = { 0x20, 0x20, 0x15, 0x15, 0x35, 0x25, 0x45,
					  0x05, 0x06, 0x06, 0x54, 0x02, 0x00, 0x1d };
	static const uint32_t values[] = { 0,	       4,	   16,
					   20,	       0x7fff0000, AUDIT_ARCH_X86_64,
					   59,	       1000,	   0x80000000,
					   0xffffffff, 0x00050001, 0x7fc00000 };
	uint64_t r = *seed = *seed * 6364136223846793005u + 1442695040888963407u;

	return (struct sock_filter){
		.code = codes[(r >> 33) % ARRAY_LEN(codes)],
		.jt = (uint8_t)(left ? (r >> 40) % left : 0),
		.jf = (uint8_t)(left ? (r >> 48) % left : 0),
		.k = values[(r >> 52) % ARRAY_LEN(values)],
	};
}

static bool bars_one(const struct filter *f, uint32_t arch)
{
	for (int nr = 0; nr < 400; nr++) {
		const struct seccomp_data data = { .nr = nr, .arch = arch };
		uint32_t action = bpf_run(f->code, f->len, &data, NULL) & SECCOMP_RET_ACTION_FULL;

		if (action == SECCOMP_RET_ALLOW || action == SECCOMP_RET_USER_NOTIF)
			return false;
	}
	return true;
}

/* No existing architecture is among these. */
static bool bars(const struct filter *f)
{
	static const uint32_t strangers[] = {
		0,	    1,		4,	    16,	       59, 1000, AUDIT_ARCH_X86_64 - 1,
		0x7fff0000, 0x80000000, 0xfffffffe, 0xffffffff
	};

	for (size_t i = 0; i < ARRAY_LEN(strangers); i++)
		if (!bars_one(f, strangers[i]))
			return false;
	return true;
}

static void chance(void)
{
	struct sock_filter code[LONGEST];
	uint64_t seed = 7;
	unsigned int taken = 0, silent = 0, open = 0, on_top = 0, wrong = 0;
	const struct filter *base = compiled(default_like);

	for (unsigned int i = 0; i < ROUNDS; i++) {
		struct arena_mark mark = arena_mark();
		const struct filter *f, *joined;
		size_t n = 1 + i % LONGEST;

		for (size_t k = 0; k < n; k++)
			code[k] = random_instruction(&seed, n - k - 1);
		code[n - 1] = (struct sock_filter){ 0x06, 0, 0, 0x80000000 };
		if (take(code, n, &f) == 0) {
			taken++;
			open += !bars(f);
		} else {
			silent += !err_message() || !*err_message();
		}
		if (take_on(base, code, n, &joined) == 0) {
			const struct filter top = { .code = code, .len = (uint16_t)n };

			on_top++;
			wrong += !is_stricter(base, &top, joined);
		}
		err_clear();
		(void)arena_release(mark, NULL, 0);
	}
	ok(taken > 50, "some of %d are accepted: %u", ROUNDS, taken);
	is_int(open, 0, "none of them allows foreign architectures");
	ok(on_top > 100, "more are accepted in addition to a profile: %u", on_top);
	is_int(wrong, 0, "for each of them the stricter answer applies");
	is_int(silent, 0, "each refusal has a message");
}

int main(void)
{
	const struct filter *f;
	const struct sock_filter allow = { 0x06, 0, 0, 0x7fff0000 };

	ours();
	ok(take(&allow, 1, &f) < 0 && strstr(err_message(), "checks the architecture"),
	   "a program that allows all is refused");
	ok(take(&allow, 0, &f) < 0, "an empty program is refused");
	static const struct sock_filter but_one[] = { { 0x20, 0, 0, 4 },
						      { 0x15, 0, 1, 0xffffffff },
						      { 0x06, 0, 0, 0x80000000 },
						      { 0x06, 0, 0, 0x7fff0000 } };

	stacked();
	too_long();
	ok(take(but_one, ARRAY_LEN(but_one), &f) < 0,
	   "a program that refuses only one foreign architecture is refused");
	chance();
	return done();
}
