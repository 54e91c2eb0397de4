/* SPDX-License-Identifier: Apache-2.0 */
/* The program: global options, the command table, the one error. */
#include <stdio.h>

int main(void)
{
	printf("tamis version %s\n", PACKAGE_VERSION);
	return 0;
}
