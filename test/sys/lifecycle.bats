# SPDX-License-Identifier: Apache-2.0
# The states of a container and the ways between them.
load ../lib

@test "run gives the program's output and exit code" {
	view 'echo hello; exit 42'
	expect_status 42
	equals "$output" hello output
}
