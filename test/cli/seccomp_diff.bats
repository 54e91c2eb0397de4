# SPDX-License-Identifier: Apache-2.0
# tamis seccomp diff and explain: conditions on arguments as a reader of C understands them.
load ../lib

setup()
{
  requires tamis
  prepare
  facts=(--arch x86_64 --kernel 6.1)
}

ask()
{
  rc=0
  output=$("$RUNTIME" seccomp "$@" 2>&1) || rc=$?
}

# profile CALL CONDITION: allows the call under one condition.
profile()
{
  jq -n --arg call "$1" --argjson args "$2" '{ defaultAction: "SCMP_ACT_ERRNO", defaultErrnoRet: 38,
    architectures: ["SCMP_ARCH_X86_64"], syscalls: [{ names: [$call], action: "SCMP_ACT_ALLOW", args: [$args] }] }'
}

# wide NR UPPER LOWER: a filter that allows a call of x86_64 if the second argument is one of 64
# bits, as libseccomp compares it; else ENOSYS.
wide()
{
  bpf_program 0020:0:0:4 0015:1:0:c000003e 0006:0:0:80000000 0020:0:0:0 0015:0:4:"$1" 0020:0:0:1c \
    0015:0:2:"$2" 0020:0:0:18 0015:1:0:"$3" 0006:0:0:50026 0006:0:0:7fff0000
}

@test "diff: a comparison of 64 bits where the kernel reads 32 differs in one place" {
  profile ioctl '{ "index": 1, "op": "SCMP_CMP_EQ", "value": 21522 }' >"$T/a.json"
  wide 10 0 5412 >"$T/b.bpf"
  ask diff "${facts[@]}" "$T/a.json" "$T/b.bpf"
  equals "$rc" 1 "exit code"
  [[ $output == *'
  ioctl, by its arguments:
      ALLOW in A, ERRNO(ENOSYS) in B if upper 32 bits of cmd != 0 and cmd ==
          TIOCSTI'* ]] || { echo "$output"; false; }
  equals "$(grep -c 'in B if' <<<"$output")" 1 "regions"
  equals "$(awk 'length > 79' <<<"$output")" "" "long lines"
}

# bats test_tags=ci
@test "diff: a value that the kernel cannot see has no name" {
  wide 10 0 5412 >"$T/a.bpf"
  wide 10 1 5412 >"$T/b.bpf"
  ask diff "${facts[@]}" "$T/a.bpf" "$T/b.bpf"
  expect_line '      ALLOW in A, ERRNO\(ENOSYS\) in B if cmd == TIOCSTI'
  expect_line '      ERRNO\(ENOSYS\) in A, ALLOW in B if upper 32 bits of cmd == 0x1 and cmd =='
  wide 8 10 5412 >"$T/b.bpf" # lseek, whose offset has 64 bits
  ask explain "${facts[@]}" "$T/b.bpf" lseek
  expect_line ' *ALLOW +if offset == 0x1000005412'
}

@test "explain --json: the upper half of an argument" {
  profile lseek '{ "index": 1, "op": "SCMP_CMP_MASKED_EQ", "value": 17592186044416, "valueTwo": 0 }' >"$T/p.json"
  ask explain "${facts[@]}" --json "$T/p.json" lseek
  equals "$(jq -c '.answers[0].regions[] | select(.action == "ALLOW") | .args' <<<"$output")" \
    '[{"index":1,"mask":17592186044416,"value":0}]' mask
}

# bats test_tags=ci
@test "explain: bits that are no flags are numbers in hex, flags have names" {
  local call condition want
  while read -r call condition want; do
    profile "$call" "$condition" >"$T/p.json"
    ask explain "${facts[@]}" "$T/p.json" "$call"
    expect_line " *ALLOW +if $want"
  done <<'END'
socket {"index":0,"op":"SCMP_CMP_MASKED_EQ","value":4294967293,"valueTwo":1} family & 0xfffffffd == 0x1
socket {"index":1,"op":"SCMP_CMP_MASKED_EQ","value":15,"valueTwo":1} type & 0xf == SOCK_STREAM
ioctl {"index":1,"op":"SCMP_CMP_MASKED_EQ","value":65280,"valueTwo":21504} cmd & 0xff00 == 0x5400
clone {"index":0,"op":"SCMP_CMP_MASKED_EQ","value":805306368,"valueTwo":0} flags & \(CLONE_NEWUSER\|CLONE_NEWPID\) == 0
chmod {"index":1,"op":"SCMP_CMP_MASKED_EQ","value":3072,"valueTwo":0} mode & 06000 == 0
lseek {"index":1,"op":"SCMP_CMP_MASKED_EQ","value":17592186044417,"valueTwo":1} offset & 0x100000000001 == 0x1
END
}
