/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the form of the records that are asked for, and what is read from them. What must hold:
 * nothing in a record is trusted to be within it.
 */
#include "observe/perf_event.h"

#include <linux/perf_event.h>
#include <string.h>
#include <time.h>

enum {
	RAW_NR = 8, /* where the number and the arguments are in the tracepoint's data */
	RAW_ARGS = 16,
	RAW_BYTES = 64,
};

#if defined(__x86_64__)
/* BX, CX, SI and DI, by PERF_REG_X86_* */
enum { REGISTERS = 1 << 1 | 1 << 2 | 1 << 4 | 1 << 5, N_REGISTERS = 4 };
#else
enum { REGISTERS = 1, N_REGISTERS = 1 };
#endif

void perf_event_set_form(struct perf_event_attr *attr)
{
	attr->size = sizeof(*attr);
	attr->sample_type = PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_ID | PERF_SAMPLE_RAW |
			    PERF_SAMPLE_REGS_USER;
	attr->sample_regs_user = REGISTERS;
	attr->sample_id_all = 1;
	attr->use_clockid = 1;
	attr->clockid = CLOCK_MONOTONIC;
}

static uint64_t get64(const char *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static uint32_t get32(const char *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

uint64_t perf_event_time_at(const struct perf_event_header *header)
{
	return header->type == PERF_RECORD_SAMPLE ? sizeof(*header) + 8 : header->size - 16u;
}

/*
 * Whether the call is one of the 32-bit architecture. The kernel says which mode the program is in,
 * but a 64-bit program can make a 32-bit call, too (int 0x80 on x86): then its arguments are in the
 * other registers.
 */
static bool is_compat(uint64_t abi, const char *registers not_used, const uint64_t *args not_used)
{
	if (abi == PERF_SAMPLE_REGS_ABI_32)
		return true;
#if defined(__x86_64__)
	uint64_t bx = get64(registers), cx = get64(registers + 8);
	uint64_t si = get64(registers + 16), di = get64(registers + 24);

	return abi == PERF_SAMPLE_REGS_ABI_64 && (args[0] != di || args[1] != si) &&
	       args[0] == (uint32_t)bx && args[1] == (uint32_t)cx;
#else
	return false;
#endif
}

/* { pid, tid } { time } { id } { size, raw } { abi, registers } */
static bool parse_sample(const char *p, size_t n, struct perf_event *ret)
{
	const size_t head = sizeof(struct perf_event_header) + 24;
	uint32_t raw_size;
	const char *raw, *behind;
	uint64_t abi;

	if (n < head + 4)
		return false;
	ret->kind = PERF_EVENT_CALL;
	ret->pid = (pid_t)get32(p + sizeof(struct perf_event_header));
	raw_size = get32(p + head);
	raw = p + head + 4;
	behind = raw + raw_size;
	if (raw_size < RAW_BYTES || n < head + 4 + raw_size + 8)
		return false;
	ret->nr = (int64_t)get64(raw + RAW_NR);
	for (size_t i = 0; i < ARRAY_LEN(ret->args); i++)
		ret->args[i] = get64(raw + RAW_ARGS + 8 * i);
	abi = get64(behind);
	if (abi != PERF_SAMPLE_REGS_ABI_NONE &&
	    n < head + 4 + raw_size + 8 + (size_t)8 * N_REGISTERS)
		return false;
	ret->is_compat = is_compat(abi, behind + 8, ret->args);
	return true;
}

/* { pid, tid } { n } { device, inode } of each namespace */
static bool parse_namespaces(const char *p, size_t n, struct perf_event *ret)
{
	const size_t at = sizeof(struct perf_event_header) + 16 + (size_t)16 * MNT_NS_INDEX + 8;

	if (n < at + 8 || get64(p + sizeof(struct perf_event_header) + 8) <= MNT_NS_INDEX)
		return false;
	ret->kind = PERF_EVENT_NAMESPACES;
	ret->pid = (pid_t)get32(p + sizeof(struct perf_event_header));
	ret->tid = (pid_t)get32(p + sizeof(struct perf_event_header) + 4);
	ret->mount_ns = get64(p + at);
	return true;
}

/*
 * The file that is mapped first behind an execve is the program: the loader comes later. Before it
 * the kernel may report the stack, if that is executable, as "//anon". Other words behind "//"
 * stand for a file whose path it could not write: such a program is unknown.
 */
static bool parse_mmap(const char *p, size_t n, struct perf_event *ret)
{
	const size_t path = sizeof(struct perf_event_header) + 32;

	if (n <= path)
		return false;
	ret->kind = PERF_EVENT_PROGRAM;
	ret->pid = (pid_t)get32(p + sizeof(struct perf_event_header));
	ret->path = p + path;
	if (ret->path[0] != '/' || strcmp(ret->path, "//anon") == 0)
		return false;
	if (ret->path[1] == '/')
		ret->path = "";
	return true;
}

bool perf_event_parse(const char *p, size_t n, struct perf_event *ret)
{
	struct perf_event_header header;
	const char *body = p + sizeof(header);

	memcpy(&header, p, sizeof(header));
	if (n < sizeof(header) + 24)
		return false;
	ret->id = get64(p + perf_event_time_at(&header) + 8);
	switch (header.type) {
	case PERF_RECORD_SAMPLE:
		return parse_sample(p, n, ret);
	case PERF_RECORD_COMM: /* pid, tid */
		if (!(header.misc & PERF_RECORD_MISC_COMM_EXEC))
			return false;
		ret->kind = PERF_EVENT_EXEC;
		ret->pid = (pid_t)get32(body);
		return true;
	case PERF_RECORD_MMAP:
		return parse_mmap(p, n, ret);
	case PERF_RECORD_FORK: /* pid, ppid, tid, ptid */
		ret->kind = PERF_EVENT_CHILD;
		ret->pid = (pid_t)get32(body);
		ret->parent = (pid_t)get32(body + 4);
		ret->tid = (pid_t)get32(body + 8);
		return true;
	case PERF_RECORD_NAMESPACES:
		return parse_namespaces(p, n, ret);
	case PERF_RECORD_EXIT: /* pid, ppid, tid, ptid */
		ret->kind = PERF_EVENT_END;
		ret->pid = (pid_t)get32(body);
		ret->tid = (pid_t)get32(body + 8);
		return true;
	case PERF_RECORD_LOST: /* id, lost */
		ret->kind = PERF_EVENT_LOST;
		ret->lost = get64(body + 8);
		return true;
	default:
		return false;
	}
}
