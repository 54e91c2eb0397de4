/* SPDX-License-Identifier: Apache-2.0 */
/* The container's program in script/bench: static, does nothing. */
int main(void)
{
	return 0;
}
