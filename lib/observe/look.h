/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What can be read about a thread that is stopped in a system call. Each of these functions may
 * never return, if the process wants so: they run in the child process of reader.h only. `proc` is
 * the directory of a procfs. What cannot be read stays READER_UNREADABLE.
 */
#ifndef OBSERVE_LOOK_H
#define OBSERVE_LOOK_H

#include "observe/reader.h"

/* Fills pid, program, comm and thread. */
void look_names(int proc, pid_t tid, struct reader_facts *facts);
/*
 * Fills file and offset of the call site ip. Returns true and in *ret_base where that file's image
 * begins in memory, or false if it has none.
 */
bool look_call_site(int proc, pid_t tid, uint64_t ip, struct reader_facts *facts,
		    uint64_t *ret_base);
/* Fills symbol and symbol_offset from the ELF image at base. */
void look_symbol(pid_t tid, uint64_t base, uint64_t ip, struct reader_facts *facts);
/* Reads what a pointer points to. */
void look_pointer(pid_t tid, uint64_t address, enum reader_kind kind, uint32_t size,
		  struct reader_text *ret);

#endif
