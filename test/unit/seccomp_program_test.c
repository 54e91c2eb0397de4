/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A finished program from outside: what we compile ourselves is taken as it is; nothing that
 * chance writes crashes the reader or takes it long, and what is taken bars strangers.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "oci/config.h"
#include "seccomp/bpf.h"
#include "seccomp/filter.h"

#include "unit/tap.h"

#include <linux/audit.h>
#include <string.h>

enum { ROUNDS = 20000, LONGEST = 24 };

static const struct filter_options options = { .machine = "x86_64" };

static int take(const struct sock_filter *code, size_t n, const struct filter **ret)
{
	const struct text bytes = { (char *)(uintptr_t)code, n * sizeof(*code) };
	const struct seccomp_spec none = { 0 };

	err_clear();
	return filter_from_program("program", &bytes, &none, &options, ret);
}

static void ours(void)
{
	static const char profile[] =
		"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"execve\","
		"\"read\"],"
		"\"action\":\"SCMP_ACT_ALLOW\"},{\"names\":[\"socket\"],\"action\":\"SCMP_ACT_"
		"ALLOW\","
		"\"args\":[{\"index\":0,\"value\":40,\"op\":\"SCMP_CMP_NE\"}]}]}";
	const struct text text = { arena_strdup(profile), strlen(profile) };
	const struct filter *made = NULL, *taken;
	struct seccomp_spec spec;

	ok(seccomp_parse("profile", &text, &spec) == 0 &&
		   filter_from_oci(&spec, &options, &made) == 0,
	   "a profile is compiled");
	ok(made && take(made->code, made->len, &taken) == 0 && taken->len == made->len &&
		   memcmp(taken->code, made->code, made->len * sizeof(*made->code)) == 0 &&
		   !taken->notify,
	   "what we compile is taken as it is");
}

/* Mostly what filters are made of, so that many get far. */
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

/* No architecture that anybody has is among these. */
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
	unsigned int taken = 0, silent = 0, open = 0;

	for (unsigned int i = 0; i < ROUNDS; i++) {
		struct arena_mark mark = arena_mark();
		const struct filter *f;
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
		err_clear();
		(void)arena_release(mark, NULL, 0);
	}
	ok(taken > 50, "some of %d are taken: %u", ROUNDS, taken);
	is_int(open, 0, "none of them lets strangers through");
	is_int(silent, 0, "what is refused is refused with words");
}

int main(void)
{
	const struct filter *f;
	const struct sock_filter allow = { 0x06, 0, 0, 0x7fff0000 };

	ours();
	ok(take(&allow, 1, &f) < 0 && strstr(err_message(), "looks at the architecture"),
	   "ALLOW alone is refused");
	ok(take(&allow, 0, &f) < 0, "nothing is refused");
	static const struct sock_filter but_one[] = { { 0x20, 0, 0, 4 },
						      { 0x15, 0, 1, 0xffffffff },
						      { 0x06, 0, 0, 0x80000000 },
						      { 0x06, 0, 0, 0x7fff0000 } };

	ok(take(but_one, ARRAY_LEN(but_one), &f) < 0, "one stranger barred is not all of them");
	chance();
	return done();
}
