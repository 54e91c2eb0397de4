/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parameters of system calls, as tables made from params.inc. The names of one call lie behind
 * each other in one block of text. A wrong order here answers a question about a profile with
 * another argument's rule; the test compares with the running kernel's trace events.
 */
#include "seccomp/params.h"

#include "seccomp/syscall.h"

#include <string.h>

enum { MOST = 6 };

enum {
	X86_64 = 1 << ABI_X86_64,
	X86 = 1 << ABI_X86,
	X32 = 1 << ABI_X32,
	AARCH64 = 1 << ABI_AARCH64,
	ARM = 1 << ABI_ARM,
	RISCV64 = 1 << ABI_RISCV64,
	PPC64LE = 1 << ABI_PPC64LE,
	S390X = 1 << ABI_S390X,
};

/* The ids of syscall.c, from the same table. */
#define SAME(n) 0
#define CALL(name, ...) ID_##name,
enum id {
#include "seccomp/calls.inc"
	ID_COUNT,
};
#undef CALL
#undef SAME

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)

#define P(kind, name) #name "\0"
#define S(set, name) #name "\0"
#define PARAMS(call, ...) char call_##call[sizeof("" __VA_ARGS__)];
#define ON(abis, call, ...) char JOIN(line_, __LINE__)[sizeof("" __VA_ARGS__)];
struct text_block {
#include "seccomp/params.inc"
};

#define PARAMS(call, ...) "" __VA_ARGS__,
#define ON(abis, call, ...) "" __VA_ARGS__,
static const struct text_block block = {
#include "seccomp/params.inc"
};
#undef P
#undef S

struct row {
	uint16_t text;
	uint8_t kinds[MOST]; /* from PARAM_SET on: sets */
};

#define P(kind, name) PARAM_##kind,
#define S(set, name) PARAM_SET + SET_##set,
#define PARAMS(call, ...) \
	[ID_##call] = { offsetof(struct text_block, call_##call), { __VA_ARGS__ } },
static const struct row rows[ID_COUNT] = {
#include "seccomp/params.inc"
};

/* Those that come before rows[] on these architectures. */
#define ON(abis, call, ...) \
	{ abis,             \
	  ID_##call,        \
	  { offsetof(struct text_block, JOIN(line_, __LINE__)), { __VA_ARGS__ } } },
static const struct {
	uint8_t abis;
	uint16_t id;
	struct row row;
} different[] = {
#include "seccomp/params.inc"
};
#undef P
#undef S

_Static_assert(PARAM_SET + SET_COUNT <= UINT8_MAX, "kinds and sets share a byte");

/* What the manual pages say instead; "" is any call. */
static const struct {
	char call[14], alias[12], name[16];
} aliases[] = {
	{ "clone", "clone_flags", "flags" }, /* the kernel's own */
	{ "clone", "stack", "newsp" },
	{ "clone", "parent_tid", "parent_tidptr" },
	{ "clone", "child_tid", "child_tidptr" },
	{ "ioctl", "request", "cmd" },
	{ "ioctl", "op", "cmd" },
	{ "socket", "domain", "family" },
	{ "socketpair", "domain", "family" },
	{ "mmap", "length", "len" },
	{ "mmap", "offset", "off" },
	{ "mmap2", "length", "len" },
	{ "personality", "persona", "personality" },
	{ "keyctl", "option", "operation" },
	{ "madvise", "advice", "behavior" },
	{ "prctl", "op", "option" },
	{ "arch_prctl", "code", "option" },
	{ "arch_prctl", "op", "option" },
	{ "ptrace", "op", "request" },
	{ "seccomp", "operation", "op" },
	{ "", "dirfd", "dfd" },
	{ "", "pathname", "filename" },
	{ "", "path", "filename" },
	{ "", "sockfd", "fd" },
};

static const struct row *row_of(enum abi abi, unsigned int id)
{
	if (abi < ABI_OWN)
		for (size_t i = 0; i < ARRAY_LEN(different); i++)
			if (different[i].id == id && different[i].abis & 1 << abi)
				return &different[i].row;
	return &rows[id];
}

static const char *nth(const struct row *row, unsigned int index)
{
	const char *name = (const char *)&block + row->text;

	/* Each list ends with an empty name. */
	for (; *name && index; index--)
		name += strlen(name) + 1;
	return *name ? name : NULL;
}

const char *params_name(enum abi abi, unsigned int id, unsigned int index)
{
	return nth(row_of(abi, id), index);
}

unsigned int params_count(enum abi abi, unsigned int id)
{
	unsigned int n = 0;

	while (params_name(abi, id, n))
		n++;
	return n;
}

bool params_get(enum abi abi, unsigned int id, unsigned int index, struct param *ret)
{
	const struct row *row = row_of(abi, id);
	uint8_t kind;

	*ret = (struct param){ .name = nth(row, index) };
	if (!ret->name)
		return false;
	kind = row->kinds[index];
	ret->has_set = kind >= PARAM_SET;
	ret->kind = ret->has_set ? PARAM_SET : (enum param_kind)kind;
	if (ret->has_set)
		ret->set = (enum constants_set)(kind - PARAM_SET);
	return true;
}

static int exact(enum abi abi, unsigned int id, const char *name)
{
	const char *have;

	for (unsigned int i = 0; (have = params_name(abi, id, i)); i++)
		if (strcmp(have, name) == 0)
			return (int)i;
	return -1;
}

int params_index(enum abi abi, unsigned int id, const char *name)
{
	int index = exact(abi, id, name);

	for (size_t i = 0; i < ARRAY_LEN(aliases) && index < 0; i++)
		if (strcmp(aliases[i].alias, name) == 0 &&
		    (!aliases[i].call[0] || strcmp(aliases[i].call, syscall_name(id)) == 0))
			index = exact(abi, id, aliases[i].name);
	return index;
}
