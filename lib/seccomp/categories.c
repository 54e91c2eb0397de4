/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the lookup of categories and dangers by call. A name in their tables that is no call of
 * calls.inc does not compile.
 */
#include "seccomp/categories.h"

#define CALL(name, ...) ID_##name,
enum id {
#include "seccomp/calls.inc"
	ID_COUNT,
};
#undef CALL

/* 1 + the category; 0: none */
static const uint8_t category_of[ID_COUNT] = {
#define IN(category, call) [ID_##call] = CATEGORY_##category + 1,
#include "seccomp/categories.inc"
};

static const char *const names[CATEGORY_COUNT] = {
#define CATEGORY(name, title) #name,
#include "seccomp/categories.inc"
};

static const char *const titles[CATEGORY_COUNT] = {
#define CATEGORY(name, title) title,
#include "seccomp/categories.inc"
};

static const struct danger dangers[] = {
#define DANGER(reach, harm, fact, ...) { REACH_##reach, harm, fact },
#include "seccomp/dangers.inc"
};

/* The number of a row of `dangers`, by a name that its first call gives to it. */
enum row {
#define DANGER(reach, harm, fact, first, ...) ROW_##first,
#include "seccomp/dangers.inc"
};

/* 1 + the row; 0: none */
static const uint8_t danger_of[ID_COUNT] = {
#define FOR(first, call) [ID_##call] = ROW_##first + 1,
#include "seccomp/dangers.inc"
};

enum category categories_of(unsigned int id)
{
	return id < ID_COUNT && category_of[id] ? (enum category)(category_of[id] - 1)
						: CATEGORY_COUNT;
}

const char *categories_name(enum category category)
{
	return category < CATEGORY_COUNT ? names[category] : "other";
}

const char *categories_title(enum category category)
{
	return category < CATEGORY_COUNT ? titles[category] : "calls that no table has";
}

const struct danger *categories_danger(unsigned int id)
{
	return id < ID_COUNT && danger_of[id] ? &dangers[danger_of[id] - 1] : NULL;
}
