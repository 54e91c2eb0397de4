/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the eBPF program that is the device controller of cgroup v2, and its attachment. The program
 * checks the rules from the last to the first and keeps the set of accesses that are still
 * undecided. An allowing rule removes its accesses from the set. A denying rule ends the program if
 * one of its accesses is still in the set. What no rule decides is denied.
 */
#include "cgroup/devprog.h"

#include "base/arena.h"
#include "base/fd.h"
#include "cgroup/devices.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { ATTACHED_MAX = 64, PROLOGUE = 6, EPILOGUE = 2, RULE_INSNS = 7 };
enum { DECIDED = BPF_REG_0, CTX = BPF_REG_1, TYPE, UNDECIDED, MAJOR, MINOR };

#define INSN(c, d, s, o, i) \
	((struct bpf_insn){ \
		.code = (c), .dst_reg = 15U & (d), .src_reg = 15U & (s), .off = (o), .imm = (i) })
#define LOAD(d, field) \
	INSN(BPF_LDX | BPF_MEM | BPF_W, d, CTX, offsetof(struct bpf_cgroup_dev_ctx, field), 0)
#define JUMP_IF_NOT(d, value, o) INSN(BPF_JMP32 | BPF_JNE | BPF_K, d, 0, o, value)

struct code {
	size_t n;
	struct bpf_insn *v;
};

static void put(struct code *code, struct bpf_insn insn)
{
	code->v[code->n++] = insn;
}

static void put_return(struct code *code, int verdict)
{
	put(code, INSN(BPF_ALU64 | BPF_MOV | BPF_K, DECIDED, 0, 0, verdict));
	put(code, INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0));
}

static int access_bits(const struct plan_device_rule *r)
{
	return (r->mknod ? BPF_DEVCG_ACC_MKNOD : 0) | (r->read ? BPF_DEVCG_ACC_READ : 0) |
	       (r->write ? BPF_DEVCG_ACC_WRITE : 0);
}

/*
 * Emits a test that jumps behind the rule if it fails. The distance is set when the rule is
 * complete.
 */
static void put_test(struct code *code, unsigned int reg, int64_t value)
{
	if (value >= 0)
		put(code, JUMP_IF_NOT(reg, (int32_t)(uint32_t)value, -1));
}

static void put_rule(struct code *code, const struct plan_device_rule *rule)
{
	size_t from = code->n;
	int bits = access_bits(rule);

	put_test(code, TYPE,
		 rule->type == 'a'   ? -1
		 : rule->type == 'b' ? BPF_DEVCG_DEV_BLOCK
				     : BPF_DEVCG_DEV_CHAR);
	put_test(code, MAJOR, rule->major);
	put_test(code, MINOR, rule->minor);
	if (rule->allow) {
		put(code, INSN(BPF_ALU64 | BPF_AND | BPF_K, UNDECIDED, 0, 0, ~bits));
		put(code, JUMP_IF_NOT(UNDECIDED, 0, -1));
	} else {
		put(code, INSN(BPF_JMP | BPF_JSET | BPF_K, UNDECIDED, 0, 1, bits));
		put(code, INSN(BPF_JMP | BPF_JA, 0, 0, -1, 0));
	}
	put_return(code, rule->allow);
	for (size_t i = from; i < code->n; i++)
		if (code->v[i].off == -1)
			code->v[i].off = (int16_t)(code->n - i - 1);
}

static bool is_everything(const struct plan_device_rule *r)
{
	return r->type == 'a' && r->major == -1 && r->minor == -1 && r->read && r->write &&
	       r->mknod;
}

/* Major and minor numbers have 32 bits. A rule with larger numbers matches no device. */
static bool is_possible(const struct plan_device_rule *r)
{
	return access_bits(r) && r->major <= UINT32_MAX && r->minor <= UINT32_MAX;
}

struct bpf_insn *devprog_make(const struct plan_device_rule *rules, size_t n, size_t *ret_n)
{
	struct code code = { 0,
			     arena_array(n * RULE_INSNS + PROLOGUE + EPILOGUE, sizeof(*code.v)) };
	int otherwise = 0;

	put(&code, LOAD(TYPE, access_type));
	put(&code, INSN(BPF_ALU64 | BPF_MOV | BPF_X, UNDECIDED, TYPE, 0, 0));
	put(&code, INSN(BPF_ALU64 | BPF_AND | BPF_K, TYPE, 0, 0, 0xffff));
	put(&code, INSN(BPF_ALU64 | BPF_RSH | BPF_K, UNDECIDED, 0, 0, 16));
	put(&code, LOAD(MAJOR, major));
	put(&code, LOAD(MINOR, minor));
	for (size_t i = n; i-- > 0;) {
		if (is_everything(&rules[i])) { /* decides everything that is left */
			otherwise = rules[i].allow;
			break;
		}
		if (is_possible(&rules[i]))
			put_rule(&code, &rules[i]);
	}
	put_return(&code, otherwise);
	*ret_n = code.n;
	return code.v;
}

/*
 * Linux 6.17 to 7.1 write a result of BPF_PROG_QUERY at the offset of a field of a newer union,
 * even if the caller's union is shorter. So there is always more room than any version needs.
 */
union attr {
	union bpf_attr bpf;
	unsigned char room[512];
};

static int bpf(int cmd, union attr *attr)
{
	int r = (int)syscall(SYS_bpf, cmd, attr, sizeof(attr->bpf));

	return r < 0 ? -errno : r;
}

static int load(const struct bpf_insn *insns, size_t n)
{
	union attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.bpf.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
	attr.bpf.insns = (uint64_t)(uintptr_t)insns;
	attr.bpf.insn_cnt = (uint32_t)n;
	attr.bpf.license = (uint64_t)(uintptr_t) "Apache-2.0"; /* no GPL-only function is called */
	return bpf(BPF_PROG_LOAD, &attr);
}

static int query(int dir, uint32_t ids[ATTACHED_MAX], uint32_t *ret_n)
{
	union attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.bpf.query.target_fd = (uint32_t)dir;
	attr.bpf.query.attach_type = BPF_CGROUP_DEVICE;
	attr.bpf.query.prog_ids = (uint64_t)(uintptr_t)ids;
	attr.bpf.query.prog_cnt = ATTACHED_MAX;
	int r = bpf(BPF_PROG_QUERY, &attr);

	*ret_n = attr.bpf.query.prog_cnt;
	return r;
}

static int by_id(uint32_t id)
{
	union attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.bpf.prog_id = id;
	return bpf(BPF_PROG_GET_FD_BY_ID, &attr);
}

static int attach(int dir, int prog, int replaced)
{
	union attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.bpf.target_fd = (uint32_t)dir;
	attr.bpf.attach_bpf_fd = (uint32_t)prog;
	attr.bpf.attach_type = BPF_CGROUP_DEVICE;
	attr.bpf.attach_flags = BPF_F_ALLOW_MULTI;
	if (replaced >= 0) {
		attr.bpf.attach_flags |= BPF_F_REPLACE;
		attr.bpf.replace_bpf_fd = (uint32_t)replaced;
	}
	return bpf(BPF_PROG_ATTACH, &attr);
}

static int detach(int dir, int prog)
{
	union attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.bpf.target_fd = (uint32_t)dir;
	attr.bpf.attach_bpf_fd = (uint32_t)prog;
	attr.bpf.attach_type = BPF_CGROUP_DEVICE;
	return bpf(BPF_PROG_DETACH, &attr);
}

/*
 * A single program is replaced atomically. Several programs, all of which must allow an access,
 * stay until the new one is attached beside them.
 */
static int attach_instead(int dir, int prog)
{
	uint32_t ids[ATTACHED_MAX], n;
	int r = query(dir, ids, &n);

	if (r < 0)
		return r;
	if (n == 1) {
		autofd old = by_id(ids[0]);

		return old < 0 ? old : attach(dir, prog, old);
	}
	r = attach(dir, prog, -1);
	for (uint32_t i = 0; r == 0 && i < n; i++) {
		autofd old = by_id(ids[i]);

		r = old < 0 ? old : detach(dir, old);
	}
	return r;
}

int devprog_attach(int dir, const struct bpf_insn *insns, size_t n, bool fresh)
{
	/* bpf(2) refuses an O_PATH descriptor. */
	autofd target = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (target < 0)
		return -errno;
	autofd prog = load(insns, n);

	if (prog < 0)
		return prog;
	return fresh ? attach(target, prog, -1) : attach_instead(target, prog);
}
