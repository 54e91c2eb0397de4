# SPDX-License-Identifier: Apache-2.0
# tamis seccomp bpf: the instructions of a filter and what they answer to one call.
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

@test "bpf: without --run the instructions are printed, of a profile and of its program" {
  ask bpf "${facts[@]}" default
  equals "$rc" 0 "exit code"
  expect_line ' *0  ld arch +architecture'
  local of_profile=$output
  "$RUNTIME" seccomp show "${facts[@]}" --as bpf default >"$T/p.bpf"
  ask bpf "${facts[@]}" "$T/p.bpf"
  equals "$output" "$of_profile" "the program"
  ask bpf --json "$T/p.bpf"
  equals "$(jq -r '.schema, (.program | length == '"$(grep -cE '^ *[0-9]+  ' <<<"$of_profile")"'), (.notes | length) == (.program | length), .notes[0]' <<<"$output" | xargs)" \
    "tamis-seccomp-bpf/1 true true architecture" JSON
}

@test "bpf: each instruction has what it loads or tests, as in show -v" {
  ask bpf "${facts[@]}" default
  expect_line ' +[0-9]+  jeq 0xc000003e, [0-9]+, [0-9]+ +architecture == SCMP_ARCH_X86_64'
  expect_line ' +[0-9]+  jeq 0x29, [0-9]+, [0-9]+ +number == socket'
  equals "$(awk 'length > 79' <<<"$output")" "" "long lines"
  local listed=$output
  ask show "${facts[@]}" -v default
  [[ $output == *"$listed" ]] || { echo "show -v ends otherwise"; false; }
}

@test "bpf --run: the answer, by name, number, argument and ABI" {
  ask bpf "${facts[@]}" default --run socket AF_VSOCK
  equals "$rc" 0 "exit code"
  expect_line 'socket\(family=AF_VSOCK\) on x86_64: ERRNO\(EPERM\) after [0-9]+ instructions'
  ask bpf "${facts[@]}" default --run 102 --abi i386
  expect_line 'socketcall\(\) on i386: .*'
  ask bpf "${facts[@]}" default --run mkdir --abi x32 --ip 0x1000
  expect_line 'mkdir\(\) on x32: ALLOW after .*'
}

@test "bpf --run -v: each instruction that was run, from the first to the return" {
  ask bpf "${facts[@]}" default --run mkdir -v
  expect_line ' *0  ld arch +A = 0xc000003e'
  expect_line ' *[0-9]+  ld nr +A = 0x53'
  expect_line ' *[0-9]+  ret ALLOW'
  local printed=$(($(wc -l <<<"$output") - 1))
  expect_line "mkdir\(\) on x86_64: ALLOW after $printed instructions"
  ask bpf "${facts[@]}" default --run mkdir --json
  equals "$(jq -r '.number, .action, (.path | length), .path[-1].instruction' <<<"$output" | xargs)" \
    "83 ALLOW $printed ret ALLOW" JSON
}

# bats test_tags=ci
@test "bpf: mistakes have exit code 2 and one line" {
  for words in "default --run reed" "default 1" "default --ip 1" "default --run read --abi vax" \
    "default --run read --ip x" "default --run read colour=1" "default --run arm_fadvise64_64"; do
    # shellcheck disable=SC2086
    ask bpf "${facts[@]}" $words
    equals "$rc $(wc -l <<<"$output")" "2 1" "$words: $output"
  done
}
