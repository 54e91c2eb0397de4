/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the words of tamis-seccomp: one way to write each thing, in every verb. */
#include "cmd/seccomp/say.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/num.h"
#include "cmd/seccomp/changes.h"
#include "seccomp/bpf.h"
#include "seccomp/constants.h"
#include "seccomp/errno_names.h"
#include "seccomp/params.h"
#include "seccomp/syscall.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <string.h>

const char *say_action(uint32_t action)
{
	uint32_t data = action & SECCOMP_RET_DATA;
	const char *name = errno_names_of((int)data);

	if ((action & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ERRNO && name)
		return arena_printf("ERRNO(%s)", name);
	return bpf_action(action);
}

const char *say_abi(enum abi abi)
{
	const struct arch_abi *info = arch_abi(abi);

	if (abi == ABI_X86)
		return "i386";
	if (abi == ABI_X32)
		return "x32";
	return info->machine[0] ? info->machine : arena_printf("%s", info->scmp + 10);
}

enum abi say_find_abi(const char *word)
{
	enum abi abi = arch_by_machine(word);

	if (abi == ABI_COUNT)
		abi = arch_by_docker(word);
	if (abi == ABI_COUNT)
		abi = arch_by_scmp(word);
	for (enum abi i = 0; abi == ABI_COUNT && i < ABI_COUNT; i++)
		if (strcmp(word, say_abi(i)) == 0)
			abi = i;
	return abi;
}

const char *say_call(enum abi abi, uint32_t nr)
{
	int id = abi < ABI_COUNT ? syscall_at(abi, nr) : -1;

	return id >= 0 ? syscall_name((unsigned int)id) : arena_printf("number %u", nr);
}

const char *say_numbers(const struct change *c)
{
	if (c->id >= 0)
		return syscall_name((unsigned int)c->id);
	if (c->first == c->last)
		return arena_printf("number %u", c->first);
	return arena_printf("numbers %u to %u", c->first, c->last);
}

const char *say_place(const struct change *c)
{
	return c->abi < ABI_COUNT ? say_abi(c->abi) : "other architectures and numbers";
}

const char *say_param(enum abi abi, int id, unsigned int index)
{
	const char *name =
		abi < ABI_COUNT && id >= 0 ? params_name(abi, (unsigned int)id, index) : NULL;

	return name ? name : arena_printf("arg%u", index);
}

int say_param_index(enum abi abi, int id, const char *name)
{
	int index = id >= 0 ? params_index(abi, (unsigned int)id, name) : -1;

	if (index >= 0)
		return index;
	if (strncmp(name, "arg", 3) == 0)
		name += 3;
	return name[0] >= '0' && name[0] <= '5' && !name[1] ? name[0] - '0' : -1;
}

const char *say_value(enum abi abi, int id, unsigned int index, uint64_t value)
{
	char text[CONSTANTS_TEXT];

	if (abi < ABI_COUNT && id >= 0)
		return arena_strdup(
			constants_format(abi, (unsigned int)id, index, value, text, sizeof(text)));
	return value < 4096 ? arena_printf("%u", (unsigned int)value)
			    : arena_printf("0x%llx", (unsigned long long)value);
}

int say_parse_value(enum abi abi, int id, unsigned int index, const char *text, uint64_t *ret)
{
	const char *call = id >= 0 ? syscall_name((unsigned int)id) : "the call";
	struct constants_unknown unknown = { .word = "" };
	int r = id >= 0 ? constants_parse(abi, (unsigned int)id, index, text, ret, &unknown)
			: num_parse_u64(text, ret);

	if (r == -ENOENT && unknown.like)
		return fail(0, "%s of %s: unknown constant '%s'; did you mean '%s'?",
			    say_param(abi, id, index), call, unknown.word, unknown.like);
	if (r == -EOPNOTSUPP)
		return fail(0, "%s of %s: the constants of %s are not known; expected a number",
			    say_param(abi, id, index), call, say_abi(abi));
	if (r < 0)
		return fail(0, "%s of %s: expected a number or a constant, found '%s'",
			    say_param(abi, id, index), call, text);
	return 0;
}

/* "flags & CLONE_NEWUSER == 0"; "persona & ~(UNAME26) == 0" where most bits are asked for. */
static const char *say_bits(enum abi abi, int id, unsigned int index, uint64_t mask, uint64_t value)
{
	const struct check check = { .index = (uint8_t)index, .mask = mask, .value = value };
	uint64_t rest = ~mask & (mask >> 32 ? UINT64_MAX : UINT32_MAX);
	char text[CONSTANTS_TEXT];

	if (__builtin_popcountll(rest) < __builtin_popcountll(mask))
		return arena_printf("%s & ~(%s) == %s", say_param(abi, id, index),
				    say_value(abi, id, index, rest),
				    value ? say_value(abi, id, index, value) : "0");
	if (abi < ABI_COUNT && id >= 0)
		return arena_strdup(
			constants_format_check(abi, (unsigned int)id, &check, text, sizeof(text)));
	return arena_printf("%s & 0x%llx == 0x%llx", say_param(abi, id, index),
			    (unsigned long long)mask, (unsigned long long)value);
}

static const char *say_arg(enum abi abi, int id, unsigned int i, const struct region_arg *arg)
{
	const char *name = say_param(abi, id, i);
	const char *first = say_value(abi, id, i, arg->first);
	uint64_t end = arg->wide ? UINT64_MAX : UINT32_MAX;

	if (arg->kind == REGION_BITS)
		return say_bits(abi, id, i, arg->mask, arg->first);
	if (arg->first == arg->last)
		return arena_printf("%s == %s", name, first);
	if (arg->last == end)
		return arena_printf("%s >= %s", name, first);
	if (arg->first == 0)
		return arena_printf("%s <= %s", name, say_value(abi, id, i, arg->last));
	return arena_printf("%s is %s to %s", name, first, say_value(abi, id, i, arg->last));
}

const char *say_region(enum abi abi, int id, const struct region *region)
{
	const char *text = "";

	for (unsigned int i = 0; i < 6; i++)
		if (region->args[i].kind != REGION_ANY)
			text = arena_printf("%s%s%s", text, *text ? " and " : "",
					    say_arg(abi, id, i, &region->args[i]));
	return text;
}

static const char *sign(enum seccomp_op op)
{
	switch (op) {
	case SECCOMP_OP_NE:
		return "!=";
	case SECCOMP_OP_LT:
		return "<";
	case SECCOMP_OP_LE:
		return "<=";
	case SECCOMP_OP_EQ:
	case SECCOMP_OP_MASKED_EQ: /* of the masked value */
		return "==";
	case SECCOMP_OP_GE:
		return ">=";
	case SECCOMP_OP_GT:
		return ">";
	}
	return "?";
}

static const char *say_condition(enum abi abi, int id, const struct condition *c)
{
	const char *name = say_param(abi, id, c->index);
	const char *value = say_value(abi, id, c->index, c->value);

	if (c->op == SECCOMP_OP_MASKED_EQ)
		return say_bits(abi, id, c->index, c->value, c->value_two);
	return arena_printf("%s %s %s", name, sign(c->op), value);
}

const char *say_conditions(enum abi abi, int id, const struct rule *rule)
{
	const char *text = NULL, *word = profile_rule_repeats_index(rule) ? "or" : "and";

	for (uint32_t i = 0; i < rule->n_conditions; i++) {
		const char *one = say_condition(abi, id, &rule->conditions[i]);

		text = text ? arena_printf("%s %s %s", text, word, one) : one;
	}
	return text;
}

enum { COLUMNS = 79 };

void say_print_to(FILE *to, int indent, const char *text)
{
	int column = 0;
	bool blank = false;

	/* a piece ends before a blank or behind a '|' */
	for (const char *p = text; *p;) {
		int len = (int)strcspn(p, " |");

		len += p[len] == '|';
		if (column > indent && column + blank + len > COLUMNS) {
			fprintf(to, "\n%*s", indent, "");
			column = indent;
		} else if (blank) {
			fputc(' ', to);
			column++;
		}
		fprintf(to, "%.*s", len, p);
		column += len;
		p += len;
		blank = *p == ' ';
		p += blank;
	}
	fputc('\n', to);
}

void say_print(int indent, const char *text)
{
	say_print_to(stdout, indent, text);
}
