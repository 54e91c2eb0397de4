/* SPDX-License-Identifier: Apache-2.0 */
/* Owns how calls and arguments are written in questions. */
#include "cmd/seccomp/question.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/num.h"
#include "cmd/seccomp/say.h"
#include "seccomp/constants.h"
#include "seccomp/params.h"
#include "seccomp/syscall.h"

#include <string.h>

int question_parse_call(const char *word, enum abi native, struct question *ret)
{
	uint64_t nr;

	*ret = (struct question){ .call = word, .id = syscall_id(word) };
	if (ret->id >= 0)
		return 0;
	if (num_parse_u64(word, &nr) == 0 && nr <= UINT32_MAX) {
		ret->nr = (uint32_t)nr;
		ret->id = syscall_at(native, ret->nr);
		if (ret->id >= 0)
			ret->call = syscall_name((unsigned int)ret->id);
		return 0;
	}
	const char *like = syscall_like(word);

	return like ? fail(0, "no architecture has a system call '%s'; did you mean '%s'?", word,
			   like)
		    : fail(0, "no architecture has a system call '%s'", word);
}

int question_parse_arg(const char *word, enum abi abi, unsigned int *at, struct question *q)
{
	size_t n = strcspn(word, "=&");
	uint64_t mask = UINT64_MAX, value;
	int index = (int)*at, r = 0;

	if (word[n]) {
		const char *name = arena_memdup(word, n);

		index = say_param_index(abi, q->id, name);
		if (index < 0)
			return fail(0, "%s has no parameter '%s'", q->call, name);
	}
	if (index > 5)
		return fail(0, "found more than 6 arguments of %s", q->call);
	if (word[n] == '&') {
		const char *bits = word + n + 1;

		n = strcspn(bits, "=");
		r = say_parse_value(abi, q->id, (unsigned int)index, arena_memdup(bits, n), &mask);
		if (r == 0 && !mask)
			r = fail(0, "%s: expected bits behind '&', found none", word);
		word = bits;
		value = mask;
	}
	if (r == 0 && (mask == UINT64_MAX || word[n]))
		r = say_parse_value(abi, q->id, (unsigned int)index, word[n] ? word + n + 1 : word,
				    &value);
	if (r < 0)
		return r;
	if (value & ~mask)
		return fail(0, "%s: the value has bits that are not asked for", word);
	q->mask[index] |= mask;
	q->value[index] = (q->value[index] & ~mask) | value;
	*at = (unsigned int)index + 1;
	return 0;
}

int question_parse(int argc, char **argv, enum abi native, struct question *ret)
{
	unsigned int at = 0;
	int r = question_parse_call(argv[0], native, ret);

	for (int i = 1; r >= 0 && i < argc; i++)
		r = question_parse_arg(argv[i], native, &at, ret);
	return r;
}

const char *question_constant(enum abi abi, unsigned int id, const char *param, size_t i)
{
	int index = params_index(abi, id, param);
	struct param p;
	uint64_t value;

	if (index < 0 || !params_get(abi, id, (unsigned int)index, &p) || !p.has_set)
		return NULL;
	return constants_nth(abi, p.set, i, &value);
}

const char *question_say(const struct question *q, enum abi abi)
{
	const char *args = "";

	for (unsigned int i = 0; i < 6; i++) {
		const char *bits = "", *value = say_value(abi, q->id, i, q->value[i]);

		if (!q->mask[i])
			continue;
		if (q->mask[i] != UINT64_MAX)
			bits = arena_printf("&%s", say_value(abi, q->id, i, q->mask[i]));
		args = arena_printf("%s%s%s%s", args, *args ? ", " : "", say_param(abi, q->id, i),
				    bits);
		if (q->value[i] != q->mask[i] || !*bits)
			args = arena_printf("%s=%s", args, value);
	}
	return arena_printf("%s(%s)", q->call, args);
}

uint32_t question_nr(const struct question *q, enum abi abi)
{
	uint32_t nr = q->id >= 0 ? syscall_nr(abi, (unsigned int)q->id) : q->nr;

	return nr == SYSCALL_NONE ? nr : nr | arch_abi(abi)->nr_bit;
}

canon_ref question_decision(const struct question *q, const struct verdicts *v, enum abi abi,
			    struct canon *canon)
{
	canon_ref r = verdicts_at(v, arch_abi(abi)->audit, question_nr(q, abi));

	for (unsigned int i = 0; i < 6; i++)
		if (q->mask[i])
			r = canon_restrict(canon, r, i, q->mask[i], q->value[i]);
	return r;
}
