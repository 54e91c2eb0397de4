/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns how the rows of a built-in table become the rules of a profile. The order of the rows is
 * kept: of two unconditional rules about one call the first one decides.
 */
#include "seccomp/rows.h"

#include "base/arena.h"

#include <string.h>

static bool in_force(const struct row *row, const struct profile_facts *facts)
{
	uint32_t native = 1u << facts->native;
	uint64_t kernel = (uint64_t)facts->kernel_major << 8 |
			  (facts->kernel_minor < 0xff ? facts->kernel_minor : 0xff);

	return (facts->caps & row->with) == row->with && !(facts->caps & row->without) &&
	       (!row->on || row->on & native) && !(row->not_on & native) && kernel >= row->kernel;
}

static void set_names(const char *list, struct rule *rule)
{
	size_t n = 1;
	char *copy = arena_strdup(list);

	for (const char *c = copy; *c; c++)
		n += *c == ' ';

	const char **names = arena_array(n, sizeof(*names));

	rule->names = names;
	for (char *at = copy; at; rule->n_names++) {
		char *end = strchr(at, ' ');

		if (end)
			*end++ = '\0';
		names[rule->n_names] = at;
		at = end;
	}
}

void rows_select(const struct row *rows, size_t n, uint32_t of, const struct profile_facts *facts,
		 struct profile *ret)
{
	struct rule *rules = arena_array(n, sizeof(*rules));

	ret->n_rules = 0;
	ret->rules = rules;
	for (size_t i = 0; i < n; i++) {
		const struct row *row = &rows[i];
		struct rule *rule = &rules[ret->n_rules];

		if ((row->of && !(row->of & of)) || !in_force(row, facts))
			continue;
		rule->action = row->action;
		rule->index = (uint32_t)ret->n_rules++;
		rule->n_conditions = row->n_conditions;
		rule->conditions = row->n_conditions ? row->conditions : NULL;
		set_names(row->names, rule);
	}
}

void rows_add_abis(enum abi native, struct profile *profile)
{
	static const struct {
		enum abi native;
		size_t n;
		enum abi others[2];
	} kernels[] = {
		{ ABI_X86_64, 2, { ABI_X86, ABI_X32 } },
		{ ABI_AARCH64, 1, { ABI_ARM } },
		{ ABI_S390X, 1, { ABI_S390 } },
		{ ABI_MIPS64, 2, { ABI_MIPS, ABI_MIPS64N32 } },
		{ ABI_MIPS64N32, 2, { ABI_MIPS, ABI_MIPS64 } },
		{ ABI_MIPSEL64, 2, { ABI_MIPSEL, ABI_MIPSEL64N32 } },
		{ ABI_MIPSEL64N32, 2, { ABI_MIPSEL, ABI_MIPSEL64 } },
	};

	profile->abis[profile->n_abis++] = native;
	for (size_t i = 0; i < ARRAY_LEN(kernels); i++)
		for (size_t j = 0; kernels[i].native == native && j < kernels[i].n; j++)
			profile->abis[profile->n_abis++] = kernels[i].others[j];
}
