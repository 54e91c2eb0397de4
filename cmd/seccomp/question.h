/* SPDX-License-Identifier: Apache-2.0 */
/* A call that is asked about, with what is known of its arguments. */
#ifndef CMD_SECCOMP_QUESTION_H
#define CMD_SECCOMP_QUESTION_H

#include "base/base.h"
#include "seccomp/verdicts.h"

struct question {
	const char *call; /* its name, or its number as written */
	int id;		  /* -1: given by number, and no table has it */
	uint32_t nr;	  /* used if id is -1 */
	/* known of each argument: the bits of mask are as in value; mask 0: nothing */
	uint64_t mask[6], value[6];
};

/* The call of a name, or of a number of the ABI `native`. Reporting, with a similar name. */
must_check int question_parse_call(const char *word, enum abi native, struct question *ret);
/*
 * One argument: "VALUE" (of parameter *at), "PARAMETER=VALUE", "PARAMETER&BITS" (all these bits are
 * set) or "PARAMETER&BITS=VALUE". Parameters and constants are those of `abi`. *at becomes the
 * number of the next parameter. Reporting.
 */
must_check int question_parse_arg(const char *word, enum abi abi, unsigned int *at,
				  struct question *q);
/* Both: argv[0] is the call, the others are its arguments. Reporting. */
must_check int question_parse(int argc, char **argv, enum abi native, struct question *ret);
/* The i-th word that a parameter of a call may have ("CLONE_NEWUSER"), or NULL beyond the last. */
const char *question_constant(enum abi abi, unsigned int id, const char *param, size_t i);
/* "socket(family=AF_VSOCK)". Arena. */
const char *question_say(const struct question *q, enum abi abi);
/* The number of the call on that ABI, as in seccomp_data.nr, or SYSCALL_NONE. */
uint32_t question_nr(const struct question *q, enum abi abi);
/* What is decided of calls with such arguments; the ABI must have the call. */
canon_ref question_decision(const struct question *q, const struct verdicts *v, enum abi abi,
			    struct canon *canon);

#endif
