/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel's constants, by name and by value, for parameters of system calls: what
 * "CLONE_NEWUSER" is for the flags of clone, and what 0x10000000 is there. Values are those of an
 * architecture; only own ABIs have them.
 */
#ifndef SECCOMP_CONSTANTS_H
#define SECCOMP_CONSTANTS_H

#include "base/base.h"
#include "seccomp/arch.h"
#include "seccomp/decision.h"

/* constants.inc has macros of its own with these names of oci/decode.h */
#pragma push_macro("FIELD")
#pragma push_macro("WORDS")
#undef FIELD
#undef WORDS
/* SET_clone, SET_ioctl ...: one a set of constants.inc. */
enum constants_set {
#define SET(name, ...) SET_##name,
#include "seccomp/constants.inc"
	SET_COUNT,
};
#pragma pop_macro("FIELD")
#pragma pop_macro("WORDS")

/* A word that was not understood, and one that is like it, or NULL. */
struct constants_unknown {
	char word[64];
	const char *like;
};

/* Enough for every text of constants_format() and constants_format_check(). */
#define CONSTANTS_TEXT 1024

/* The i-th word of a set on that ABI and its value, NULL beyond the last. */
const char *constants_nth(enum abi abi, enum constants_set set, size_t i, uint64_t *ret);
/* Silent. The value of one word of a set; -ENOENT if it has none of that name on that ABI,
 * -EOPNOTSUPP if the ABI has no constants. */
must_check int constants_value(enum abi abi, enum constants_set set, const char *word,
			       uint64_t *ret);

/* The value of text for parameter index of the call id: numbers (decimal, 0x..., 0... octal, with
 * sign) and words of the parameter's set, or-ed by '|'. Negative numbers fill 64 bits; where the
 * kernel reads 32 (syscall_narrow()) it is for the caller to compare 32. Silent: -ENOENT fills
 * *ret_unknown; -EINVAL is text without a value, -ERANGE a number beyond 64 bits, -EOPNOTSUPP a
 * word for an ABI without constants. */
must_check int constants_parse(enum abi abi, unsigned int id, unsigned int index, const char *text,
			       uint64_t *ret, struct constants_unknown *ret_unknown);
/* A value of that parameter as people write it: "CLONE_NEWUSER|SIGCHLD", unknown bits as hex,
 * plain numbers by the parameter's kind. Cut to size. Returns buf. */
const char *constants_format(enum abi abi, unsigned int id, unsigned int index, uint64_t value,
			     char *buf, size_t size);
/* A check of a call's parameter: "flags & CLONE_NEWUSER != 0", "family == AF_VSOCK". Bits that are
 * no flags are hex: "cmd & 0xffffff00 == 0x5400". */
const char *constants_format_check(enum abi abi, unsigned int id, const struct check *check,
				   char *buf, size_t size);

#endif
