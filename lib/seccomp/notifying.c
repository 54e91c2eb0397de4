/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns how a filter is changed so that it notifies. What must hold: a call that the profile does
 * not deny gets the same answer as before. A call that it denies is never allowed, whether or not a
 * supervisor answers (the kernel answers ENOSYS then).
 *
 * Each return of a denial becomes a jump (BPF_JA, whose offset has 32 bits) to a common end:
 *
 *	ld nr
 *	jeq NOTIFYING_KILL_PROCESS, return KILL_PROCESS
 *	jeq NOTIFYING_KILL_THREAD, return KILL_THREAD
 *	jeq NOTIFYING_TRAP, return TRAP
 *	ret USER_NOTIF
 */
#include "seccomp/notifying.h"

#include "base/arena.h"
#include "base/err.h"
#include "seccomp/arch.h"
#include "seccomp/bpf.h"
#include "seccomp/filter.h"

#include <string.h>

#define NUMBER BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr))
#define RETURN(action) BPF_STMT(BPF_RET | BPF_K, (action))
#define IF_NUMBER(number, then, otherwise) \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), (then), (otherwise))

static const struct sock_filter last[] = {
	NUMBER,
	IF_NUMBER(NOTIFYING_KILL_PROCESS, 0, 1),
	RETURN(SECCOMP_RET_KILL_PROCESS),
	IF_NUMBER(NOTIFYING_KILL_THREAD, 0, 1),
	RETURN(SECCOMP_RET_KILL_THREAD),
	IF_NUMBER(NOTIFYING_TRAP, 0, 1),
	RETURN(SECCOMP_RET_TRAP),
	RETURN(SECCOMP_RET_USER_NOTIF),
};

/*
 * If the profile does not deny unknown numbers, the three numbers are looked for before the
 * profile, by all of `last` but its last return.
 */
enum { FIRST = ARRAY_LEN(last) - 1 };

bool notifying_is_number(uint32_t nr)
{
	return nr >= NOTIFYING_KILL_PROCESS && nr <= NOTIFYING_TRAP;
}

bool notifying_is_denial(uint32_t answer)
{
	switch (answer & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_KILL_PROCESS:
	case SECCOMP_RET_KILL_THREAD:
	case SECCOMP_RET_TRAP:
	case SECCOMP_RET_ERRNO:
		return true;
	default:
		return false;
	}
}

/* Whether the profile denies the three numbers on every architecture. */
static bool denies_numbers(const struct filter *f)
{
	for (enum abi abi = 0; abi < ABI_COUNT; abi++)
		for (int nr = NOTIFYING_KILL_PROCESS; nr <= NOTIFYING_TRAP; nr++) {
			const struct seccomp_data data = { .nr = nr, .arch = arch_abi(abi)->audit };

			if (!notifying_is_denial(bpf_run(f->code, f->len, &data, NULL)))
				return false;
		}
	return true;
}

/*
 * Whether a return takes its value from the accumulator, so that it may be any action, or the
 * program begins with the accumulator, which is 0 there but not behind FIRST. Programs that tamis
 * makes do neither.
 */
static bool uses_accumulator(const struct filter *f)
{
	if (f->len == 0 || BPF_CLASS(f->code[0].code) == BPF_ALU ||
	    BPF_CLASS(f->code[0].code) == BPF_JMP)
		return true;
	for (size_t i = 0; i < f->len; i++)
		if (BPF_CLASS(f->code[i].code) == BPF_RET && BPF_RVAL(f->code[i].code) != BPF_K)
			return true;
	return false;
}

static struct sock_filter *copy_code(const struct filter *f, size_t *ret_len)
{
	size_t front = denies_numbers(f) ? 0 : FIRST, end = front + f->len;
	struct sock_filter *code = arena_array(end + ARRAY_LEN(last), sizeof(*code));

	memcpy(code, last, front * sizeof(*code));
	memcpy(code + front, f->code, f->len * sizeof(*code));
	memcpy(code + end, last, sizeof(last));
	for (size_t i = front; i < end; i++)
		if (BPF_CLASS(code[i].code) == BPF_RET && notifying_is_denial(code[i].k))
			code[i] = (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA,
							       (uint32_t)(end - i - 1));
	*ret_len = end + ARRAY_LEN(last);
	return code;
}

int notifying_make(const struct filter *profile, uint64_t kernel_flags, const char *place,
		   const struct filter **ret)
{
	struct filter *f = arena_alloc(sizeof(*f));
	size_t len;

	if (profile->user_notif)
		return fail(0,
			    "%s: found SCMP_ACT_NOTIFY, expected a profile without it: a process "
			    "can have one seccomp listener, and explaining denials needs it",
			    place);
	if (uses_accumulator(profile))
		return fail(0,
			    "%s: found a filter that returns a computed value or begins without a "
			    "load, which cannot be explained",
			    place);
	if (!(kernel_flags & SECCOMP_FILTER_FLAG_NEW_LISTENER))
		return fail(0, "this kernel has no seccomp listeners (Linux 5.5), which explaining "
			       "denials needs");
	*f = *profile;
	f->code = copy_code(profile, &len);
	if (len > BPF_MAXINSNS)
		return fail(0,
			    "%s: found a filter of %u instructions, expected at most %zu to "
			    "explain denials",
			    place, profile->len, BPF_MAXINSNS - FIRST - ARRAY_LEN(last));
	f->len = (uint16_t)len;
	f->user_notif = true;
	f->flags |= SECCOMP_FILTER_FLAG_NEW_LISTENER;
	if (kernel_flags & SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV)
		f->flags |= SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
	*ret = f;
	return 0;
}
