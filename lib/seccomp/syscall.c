/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the tables of system calls, which are made from calls.inc. They contain no pointers: names
 * lie in one block of text and are found by offset, so a position-independent program needs no
 * relocations and a filter touches few pages.
 *
 * A wrong number here would let a forbidden call pass under another name. A parameter that is
 * wrongly marked as 64 bits wide would let a caller hide a value by setting upper bits that the
 * kernel ignores. Therefore tests compare the tables with the running kernel, its trace events and
 * libseccomp.
 */
#include "seccomp/syscall.h"

#include "base/arena.h"
#include "base/names.h"

#include "seccomp/arch_foreign.h"

#include <string.h>

#define CALL(name, args, narrow, ...) ROW(name, args, narrow, __VA_ARGS__)
#define SAME(n) n, n, n, n, n, n, n, n

enum { A0 = 1, A1 = 2, A2 = 4, A3 = 8, A4 = 16, A5 = 32, ALL_NARROW = 63 };
enum { NO = 0xffff, PRIVATE = 0xf000, PRIVATE_BASE = 0x0f0000, PRIVATE_COUNT = 8 };
enum { SLOTS = 560 }; /* dense numbers are smaller; x32 ends at 547 */

#define ROW(name, ...) ID_##name,
enum id {
#include "seccomp/calls.inc"
	ID_COUNT,
};
#undef ROW

#define ROW(name, ...) char name_##name[sizeof(#name)];
struct text_block {
#include "seccomp/calls.inc"
};
#undef ROW

#define ROW(name, ...) #name,
static const struct text_block text = {
#include "seccomp/calls.inc"
};
#undef ROW

struct call {
	uint16_t text; /* offset of the name */
	uint8_t args, narrow;
	uint16_t nr[ABI_OWN];
};

#define ROW(name, args, narrow, ...) \
	{ offsetof(struct text_block, name_##name), args, narrow, { __VA_ARGS__ } },
static const struct call calls[ID_COUNT] = {
#include "seccomp/calls.inc"
};
#undef ROW

/* Maps a number to its id + 1. Calls without a number are all mapped from slot 0. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverride-init"
#define SLOT(nr) ((nr) == NO ? 0 : (nr) >= PRIVATE ? SLOTS + ((nr)&7) : (nr) + 1)
#define ROW(name, args, narrow, a, b, c, d, e, f, g, h)                                           \
	[0][SLOT(a)] = ID_##name + 1, [1][SLOT(b)] = ID_##name + 1, [2][SLOT(c)] = ID_##name + 1, \
	[3][SLOT(d)] = ID_##name + 1, [4][SLOT(e)] = ID_##name + 1, [5][SLOT(f)] = ID_##name + 1, \
	[6][SLOT(g)] = ID_##name + 1, [7][SLOT(h)] = ID_##name + 1,
static const uint16_t ids[ABI_OWN][SLOTS + PRIVATE_COUNT] = {
#include "seccomp/calls.inc"
};
#undef ROW
#pragma GCC diagnostic pop

unsigned int syscall_count(void)
{
	return ID_COUNT;
}

const char *syscall_like(const char *word)
{
	unsigned int n = syscall_count();
	struct name *names = arena_array(n + 1, sizeof(*names));

	for (unsigned int id = 0; id < n; id++)
		names[id].name = syscall_name(id);
	return names_like(names, word);
}

const char *syscall_name(unsigned int id)
{
	return (const char *)&text + calls[id].text;
}

int syscall_id_near(const char *name, unsigned int hint)
{
	unsigned int low = 0, high = ID_COUNT, step = 1;

	/* Searches in doubling steps from the hint until the name is between low and high. */
	for (unsigned int at = hint; at < ID_COUNT; at += step, step *= 2) {
		int order = strcmp(name, syscall_name(at));

		if (order == 0)
			return (int)at;
		if (order < 0) {
			high = at;
			break;
		}
		low = at + 1;
	}
	while (low < high) {
		unsigned int middle = (low + high) / 2;
		int order = strcmp(name, syscall_name(middle));

		if (order == 0)
			return (int)middle;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return -1;
}

int syscall_id(const char *name)
{
	return syscall_id_near(name, ID_COUNT / 2);
}

uint32_t syscall_nr(enum abi abi, unsigned int id)
{
	if (abi >= ABI_OWN) {
		int foreign = arch_foreign_nr(arch_abi(abi)->audit, syscall_name(id));

		return foreign < 0 ? SYSCALL_NONE : (uint32_t)foreign;
	}

	uint16_t nr = calls[id].nr[abi];

	if (nr == NO)
		return SYSCALL_NONE;
	return nr < PRIVATE ? nr : PRIVATE_BASE | (nr & 7);
}

int syscall_at(enum abi abi, uint32_t nr)
{
	const char *name;

	if (abi >= ABI_OWN) {
		name = arch_foreign_name(arch_abi(abi)->audit, nr);
		return name ? syscall_id(name) : -1;
	}
	if (nr < SLOTS - 1)
		return ids[abi][nr + 1] - 1;
	if (nr >= PRIVATE_BASE && nr < PRIVATE_BASE + PRIVATE_COUNT)
		return ids[abi][SLOTS + nr - PRIVATE_BASE] - 1;
	return -1;
}

int syscall_of(uint32_t audit, uint32_t number, enum abi *ret)
{
	*ret = arch_by_number(audit, number);
	return *ret == ABI_COUNT ? -1 : syscall_at(*ret, number & ~arch_abi(*ret)->nr_bit);
}

const char *syscall_words(uint32_t audit, uint32_t number)
{
	enum abi abi;
	int id = syscall_of(audit, number, &abi);

	if (id >= 0)
		return syscall_name((unsigned int)id);
	return arena_printf("number %u",
			    abi == ABI_COUNT ? number : number & ~arch_abi(abi)->nr_bit);
}

uint32_t syscall_end(enum abi abi)
{
	uint32_t end = SLOTS - 1;

	if (abi >= ABI_OWN)
		return FOREIGN_END;
	while (end && !ids[abi][end])
		end--;
	return end;
}

/*
 * The calls whose widths are not the same everywhere. x32's numbers from 512 on enter the kernel's
 * 32-bit functions with registers of 64 bits; s390x has the first two parameters of clone
 * exchanged, and the other byte order.
 */
static const struct {
	uint16_t abi, id;
	uint8_t narrow;
} different[] = {
	{ ABI_X32, ID_io_submit, A0 | A1 },
	{ ABI_X32, ID_ioctl, A0 | A1 | A2 },
	{ ABI_X32, ID_kexec_load, A0 | A1 | A3 },
	{ ABI_X32, ID_preadv2, A0 | A2 | A4 },
	{ ABI_X32, ID_ptrace, A0 | A1 | A2 | A3 },
	{ ABI_X32, ID_pwritev2, A0 | A2 | A4 },
	{ ABI_X32, ID_recvfrom, A0 | A2 | A3 },
	{ ABI_X32, ID_rt_sigaction, A0 | A3 },
	{ ABI_X32, ID_rt_sigpending, A1 },
	{ ABI_X32, ID_rt_sigtimedwait, A3 },
	{ ABI_X32, ID_set_robust_list, A1 },
	{ ABI_S390X, ID_clone, A1 },
	{ ABI_S390X, ID_mmap, 0 },		/* one pointer to six arguments */
	{ ABI_S390X, ID_semctl, A0 | A1 | A2 }, /* its int is the upper half of a union */
};

uint8_t syscall_narrow(enum abi abi, unsigned int id)
{
	if (arch_abi(abi)->bits == 32)
		return ALL_NARROW;
	for (size_t i = 0; i < ARRAY_LEN(different); i++)
		if (different[i].abi == abi && different[i].id == id)
			return different[i].narrow;
	return calls[id].narrow;
}

uint8_t syscall_args(unsigned int id)
{
	return calls[id].args;
}

/* Call numbers of socketcall(2) and ipc(2): linux/net.h, linux/ipc.h. */
static const struct {
	uint16_t id, multiplexer;
	uint16_t call;
} muxed[] = {
#define SOCKET(call, name)                     \
	{                                      \
		ID_##name, ID_socketcall, call \
	}
	SOCKET(1, socket),    SOCKET(2, bind),	      SOCKET(3, connect),     SOCKET(4, listen),
	SOCKET(5, accept),    SOCKET(6, getsockname), SOCKET(7, getpeername), SOCKET(8, socketpair),
	SOCKET(9, send),      SOCKET(10, recv),	      SOCKET(11, sendto),     SOCKET(12, recvfrom),
	SOCKET(13, shutdown), SOCKET(14, setsockopt), SOCKET(15, getsockopt), SOCKET(16, sendmsg),
	SOCKET(17, recvmsg),  SOCKET(18, accept4),    SOCKET(19, recvmmsg),   SOCKET(20, sendmmsg),
#define IPC(call, name)                 \
	{                               \
		ID_##name, ID_ipc, call \
	}
	IPC(1, semop),	      IPC(2, semget),	      IPC(3, semctl),	      IPC(4, semtimedop),
	IPC(11, msgsnd),      IPC(12, msgrcv),	      IPC(13, msgget),	      IPC(14, msgctl),
	IPC(21, shmat),	      IPC(22, shmdt),	      IPC(23, shmget),	      IPC(24, shmctl),
};

bool syscall_mux_nth(enum abi abi, size_t i, unsigned int *id, struct syscall_mux *ret)
{
	if (i >= ARRAY_LEN(muxed))
		return false;
	*id = muxed[i].id;
	ret->nr = syscall_nr(abi, muxed[i].multiplexer);
	ret->call = muxed[i].call;
	ret->mask = muxed[i].multiplexer == ID_ipc ? 0xffff : UINT32_MAX;
	return true;
}

bool syscall_mux(enum abi abi, unsigned int id, struct syscall_mux *ret)
{
	unsigned int other;

	for (size_t i = 0; syscall_mux_nth(abi, i, &other, ret); i++)
		if (other == id)
			return ret->nr != SYSCALL_NONE;
	return false;
}
