/* SPDX-License-Identifier: Apache-2.0 */
/* lib/observe/answer_policy.c: no word but "allow" carries a call out. */
#include "observe/answer_policy.h"
#include "oci/decode.h"
#include "unit/tap.h"

#include <errno.h>
#include <linux/seccomp.h>

static void test_words(void)
{
	static const struct {
		const char *words;
		uint32_t answer; /* 0: unknown */
	} all[] = {
		{ "errno", SECCOMP_RET_ERRNO | EPERM },
		{ "errno=EACCES", SECCOMP_RET_ERRNO | EACCES },
		{ "errno=4095", SECCOMP_RET_ERRNO | 4095 },
		{ "enosys", SECCOMP_RET_ERRNO | ENOSYS },
		{ "allow", SECCOMP_RET_ALLOW },
		{ "kill", SECCOMP_RET_KILL_PROCESS },
		/* 0 would make the program believe that the call has been carried out */
		{ "errno=0", 0 },
		{ "errno=4096", 0 },
		{ "errno=", 0 },
		{ "errno=EWHAT", 0 },
		{ "errno=-1", 0 },
		{ "", 0 },
		{ "Allow", 0 },
		{ "allow ", 0 },
		{ "allow=x", 0 },
	};
	struct answer_policy policy;

	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		bool known = answer_policy_parse(all[i].words, &policy);

		is_int(known, all[i].answer != 0, "\"%s\": known", all[i].words);
		if (known)
			is_int(policy.answer, all[i].answer, "%s", all[i].words);
	}
}

static void test_allowed(void)
{
	char errno_any[] = "errno", kill[] = "kill", one[] = "errno=EACCES";
	char *any_words[] = { errno_any, kill }, *one_word[] = { one };
	const struct strings any = { 2, any_words }, only = { 1, one_word }, none = { 0, NULL };

	ok(answer_policy_is_allowed(&any, "errno"), "the same word");
	ok(answer_policy_is_allowed(&any, "errno=EIO"), "errno allows each name");
	ok(answer_policy_is_allowed(&any, "kill"), "another word");
	ok(!answer_policy_is_allowed(&any, "allow"), "not listed");
	ok(!answer_policy_is_allowed(&any, "errno_x"), "a word that begins alike");
	ok(answer_policy_is_allowed(&only, "errno=EACCES"), "one name");
	ok(!answer_policy_is_allowed(&only, "errno=EIO"), "another name");
	ok(!answer_policy_is_allowed(&only, "errno"), "no name");
	ok(!answer_policy_is_allowed(&none, "errno"), "none is allowed");
}

int main(void)
{
	test_words();
	test_allowed();
	return done();
}
