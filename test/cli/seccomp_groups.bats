# SPDX-License-Identifier: Apache-2.0
# tamis seccomp groups: the groups of calls by name.
load ../lib

setup()
{
  requires tamis
  prepare
}

ask()
{
  rc=0
  output=$("$RUNTIME" seccomp "$@" 2>&1) || rc=$?
}

@test "groups: the list has those of systemd and our own" {
  ask groups
  equals "$rc" 0 "exit code"
  expect_line 'Groups of systemd .*'
  expect_line '  @module  .*'
  expect_line '  @io_uring  .*'
  equals "$(awk 'length > 79' <<<"$output")" "" "long lines"
}

# bats test_tags=ci
@test "groups: the calls of a group, groups in it included, and the groups of a call" {
  ask groups @module @privileged mkdir
  equals "$rc" 0 "exit code"
  expect_line '@module: Load and unload kernel modules \(systemd .*\)'
  expect_line '  delete_module finit_module init_module'
  [[ $output == *kexec_load* ]]
  expect_line 'mkdir: in @file-system @system-service @known'
  ask groups --json @io_uring
  equals "$(jq -r '.schema, .groups[].name, .groups[0].source, (.groups[0].calls | join(","))' <<<"$output" | xargs)" \
    "tamis-seccomp-groups/1 @io_uring tamis io_uring_enter,io_uring_register,io_uring_setup" JSON
  ask groups --json init_module
  [[ $(jq -r '.groups[].name' <<<"$output") == *@module* ]]
}

@test "groups: an unknown word is refused with one that is like it" {
  ask groups @modul
  equals "$rc $output" "2 tamis seccomp: unknown group '@modul'; did you mean '@module'?" message
  ask groups mkdri
  equals "$rc $output" "2 tamis seccomp: unknown system call 'mkdri'; did you mean 'mkdir'?" message
}
