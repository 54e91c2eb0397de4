/* SPDX-License-Identifier: Apache-2.0 */
/* Owns which checks are made of what, and in which order. */
#include "seccomp/check.h"

void check_all(struct check_run *c)
{
	if (c->profile) {
		check_names(c);
		check_rules(c);
		check_args(c);
		check_age(c);
		check_actions(c);
		check_engines(c);
	}
	check_families(c);
	check_essential(c);
	check_dangers(c);
	check_allow(c);
	findings_sort(&c->found);
}
