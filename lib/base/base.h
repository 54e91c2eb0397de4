/* SPDX-License-Identifier: Apache-2.0 */
/* Macros and types that every file may use. */
#ifndef BASE_BASE_H
#define BASE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ARRAY_LEN(a) (sizeof(a) / sizeof(*(a)))
#define printf_like(f, a) __attribute__((format(printf, f, a)))
#define must_check __attribute__((warn_unused_result))
#define no_return __attribute__((noreturn))
#define not_used __attribute__((__unused__))
/* Behind a filter an instrumented build must not make system calls of its own, which the address
 * sanitizer also does before it calls a function that does not return. */
#define no_instrument __attribute__((no_sanitize_address))

#endif
