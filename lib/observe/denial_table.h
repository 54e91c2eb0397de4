/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The distinct denials of a container, in memory of fixed size. Two denials are the same if call,
 * deciding arguments, program and caller are. Example:
 *
 *	entry = denial_table_recent(t, pid, &call, deciding);      no need to look at the process
 *	if (!entry)
 *		entry = denial_table_enter(t, pid, &call, deciding, program, caller, &is_new);
 *	if (entry)
 *		entry->count++;
 */
#ifndef OBSERVE_DENIAL_TABLE_H
#define OBSERVE_DENIAL_TABLE_H

#include "base/base.h"

#include <linux/seccomp.h>
#include <sys/types.h>

enum {
	DENIAL_TABLE_ENTRIES = 1024,
	DENIAL_TABLE_RECENT = 4096, /* a power of two */
};

/* A call as far as it distinguishes denials. */
struct denial_key {
	uint32_t arch;
	int32_t nr;
	uint64_t args[6]; /* 0 for arguments that decide nothing */
	uint64_t where;	  /* instruction pointer, or a hash of program and caller */
	uint64_t who;	  /* pid, or 0 */
};

struct denial_entry {
	struct denial_key key;
	uint64_t count,
		n_sigkill; /* calls; of these, those that got SIGKILL in place of the answer */
	uint32_t answer;   /* SECCOMP_RET_* with its data, which the last such call got */
	bool lived;
	int pidfd;	  /* the process of the last denial while it is watched; -1 */
	int64_t deadline; /* sys_now_ms() until which it is watched */
};

struct denial_table {
	size_t n; /* the id of entry i is i + 1 */
	struct denial_entry entries[DENIAL_TABLE_ENTRIES];
	uint64_t unlogged; /* denials without an entry, because the table is full */
	/* calls of single processes that were looked at: a hash table whose slots are replaced */
	struct {
		struct denial_key key;
		uint32_t entry; /* index + 1; 0: empty */
	} recent[DENIAL_TABLE_RECENT];
};

/* Returns the entry of a call that the process has made before from the same place, or NULL. */
struct denial_entry *denial_table_recent(struct denial_table *t, pid_t pid,
					 const struct seccomp_data *call, uint8_t deciding);
/*
 * Returns the entry of the call, made by that program and caller, and remembers that the process
 * has made it. A new entry has a count of 0. NULL: it is new, and the table is full.
 */
struct denial_entry *denial_table_enter(struct denial_table *t, pid_t pid,
					const struct seccomp_data *call, uint8_t deciding,
					const char *program, const char *caller, bool *ret_new);

#endif
