/* SPDX-License-Identifier: Apache-2.0 */
/* The payload of script/bench: nothing, statically linked. */
int main(void)
{
	return 0;
}
