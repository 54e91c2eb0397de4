/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A program as a graph of tests, before the instructions have an order. Equal nodes are stored
 * once, so equal ends of chains and equal parts of trees occur once in the program.
 */
#ifndef SECCOMP_TREE_H
#define SECCOMP_TREE_H

#include "base/base.h"
#include "seccomp/policy.h"

enum node_kind {
	NODE_RETURN, /* k is the action */
	NODE_EQUAL,  /* (word & mask) == k */
	NODE_ABOVE,  /* word >= k; the mask is all bits */
	NODE_ANY,    /* (word & k) != 0; the mask is all bits */
};

struct node {
	uint8_t kind;
	uint8_t word; /* offset in struct seccomp_data */
	uint32_t k, mask;
	const struct node *yes, *no;
	/* For emit() and the hash table. */
	uint32_t id;	   /* numbered from 0 */
	struct node *next; /* in its bucket */
};

struct tree {
	uint32_t n, n_buckets;
	struct node **buckets;
	const struct node **decisions; /* by id; NULL: not made yet */
};

/* The values of a word from `first` to the next span. */
struct span {
	uint32_t first;
	const struct node *node;
};

/* Makes the graph of a whole policy. Returns its first node. */
const struct node *tree_make(struct tree *tree, const struct policy *policy);

/* Returns the offset of the low half of argument i in struct seccomp_data. */
static inline uint8_t word_low(unsigned int i)
{
	const bool little = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;

	return (uint8_t)(offsetof(struct seccomp_data, args) + 8 * i + (little ? 0 : 4));
}

/* Returns the offset of its high half. */
static inline uint8_t word_high(unsigned int i)
{
	return word_low(i) ^ 4;
}

#endif
