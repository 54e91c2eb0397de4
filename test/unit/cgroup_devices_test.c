/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compares lists of device rules with their definition: everything is denied, and for each access
 * the last matching rule decides. The list for v1 is evaluated as its kernel does, the program for
 * v2 by an interpreter of the few instructions that it uses; the kernel's verifier must accept it.
 */
#include "cgroup/devices.h"

#include "base/arena.h"
#include "base/err.h"
#include "cgroup/devlist.h"
#include "cgroup/devprog.h"
#include "unit/tap.h"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { R = BPF_DEVCG_ACC_READ, W = BPF_DEVCG_ACC_WRITE, M = BPF_DEVCG_ACC_MKNOD };

static int bits_of(const struct plan_device_rule *r)
{
	return (r->read ? R : 0) | (r->write ? W : 0) | (r->mknod ? M : 0);
}

static bool matches(const struct plan_device_rule *r, char type, uint32_t major, uint32_t minor)
{
	return (r->type == 'a' || r->type == type) && (r->major == -1 || r->major == major) &&
	       (r->minor == -1 || r->minor == minor);
}

/* The definition. */
static bool allowed(const struct plan_device_rule *rules, size_t n, char type, uint32_t major,
		    uint32_t minor, int access)
{
	for (int bit = 1; bit <= 4; bit <<= 1) {
		bool verdict = false;

		for (size_t i = 0; i < n; i++)
			if ((bits_of(&rules[i]) & bit) && matches(&rules[i], type, major, minor))
				verdict = rules[i].allow;
		if ((access & bit) && !verdict)
			return false;
	}
	return true;
}

/* The check of the devices cgroup of v1: if the default is deny, one row must have every access;
 * if it is allow, no row may have any. */
static bool v1_allows(const struct devices_list *list, char type, uint32_t major, uint32_t minor,
		      int access)
{
	for (size_t i = 0; i < list->n; i++) {
		int bits = bits_of(&list->v[i]);

		if (!matches(&list->v[i], type, major, minor))
			continue;
		if (list->allow ? (bits & access) != 0 : (access & ~bits) == 0)
			return !list->allow;
	}
	return list->allow;
}

/* 0 or 1, or -1 if the program is not valid. */
static int run(const struct bpf_insn *v, size_t n, const struct bpf_cgroup_dev_ctx *ctx)
{
	uint64_t reg[11] = { 0 };

	for (size_t pc = 0; pc < n; pc++) {
		const struct bpf_insn *i = &v[pc];
		uint64_t *d = &reg[i->dst_reg];
		bool jump = false;

		switch (i->code) {
		case BPF_LDX | BPF_MEM | BPF_W:
			*d = *(const uint32_t *)(const void *)((const char *)ctx + i->off);
			break;
		case BPF_ALU64 | BPF_MOV | BPF_X:
			*d = reg[i->src_reg];
			break;
		case BPF_ALU64 | BPF_MOV | BPF_K:
			*d = (uint64_t)(int64_t)i->imm;
			break;
		case BPF_ALU64 | BPF_AND | BPF_K:
			*d &= (uint64_t)(int64_t)i->imm;
			break;
		case BPF_ALU64 | BPF_RSH | BPF_K:
			*d >>= i->imm;
			break;
		case BPF_JMP | BPF_JA:
			jump = true;
			break;
		case BPF_JMP32 | BPF_JNE | BPF_K:
			jump = (uint32_t)*d != (uint32_t)i->imm;
			break;
		case BPF_JMP | BPF_JSET | BPF_K:
			jump = (*d & (uint64_t)(int64_t)i->imm) != 0;
			break;
		case BPF_JMP | BPF_EXIT:
			return (int)reg[0];
		default:
			return -1;
		}
		if (jump)
			pc += (size_t)(int64_t)i->off;
	}
	return -1;
}

static uint32_t seed = 1;

static uint32_t pick(uint32_t n)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % n;
}

static struct plan_device_rule random_rule(void)
{
	int bits = pick(3) ? 7 : (int)pick(8);

	return (struct plan_device_rule){
		.allow = pick(2),
		.type = "abc"[pick(3)],
		.major = (int64_t)pick(4) - 1,
		.minor = (int64_t)pick(4) - 1,
		.read = bits & R,
		.write = bits & W,
		.mknod = bits & M,
	};
}

/* Compares for every device and access that the rules can distinguish; returns the first
 * difference, or NULL. */
static const char *difference(const struct plan_device_rule *rules, size_t n)
{
	struct devices_list list;
	size_t len;
	const struct bpf_insn *prog = devprog_make(rules, n, &len);
	bool v1 = devlist_make(rules, n, &list) == 0;

	err_clear();
	for (uint32_t k = 0; k < 2 * 4 * 4 * 7; k++) {
		uint32_t major = k / 4 % 4, minor = k % 4, block = k / 16 % 2;
		int access = (int)(k / 32) + 1;
		struct bpf_cgroup_dev_ctx ctx = {
			.access_type = (uint32_t)access << 16 |
				       (block ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR),
			.major = major,
			.minor = minor,
		};
		char type = block ? 'b' : 'c';
		bool want = allowed(rules, n, type, major, minor, access);
		int got = run(prog, len, &ctx);
		bool many = false; /* v1 may need several rows for one access, and denies it */

		if (got != want)
			return arena_printf("v2 %c %u:%u %d: got %d", type, major, minor, access,
					    got);
		if (v1 && want && !list.allow && (access & (access - 1)))
			many = true;
		if (v1 && !many && v1_allows(&list, type, major, minor, access) != want)
			return arena_printf("v1 %c %u:%u %d: want %d", type, major, minor, access,
					    want);
	}
	return NULL;
}

static void test_random(void)
{
	struct plan_device_rule rules[8];
	const char *found = NULL;
	size_t tried = 0, n = 0;

	for (; tried < 20000 && !found; tried++) {
		n = pick(ARRAY_LEN(rules) + 1);
		for (size_t i = 0; i < n; i++)
			rules[i] = random_rule();
		found = difference(rules, n);
		arena_reset();
	}
	if (!ok(!found, "%zu random lists have the same meaning in each form", tried))
		printf("# %s, %zu rules\n", difference(rules, n), n);
}

static void test_v1(void)
{
	static const struct plan_device_rule hole[] = {
		{ true, 'c', 1, -1, true, true, true },
		{ false, 'c', 1, 3, true, false, false },
	};
	static const struct plan_device_rule wide[] = {
		{ true, 'c', 1, 3, true, true, true },
		{ true, 'b', 1, 3, true, true, true },
		{ false, 'c', 1, -1, true, false, true },
	};
	struct devices_list list;

	ok(devlist_make(hole, 2, &list) < 0 && strstr(err_message(), "\"c 1:3 r\""),
	   "v1 refuses an exception from a wildcard");
	err_clear();
	ok(devlist_make(wide, 3, &list) == 0 && !list.allow && list.n == 2 &&
		   bits_of(&list.v[0]) == W && bits_of(&list.v[1]) == 7,
	   "a wider deny removes its accesses from the rules that it covers");
}

static void test_verifier(void)
{
	static const struct plan_device_rule rules[] = {
		{ false, 'a', -1, -1, true, true, true },
		{ true, 'c', -1, -1, false, false, true },
		{ true, 'b', -1, -1, false, false, true },
		{ true, 'c', 1, 3, true, true, true },
		{ true, 'c', 136, -1, true, true, true },
		{ false, 'a', 10, 200, true, true, true },
		{ true, 'c', 4294967295, 1, true, true, true },
	};
	union {
		union bpf_attr bpf;
		unsigned char room[512];
	} attr;
	char log[4096] = "";

	for (size_t n = 0; n <= ARRAY_LEN(rules); n++) {
		size_t len;

		memset(&attr, 0, sizeof(attr));
		attr.bpf.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
		attr.bpf.insns = (uint64_t)(uintptr_t)devprog_make(rules, n, &len);
		attr.bpf.insn_cnt = (uint32_t)len;
		attr.bpf.license = (uint64_t)(uintptr_t) "Apache-2.0";
		attr.bpf.log_buf = (uint64_t)(uintptr_t)log;
		attr.bpf.log_size = sizeof(log);
		attr.bpf.log_level = 1;
		int fd = (int)syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr.bpf));

		if (fd < 0 && (errno == EPERM || errno == ENOSYS || errno == EACCES) && !*log) {
			skip("bpf(2) is not permitted: %s", strerror(errno));
			return;
		}
		if (!ok(fd >= 0, "the verifier accepts the program of %zu rules", n))
			printf("# %s\n", log);
		close(fd);
	}
}

int main(void)
{
	test_random();
	test_v1();
	test_verifier();
	return done();
}
