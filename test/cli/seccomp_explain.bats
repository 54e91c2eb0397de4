# SPDX-License-Identifier: Apache-2.0
# tamis seccomp explain: what would change an answer, and the way through the filter.
load ../lib

setup()
{
  requires tamis
  prepare
  facts=(--arch x86_64 --kernel 6.1)
  cat >"$T/p.json" <<'END'
{
  "defaultAction": "SCMP_ACT_ERRNO",
  "archMap": [{ "architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X32"] }],
  "syscalls": [
    { "names": ["read", "execve"], "action": "SCMP_ACT_ALLOW" },
    { "names": ["ptrace"], "action": "SCMP_ACT_ALLOW", "includes": { "minKernel": "4.8" } },
    { "names": ["bpf"], "action": "SCMP_ACT_ALLOW", "includes": { "minKernel": "7.0" } },
    { "names": ["socket"], "action": "SCMP_ACT_ALLOW",
      "args": [{ "index": 0, "value": 40, "op": "SCMP_CMP_NE" }] }
  ]
}
END
}

ask()
{
  rc=0
  output=$("$RUNTIME" seccomp explain "${facts[@]}" "$T/p.json" "$@" 2>&1) || rc=$?
}

@test "explain: another kernel would change it, in both directions" {
  ask ptrace
  expect_line 'ptrace\(\) on x86_64, x32: ALLOW'
  expect_line '  before Linux 4.8: ERRNO\(ENOSYS\)'
  ask bpf
  expect_line '  with Linux 7.0 and newer: ALLOW'
}

@test "explain: another value of an argument would change it" {
  ask socket AF_VSOCK SOCK_STREAM
  expect_line 'socket\(family=AF_VSOCK, type=SOCK_STREAM\) on x86_64, x32: ERRNO\(EPERM\)'
  expect_line '  with another value of family: depends on the arguments'
  expect_line ' *ERRNO\(EPERM\) +if family == AF_VSOCK'
  [[ $output != *"another value of type"* ]]
}

@test "explain: an argument by some of its bits" {
  ask 'socket' 'type&SOCK_CLOEXEC'
  expect_line 'socket\(type&SOCK_CLOEXEC\) on .*: depends on the arguments'
  ask 'socket' 'type&SOCK_CLOEXEC=1'
  equals "$rc" 2 "exit code"
  expect_line '.*has bits that are not asked for'
}

@test "explain -v: the way through the filter, and the kernel's bitmap" {
  ask -v read
  expect_line 'The filter on x86_64.*:'
  expect_line ' *[0-9]+  ret ALLOW'
  expect_line "  the kernel's bitmap has the call: .*"
  expect_line "  the filter is run each time: the kernel's bitmap has no such number"
  ask -v socket
  expect_line '  the filter is run each time: it reads more than .*'
  ask -v ptrace --kernel 4.4
  expect_line '  the filter is run each time: it does not always allow it'
}

@test "explain --markdown: lists for a review" {
  ask --markdown socket AF_VSOCK
  equals "$rc" 0 "exit code"
  expect_line '`socket\(family=AF_VSOCK\)` in `.*p.json`:'
  expect_line '- x86_64, x32: \*\*ERRNO\(EPERM\)\*\*'
  expect_line '- .*p.json:8: syscalls\[3\]: ALLOW if family != AF_VSOCK'
  expect_line '- with another value of family: depends on the arguments'
}

@test "explain --json: alternatives and the bitmap" {
  ask --json ptrace
  equals "$(jq -r '(.answers[] | .bitmap), .alternatives[].what, .alternatives[].action' <<<"$output" | xargs)" \
    "true false before Linux 4.8 ERRNO(ENOSYS)" JSON
}

@test "explain: without a call its usage" {
  ask
  equals "$rc $output" "2 tamis seccomp: usage: tamis seccomp explain [OPTION...] PROFILE CALL [[PARAMETER=]VALUE...]" message
}
