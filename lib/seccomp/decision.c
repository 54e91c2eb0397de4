/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the meaning of conditions and clauses.
 *
 * A parameter of which the kernel reads 32 bits must be compared on these bits only. If all 64 bits
 * were compared, a caller could set upper bits to evade a deny by NE, GT, GE, LT or MASKED_EQ,
 * while the kernel would use the value that was to be denied.
 */
#include "seccomp/decision.h"

#include <linux/seccomp.h>

static const uint64_t LOW = UINT32_MAX;

/* Whether v is a negative 32-bit value, sign-extended to 64 bits. */
static bool is_sign_extended(uint64_t v)
{
	return v >> 31 == UINT64_MAX >> 31;
}

/*
 * Converts the value of a 32-bit comparison. A profile writes a negative number as 0xffffffff or
 * sign-extended to 64 bits; both mean the same register. Returns false for any other value of more
 * than 32 bits, which is larger than everything that the kernel can read.
 */
static bool fits_32(uint64_t *v)
{
	if (*v > LOW && !is_sign_extended(*v))
		return false;
	*v &= LOW;
	return true;
}

static enum truth equality(struct check *c)
{
	if (c->value & ~c->mask)
		return c->negate ? ALWAYS : NEVER;
	if (!c->mask)
		return c->negate ? NEVER : ALWAYS;
	return SOMETIMES;
}

static enum truth at_least(struct check *c, bool above_all)
{
	c->at_least = true;
	if (above_all || c->value > c->mask)
		return c->negate ? ALWAYS : NEVER;
	if (c->value == 0)
		return c->negate ? NEVER : ALWAYS;
	return SOMETIMES;
}

/*
 * Converts a MASKED_EQ on a parameter of 32 bits. Its upper half refers to the sign of the int: a
 * value with all upper bits of the mask set means a negative number. A value with all of them clear
 * means that they are ignored, because a caller may leave anything there. Any other value never
 * matches.
 */
static enum truth masked_32(struct check *c)
{
	const uint64_t sign = UINT64_C(1) << 31;
	uint64_t mask = c->mask >> 32, value = c->value >> 32;

	if (c->value & ~c->mask || (value && value != mask))
		return NEVER;
	if (value) {
		if (c->mask & sign && !(c->value & sign))
			return NEVER;
		c->mask |= sign;
		c->value |= sign;
	}
	c->mask &= LOW;
	c->value &= LOW;
	return equality(c);
}

enum truth decision_check_make(const struct condition *condition, enum width width,
			       struct check *ret)
{
	struct check c = { .index = condition->index,
			   .mask = width == WIDTH_64 ? UINT64_MAX : LOW };
	bool fits = true;

	c.value = condition->value;
	if (width == WIDTH_32_RUNC)
		c.value &= LOW;
	else if (width == WIDTH_32 && condition->op != SECCOMP_OP_MASKED_EQ)
		fits = fits_32(&c.value);
	enum truth truth = NEVER;

	switch (condition->op) {
	case SECCOMP_OP_NE:
		c.negate = true;
		truth = fits ? equality(&c) : ALWAYS;
		break;
	case SECCOMP_OP_EQ:
		truth = fits ? equality(&c) : NEVER;
		break;
	case SECCOMP_OP_LT:
		c.negate = true;
		truth = at_least(&c, !fits);
		break;
	case SECCOMP_OP_GE:
		truth = at_least(&c, !fits);
		break;
	case SECCOMP_OP_LE: /* LE is "not at least value + 1", which may exceed the range */
	case SECCOMP_OP_GT:
		c.negate = condition->op == SECCOMP_OP_LE;
		fits = fits && c.value != c.mask;
		c.value += fits;
		truth = at_least(&c, !fits);
		break;
	case SECCOMP_OP_MASKED_EQ:
		c.mask = condition->value;
		c.value = condition->value_two;
		if (width == WIDTH_32_RUNC) {
			c.mask &= LOW;
			c.value &= LOW;
		}
		truth = width == WIDTH_32 ? masked_32(&c) : equality(&c);
		break;
	}
	*ret = c;
	return truth;
}

bool decision_check_equal(const struct check *a, const struct check *b)
{
	return a->index == b->index && a->at_least == b->at_least && a->negate == b->negate &&
	       a->mask == b->mask && a->value == b->value;
}

static bool check_holds(const struct check *check, const uint64_t args[6])
{
	uint64_t v = args[check->index] & check->mask;

	return (check->at_least ? v >= check->value : v == check->value) != check->negate;
}

bool decision_action_is_stricter(uint32_t a, uint32_t b)
{
	return (int32_t)(a & SECCOMP_RET_ACTION_FULL) < (int32_t)(b & SECCOMP_RET_ACTION_FULL);
}

bool decision_action_lets_through(uint32_t action)
{
	switch (action & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ALLOW:
	case SECCOMP_RET_LOG:
	case SECCOMP_RET_TRACE:
	case SECCOMP_RET_USER_NOTIF:
		return true;
	default:
		return false;
	}
}

static bool clause_equal(const struct clause *a, const struct clause *b)
{
	if (a->action != b->action || a->n_checks != b->n_checks)
		return false;
	for (uint32_t i = 0; i < a->n_checks; i++)
		if (!decision_check_equal(&a->checks[i], &b->checks[i]))
			return false;
	return true;
}

bool decision_equal(const struct decision *a, const struct decision *b)
{
	if (a->otherwise != b->otherwise || a->n_clauses != b->n_clauses)
		return false;
	for (uint32_t i = 0; i < a->n_clauses; i++)
		if (!clause_equal(&a->clauses[i], &b->clauses[i]))
			return false;
	return true;
}

static bool clause_matches(const struct clause *clause, const uint64_t args[6])
{
	for (uint32_t i = 0; i < clause->n_checks; i++)
		if (!check_holds(&clause->checks[i], args))
			return false;
	return true;
}

const struct clause *decision_clause(const struct decision *decision, const uint64_t args[6])
{
	for (uint32_t i = 0; i < decision->n_clauses; i++)
		if (clause_matches(&decision->clauses[i], args))
			return &decision->clauses[i];
	return NULL;
}

uint32_t decision_verdict(const struct decision *decision, const uint64_t args[6])
{
	const struct clause *clause = decision_clause(decision, args);

	return clause ? clause->action : decision->otherwise;
}
