/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns recordings in memory. A recorded program may be hostile or endless, so everything that it
 * can make grow has a limit; what is beyond is counted as dropped, never forgotten.
 */
#include "observe/recording.h"

#include "base/arena.h"
#include "oci/decode.h"
#include "seccomp/syscall.h"

#include <string.h>

enum { SLOTS = 2 * RECORDING_ALL_MAX, ARGS = 6 };

/* Arguments that rules of profiles are about: what the call is to do, no addresses and sizes. */
static const struct interest {
	const char *call;
	uint8_t args;
} interests[] = {
	{ "arch_prctl", 1 << 0 },
	{ "bpf", 1 << 0 },
	{ "clone", 1 << 0 },
	{ "fcntl", 1 << 1 },
	{ "fcntl64", 1 << 1 },
	{ "getsockopt", 1 << 1 | 1 << 2 },
	{ "ioctl", 1 << 1 },
	{ "ipc", 1 << 0 },
	{ "keyctl", 1 << 0 },
	{ "mount", 1 << 3 },
	{ "mprotect", 1 << 2 },
	{ "pkey_mprotect", 1 << 2 },
	{ "personality", 1 << 0 },
	{ "prctl", 1 << 0 },
	{ "ptrace", 1 << 0 },
	{ "quotactl", 1 << 0 },
	{ "seccomp", 1 << 0 },
	{ "setns", 1 << 1 },
	{ "setsockopt", 1 << 1 | 1 << 2 },
	{ "socket", 1 << 0 | 1 << 1 | 1 << 2 },
	{ "socketcall", 1 << 0 },
	{ "socketpair", 1 << 0 | 1 << 1 | 1 << 2 },
	{ "unshare", 1 << 0 },
};

void recording_init(struct recording *ret)
{
	*ret = (struct recording){ .slots = arena_array(SLOTS, sizeof(*ret->slots)),
				   .interest =
					   arena_array(syscall_count(), sizeof(*ret->interest)) };
	for (size_t i = 0; i < ARRAY_LEN(interests); i++) {
		int id = syscall_id(interests[i].call);

		if (id >= 0)
			ret->interest[id] = interests[i].args;
	}
	recording_program(ret, "");
}

uint8_t recording_interest(const struct recording *r, enum abi abi, int id)
{
	if (id < 0)
		return 0;
	if (abi == ABI_S390X && id == syscall_id("clone"))
		return 1 << 1;
	return r->interest[id];
}

uint32_t recording_program(struct recording *r, const char *path)
{
	for (uint32_t i = 0; i < r->n_programs; i++)
		if (strcmp(r->programs[i], path) == 0)
			return i;
	if (r->n_programs == RECORDING_PROGRAMS_MAX)
		return 0;
	r->programs =
		arena_grow(r->programs, r->n_programs, &r->room_programs, sizeof(*r->programs));
	r->programs[r->n_programs] = arena_strdup(path);
	return (uint32_t)r->n_programs++;
}

struct recording_run *recording_add_run(struct recording *r, const char *engine)
{
	r->runs = arena_grow(r->runs, r->n_runs, &r->room_runs, sizeof(*r->runs));
	r->runs[r->n_runs] = (struct recording_run){ .engine = engine };
	return &r->runs[r->n_runs++];
}

void recording_add_uncertain(struct recording_run *run, const char *what)
{
	size_t n = run->uncertain ? run->uncertain->n : 0;
	struct strings *ret;

	for (size_t i = 0; i < n; i++)
		if (strcmp(run->uncertain->v[i], what) == 0)
			return;
	ret = arena_alloc(sizeof(*ret));
	*ret = (struct strings){ n + 1, arena_array(n + 1, sizeof(*ret->v)) };
	if (n)
		memcpy(ret->v, run->uncertain->v, n * sizeof(*ret->v));
	ret->v[n] = arena_strdup(what);
	run->uncertain = ret;
}

/* The slot of the call, or the empty one where it belongs. A slot has its index and 1. */
static uint32_t *slot_of(const struct recording *r, const struct recording_event *e)
{
	uint64_t hash =
		(((uint64_t)e->nr * ABI_COUNT + e->abi) * RECORDING_PROGRAMS_MAX + e->program) *
		UINT64_C(0x9e3779b97f4a7c15);

	for (size_t i = hash >> 40;; i++) {
		uint32_t *slot = &r->slots[i % SLOTS];
		const struct recording_call *c = *slot ? &r->calls[*slot - 1] : NULL;

		if (!c || (c->abi == e->abi && c->nr == e->nr && c->program == e->program &&
			   c->source == e->source))
			return slot;
	}
}

void recording_add_value(struct recording_call *c, unsigned int index, uint64_t value)
{
	struct recording_values *values = &c->args[index];

	if (c->id >= 0 && syscall_narrow(c->abi, (unsigned int)c->id) >> index & 1)
		value &= UINT32_MAX;
	for (size_t i = 0; i < values->n; i++)
		if (values->v[i] == value)
			return;
	c->has_news |= values->n < RECORDING_VALUES_MAX || !values->many;
	if (values->n == RECORDING_VALUES_MAX)
		values->many = true;
	else
		values->v[values->n++] = value;
}

static struct recording_call *add_call(struct recording *r, const struct recording_event *e,
				       uint32_t *slot)
{
	struct recording_call *c;
	int id = syscall_at(e->abi, e->nr);

	/* what no profile can name must not take the room of what one can */
	if (r->n_calls == RECORDING_ALL_MAX || (id < 0 && r->n_calls >= RECORDING_CALLS_MAX))
		return NULL;
	r->calls = arena_grow(r->calls, r->n_calls, &r->room_calls, sizeof(*r->calls));
	c = &r->calls[r->n_calls++];
	*slot = (uint32_t)r->n_calls;
	*c = (struct recording_call){ .abi = e->abi,
				      .nr = e->nr,
				      .id = id,
				      .program = e->program,
				      .source = e->source,
				      .first_ms = e->first_ms,
				      .assumed = e->assumed,
				      .is_new = true };
	if (recording_interest(r, e->abi, id))
		c->args = arena_array(ARGS, sizeof(*c->args));
	return c;
}

struct recording_call *recording_add(struct recording *r, const struct recording_event *e)
{
	struct recording_event nameless = *e;
	uint32_t *slot = slot_of(r, e);
	struct recording_call *c;

	if (!*slot && r->n_calls >= RECORDING_CALLS_MAX) {
		nameless.program = 0;
		e = &nameless;
		slot = slot_of(r, e);
	}
	c = *slot ? &r->calls[*slot - 1] : add_call(r, e, slot);
	if (!c) {
		r->dropped += e->count;
		return NULL;
	}
	if (__builtin_add_overflow(c->count, e->count, &c->count))
		c->count = UINT64_MAX;
	c->has_news |= c->assumed && !e->assumed;
	c->assumed &= e->assumed;
	if (c->args && e->args)
		for (unsigned int i = 0; i < ARGS; i++)
			if (recording_interest(r, c->abi, c->id) >> i & 1)
				recording_add_value(c, i, e->args[i]);
	return c;
}

const struct recording_call *recording_find(const struct recording *r, enum abi abi, uint32_t nr)
{
	const struct recording_call *ret = NULL;

	for (size_t i = 0; i < r->n_calls; i++) {
		const struct recording_call *c = &r->calls[i];

		if (c->abi == abi && c->nr == nr && (!ret || (ret->assumed && !c->assumed)))
			ret = c;
	}
	return ret;
}

void recording_confirm(struct recording *r, enum abi abi, uint32_t nr)
{
	for (size_t i = 0; i < r->n_calls; i++)
		if (r->calls[i].abi == abi && r->calls[i].nr == nr && r->calls[i].assumed) {
			r->calls[i].assumed = false;
			r->calls[i].has_news = true;
		}
}
