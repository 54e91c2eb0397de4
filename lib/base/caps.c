/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the translation between libcap's sets and names and ours. What must hold: a name is what
 * the runtime-spec writes, exactly; a capability that libcap has no name for keeps its number
 * (libcap's sets have room for all 64), so that a newer kernel's is dropped like any other.
 */
#include "base/caps.h"

#include "base/arena.h"

#include <errno.h>
#include <string.h>
#include <sys/prctl.h>

int caps_find(const char *name)
{
	cap_value_t cap;

	if (strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") != strlen(name))
		return -1;
	return cap_from_name(name, &cap) == 0 ? cap : -1;
}

const char *caps_name(unsigned int cap)
{
	char *text = cap_to_name((cap_value_t)cap); /* "cap_chown"; "41" where it has none */
	char *name = text && text[0] == 'c' ? arena_strdup(text) : NULL;

	for (char *c = name; c && *c; c++)
		if (*c >= 'a' && *c <= 'z')
			*c = (char)(*c - 'a' + 'A');
	cap_free(text);
	return name;
}

uint64_t caps_known(void)
{
	return UINT64_MAX >> (CAPS_MAX - cap_max_bits());
}

int caps_get_bounding(uint64_t *ret)
{
	*ret = 0;
	for (cap_value_t cap = 0; cap < cap_max_bits(); cap++) {
		int has = cap_get_bound(cap);

		if (has < 0)
			return -errno;
		*ret |= (uint64_t)has << cap;
	}
	return 0;
}

static uint64_t get_flag(cap_t set, cap_flag_t flag)
{
	uint64_t caps = 0;

	for (cap_value_t cap = 0; cap < CAPS_MAX; cap++) {
		cap_flag_value_t has = CAP_CLEAR;

		if (cap_get_flag(set, cap, flag, &has) == 0 && has == CAP_SET)
			caps |= UINT64_C(1) << cap;
	}
	return caps;
}

int caps_get(struct caps *ret)
{
	cap_t set = cap_get_proc();

	if (!set)
		return -errno;
	*ret = (struct caps){ .permitted = get_flag(set, CAP_PERMITTED),
			      .effective = get_flag(set, CAP_EFFECTIVE),
			      .inheritable = get_flag(set, CAP_INHERITABLE) };
	cap_free(set);
	return 0;
}

static int set_flag(cap_t set, cap_flag_t flag, uint64_t caps)
{
	cap_value_t v[CAPS_MAX];
	int n = 0;

	for (cap_value_t cap = 0; cap < CAPS_MAX; cap++)
		if (caps >> cap & 1)
			v[n++] = cap;
	return n ? cap_set_flag(set, flag, n, v, CAP_SET) : 0;
}

cap_t caps_make(const struct caps *sets)
{
	cap_t set = cap_init();

	if (!set || set_flag(set, CAP_PERMITTED, sets->permitted) < 0 ||
	    set_flag(set, CAP_EFFECTIVE, sets->effective) < 0 ||
	    set_flag(set, CAP_INHERITABLE, sets->inheritable) < 0)
		return NULL;
	return set;
}

int caps_set(const struct caps *sets)
{
	cap_t set = caps_make(sets);
	int r = !set || cap_set_proc(set) < 0 ? -errno : 0;

	cap_free(set);
	return r;
}

int caps_keep_only(uint64_t kept)
{
	struct caps sets = { 0 };
	int r = caps_get(&sets);

	if (r >= 0) {
		sets.permitted &= kept;
		sets.effective = sets.permitted;
		sets.inheritable = 0;
		r = caps_set(&sets);
	}
	if (r >= 0 &&
	    (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0))
		r = -errno;
	return r < 0 ? r : 0;
}
