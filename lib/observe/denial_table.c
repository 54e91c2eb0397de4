/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the memory of denials. What must hold: its size does not depend on what the container does.
 */
#include "observe/denial_table.h"

#include <string.h>

static uint64_t hash(uint64_t h, const void *p, size_t n)
{
	const unsigned char *bytes = p;

	for (size_t i = 0; i < n; i++)
		h = (h ^ bytes[i]) * 0x100000001b3ULL; /* FNV-1a */
	return h;
}

enum { HASH_SEED = 0x1505 };

static struct denial_key make_key(const struct seccomp_data *call, uint8_t deciding, uint64_t where,
				  pid_t pid)
{
	struct denial_key key;

	memset(&key, 0, sizeof(key)); /* keys are compared as bytes */
	key.arch = call->arch;
	key.nr = call->nr;
	key.where = where;
	key.who = (uint64_t)pid;
	for (unsigned int i = 0; i < ARRAY_LEN(key.args); i++)
		if (deciding >> i & 1)
			key.args[i] = call->args[i];
	return key;
}

static size_t slot_of(const struct denial_key *key)
{
	return hash(HASH_SEED, key, sizeof(*key)) % DENIAL_TABLE_RECENT;
}

struct denial_entry *denial_table_recent(struct denial_table *t, pid_t pid,
					 const struct seccomp_data *call, uint8_t deciding)
{
	const struct denial_key key = make_key(call, deciding, call->instruction_pointer, pid);
	size_t slot = slot_of(&key);

	if (!t->recent[slot].entry || memcmp(&t->recent[slot].key, &key, sizeof(key)) != 0)
		return NULL;
	return &t->entries[t->recent[slot].entry - 1];
}

static struct denial_entry *find(struct denial_table *t, const struct denial_key *key)
{
	for (size_t i = 0; i < t->n; i++)
		if (memcmp(&t->entries[i].key, key, sizeof(*key)) == 0)
			return &t->entries[i];
	return NULL;
}

struct denial_entry *denial_table_enter(struct denial_table *t, pid_t pid,
					const struct seccomp_data *call, uint8_t deciding,
					const char *program, const char *caller, bool *ret_new)
{
	uint64_t where =
		hash(hash(HASH_SEED, program, strlen(program) + 1), caller, strlen(caller));
	const struct denial_key key = make_key(call, deciding, where, 0);
	const struct denial_key recent = make_key(call, deciding, call->instruction_pointer, pid);
	struct denial_entry *entry = find(t, &key);
	size_t slot = slot_of(&recent);

	*ret_new = !entry;
	if (!entry) {
		if (t->n == DENIAL_TABLE_ENTRIES)
			return NULL;
		entry = &t->entries[t->n++];
		*entry = (struct denial_entry){ .key = key, .pidfd = -1 };
	}
	t->recent[slot].key = recent;
	t->recent[slot].entry = (uint32_t)(entry - t->entries) + 1;
	return entry;
}
