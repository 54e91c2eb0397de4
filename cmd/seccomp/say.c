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

enum abi say_find_abi(const char *word)
{
	enum abi abi = arch_by_machine(word);

	if (abi == ABI_COUNT)
		abi = arch_by_docker(word);
	if (abi == ABI_COUNT)
		abi = arch_by_scmp(word);
	for (enum abi i = 0; abi == ABI_COUNT && i < ABI_COUNT; i++)
		if (strcmp(word, arch_name(i)) == 0)
			abi = i;
	return abi;
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
	return c->abi < ABI_COUNT ? arch_name(c->abi) : "other architectures and numbers";
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

static bool is_narrow(enum abi abi, int id, unsigned int index)
{
	return abi < ABI_COUNT && id >= 0 && syscall_narrow(abi, (unsigned int)id) >> index & 1;
}

/* A value that is more than the kernel reads of the parameter. */
static bool is_beyond(enum abi abi, int id, unsigned int index, uint64_t value)
{
	return is_narrow(abi, id, index) && value != (uint32_t)value &&
	       value != (uint64_t)(int32_t)value;
}

const char *say_value(enum abi abi, int id, unsigned int index, uint64_t value)
{
	char text[CONSTANTS_TEXT];

	if (abi < ABI_COUNT && id >= 0 && !is_beyond(abi, id, index, value))
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
			    say_param(abi, id, index), call, arch_name(abi));
	if (r < 0)
		return fail(0, "%s of %s: expected a number or a constant, found '%s'",
			    say_param(abi, id, index), call, text);
	return 0;
}

/* "flags & CLONE_NEWUSER == 0"; what is asked of bits that the kernel does not read is hex. */
static const char *say_bits(enum abi abi, int id, unsigned int index, uint64_t mask, uint64_t value)
{
	const struct check check = { .index = (uint8_t)index, .mask = mask, .value = value };
	char text[CONSTANTS_TEXT];

	if (abi < ABI_COUNT && id >= 0 && !(mask >> 32 && is_narrow(abi, id, index)))
		return arena_strdup(
			constants_format_check(abi, (unsigned int)id, &check, text, sizeof(text)));
	return arena_printf(value ? "%s & 0x%llx == 0x%llx" : "%s & 0x%llx == %llu",
			    say_param(abi, id, index), (unsigned long long)mask,
			    (unsigned long long)value);
}

/* An interval of values from `begin` on; without `last` all that follow. */
static const char *say_interval(const char *name, uint64_t begin, const char *first,
				const char *last)
{
	if (last && strcmp(first, last) == 0)
		return arena_printf("%s == %s", name, first);
	if (!last)
		return arena_printf("%s >= %s", name, first);
	if (begin == 0)
		return arena_printf("%s <= %s", name, last);
	return arena_printf("%s is %s to %s", name, first, last);
}

/* Whether it is all values from the first one on, which are more than one. */
static bool is_open(const struct region_half *h)
{
	return h->first < h->last && h->last == UINT32_MAX;
}

static const char *say_upper(const char *name, const struct region_half *h)
{
	if (h->mask)
		return arena_printf("upper 32 bits of %s & 0x%x == 0x%x", name, h->mask, h->first);
	if (h->first == 1 && h->last == UINT32_MAX)
		return arena_printf("upper 32 bits of %s != 0", name);
	return say_interval(arena_printf("upper 32 bits of %s", name), h->first,
			    arena_printf("0x%x", h->first),
			    is_open(h) ? NULL : arena_printf("0x%x", h->last));
}

static const char *say_lower(enum abi abi, int id, unsigned int i, const struct region_half *h)
{
	const char *name = say_param(abi, id, i);
	bool narrow = is_narrow(abi, id, i);

	if (h->mask)
		return say_bits(abi, id, i, h->mask, h->first);
	return say_interval(narrow ? name : arena_printf("lower 32 bits of %s", name), h->first,
			    say_value(abi, id, i, h->first),
			    is_open(h) ? NULL : say_value(abi, id, i, h->last));
}

/* Whether it is (bits & *mask) == *value. */
static bool is_masked(const struct region_half *h, uint32_t *mask, uint32_t *value)
{
	bool any = regions_half_is_any(h);

	*mask = any ? 0 : h->mask ? h->mask : UINT32_MAX;
	*value = h->first;
	return any || h->mask || h->first == h->last;
}

static const char *say_arg(enum abi abi, int id, unsigned int i, const struct region_arg *arg)
{
	bool narrow = is_narrow(abi, id, i);
	const char *name = say_param(abi, id, i), *first = NULL, *last = NULL;
	struct region_half upper, lower;
	bool halves = regions_halves(arg, &upper, &lower);

	/* the words of a parameter of 32 bits are those of its lower half */
	if (arg->kind == REGION_RANGE && arg->wide && narrow && !halves) {
		name = arena_printf("64 bits of %s", name);
		first = arena_printf("0x%llx", (unsigned long long)arg->first);
		last = arena_printf("0x%llx", (unsigned long long)arg->last);
	} else if (arg->kind == REGION_RANGE && arg->wide &&
		   (!narrow || (upper.last == 0 && lower.last < UINT32_MAX))) {
		first = say_value(abi, id, i, arg->first);
		last = say_value(abi, id, i, arg->last);
	}
	if (first)
		return say_interval(name, arg->first, first,
				    arg->first < arg->last && arg->last == UINT64_MAX ? NULL
										      : last);
	uint32_t mask[2], value[2];

	if (arg->kind == REGION_HALVES && !narrow && is_masked(&upper, &mask[1], &value[1]) &&
	    is_masked(&lower, &mask[0], &value[0]))
		return say_bits(abi, id, i, (uint64_t)mask[1] << 32 | mask[0],
				(uint64_t)value[1] << 32 | value[0]);
	const char *text = regions_half_is_any(&upper) ? "" : say_upper(name, &upper);

	if (regions_half_is_any(&lower))
		return text;
	return arena_printf("%s%s%s", text, *text ? " and " : "", say_lower(abi, id, i, &lower));
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

const char *say_cell(const char *text)
{
	char *copy = arena_alloc(2 * strlen(text) + 1), *p = copy;

	for (; *text; text++) {
		if (strchr("|\\<`", *text))
			*p++ = '\\';
		*p++ = *text == '\n' ? ' ' : *text;
	}
	return copy;
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
