# SPDX-License-Identifier: Apache-2.0
# tamis seccomp intersect and union: profiles made of what several answer.
load ../lib

setup()
{
  requires tamis
  prepare
  facts=(--arch x86_64 --kernel 6.1)
  profile a '["read","write","mkdir"]' SCMP_ACT_ALLOW \
    '{"names":["socket"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":10,"op":"SCMP_CMP_LE"}]}'
  profile b '["read","close"]' SCMP_ACT_ALLOW \
    '{"names":["mkdir","socket"],"action":"SCMP_ACT_ALLOW","args":[{"index":1,"value":1,"op":"SCMP_CMP_EQ"}]}'
}

# A file of names with one action and of further rules.
profile()
{
  jq -n --argjson names "$2" --arg action "$3" --argjson rule "$4" '{defaultAction: "SCMP_ACT_ERRNO",
    architectures: ["SCMP_ARCH_X86_64"], syscalls: [{names: $names, action: $action}, $rule]}' >"$T/$1.json"
}

ask()
{
  rc=0
  output=$("$RUNTIME" seccomp "$@" 2>"$T/errors") || rc=$?
  errors=$(<"$T/errors")
}

within()
{
  ask diff --within "${facts[@]}" "$1" "$2"
  equals "$rc $output" "0 yes" "$1 within $2"
}

@test "intersect: only what both permit, conditions joined; within both" {
  ask intersect "${facts[@]}" "$T/a.json" "$T/b.json"
  equals "$rc" 0 "exit code"
  echo "$output" >"$T/both.json"
  equals "$(jq -c '[.syscalls[] | [.names, .action, [.args[]?.op]]]' <<<"$output")" \
    '[[["read"],"SCMP_ACT_ALLOW",[]],[["mkdir"],"SCMP_ACT_ALLOW",["SCMP_CMP_EQ"]],[["socket"],"SCMP_ACT_ALLOW",["SCMP_CMP_LE","SCMP_CMP_EQ"]]]' rules
  within "$T/both.json" "$T/a.json"
  within "$T/both.json" "$T/b.json"
}

@test "intersect: of a filter and a profile, in another form" {
  "$RUNTIME" seccomp show "${facts[@]}" --as bpf "$T/a.json" >"$T/a.bpf"
  ask intersect "${facts[@]}" --as docker "$T/a.bpf" "$T/b.json"
  equals "$rc" 0 "exit code"
  echo "$output" >"$T/both"
  "$RUNTIME" seccomp intersect "${facts[@]}" "$T/a.json" "$T/b.json" >"$T/both.json"
  ask diff --equal "${facts[@]}" "$T/both" "$T/both.json"
  equals "$output" yes "the same in both forms"
}

@test "union: what one of them permits; contains both" {
  ask union "${facts[@]}" "$T/a.json" "$T/b.json"
  equals "$rc" 0 "exit code"
  echo "$output" >"$T/all.json"
  within "$T/a.json" "$T/all.json"
  within "$T/b.json" "$T/all.json"
  ask explain "${facts[@]}" "$T/all.json" socket 17 2
  [[ $output == *"ERRNO(EPERM)"* ]] || { echo "$output"; false; }
  ask union --json "${facts[@]}" "$T/a.json" "$T/b.json"
  equals "$(jq -c '[.schema, (.inputs | length), .profile.syscalls[0].names]' <<<"$output")" \
    '["tamis-seccomp-union/1",2,["close","mkdir","read","write"]]' JSON
}

@test "intersect and union of what is built in" {
  for verb in intersect union; do
    ask "$verb" "${facts[@]}" docker podman
    equals "$rc $errors" "0 " "$verb"
    echo "$output" >"$T/$verb.json"
  done
  for engine in docker podman; do
    within "$T/intersect.json" "$engine"
    within "$engine" "$T/union.json"
  done
}

@test "intersect: a mask about 32 bits asks the others to be zero, as runc compares 64" {
  ask intersect "${facts[@]}" docker podman
  grep -q '"value": 18446744073709420535,' <<<"$output" # personality: not 0xfffdfff7
  ask intersect "${facts[@]}" --kep6061 docker podman
  [[ $errors != *"more than 32 bits"* ]]
}

@test "union: what no profile can say" {
  jq '.architectures = ["SCMP_ARCH_AARCH64"]' "$T/b.json" >"$T/arm.json"
  ask union "${facts[@]}" "$T/a.json" "$T/arm.json"
  equals "$rc $output" "2 " "nothing is printed"
  # b is for arm64, too, but never without the native architecture
  [[ $errors == "tamis seccomp: the union cannot be said as a profile: "*" would become "* ]] || { echo "$errors"; false; }
}

# bats test_tags=ci
@test "intersect --kep6061: limits, and calls that a merge by names would loosen" {
  local deny='{"names":["socket"],"action":"SCMP_ACT_ERRNO","args":[{"index":1,"value":3,"op":"SCMP_CMP_EQ"}]}'
  profile c '["mkdir"]' SCMP_ACT_ERRNO "${deny/\"index\":1,\"value\":3/\"index\":0,\"value\":40}"
  profile d '["rmdir"]' SCMP_ACT_ERRNO "$deny"
  for p in c d; do
    jq '.defaultAction = "SCMP_ACT_ALLOW"' "$T/$p.json" >"$T/$p-allow.json"
  done
  ask intersect "${facts[@]}" --kep6061 "$T/c-allow.json" "$T/d-allow.json"
  equals "$rc" 0 "exit code"
  equals "$errors" "a merge by names would be looser: socket(family=AF_UNSPEC, type=SOCK_RAW) on
  x86_64: ALLOW instead of ERRNO(EPERM)" "on standard error"
  ask intersect "${facts[@]}" --json --kep6061 "$T/c-allow.json" "$T/d-allow.json"
  equals "$(jq -c '[.schema, (.looserByNames | map(.exact, .byNames))]' <<<"$output")" \
    '["tamis-seccomp-intersect/1",["ERRNO(EPERM)","ALLOW"]]' JSON
  jq '.listenerPath = "/run/agent" | .syscalls[0].action = "SCMP_ACT_NOTIFY"' "$T/c-allow.json" >"$T/e.json"
  ask intersect "${facts[@]}" --kep6061 "$T/a.json" "$T/e.json"
  equals "$rc $errors" "2 tamis seccomp: $T/e.json: KEP-6061 does not allow SCMP_ACT_NOTIFY" listener
  profile w '["read"]' SCMP_ACT_ALLOW \
    '{"names":["lseek"],"action":"SCMP_ACT_ALLOW","args":[{"index":1,"value":4294967296,"op":"SCMP_CMP_LT"}]}'
  ask intersect "${facts[@]}" --kep6061 "$T/w.json" "$T/w.json"
  equals "$rc" 0 "64 bits alone"
  jq '.architectures += ["SCMP_ARCH_X86"] | .syscalls[1].args[0].value = 8589934592' "$T/w.json" >"$T/wider.json"
  ask intersect "${facts[@]}" --kep6061 "$T/wider.json" "$T/wider.json"
  equals "$rc $errors" "2 tamis seccomp: the intersection compares lseek with more than 32 bits, which KEP-6061 does not allow beside SCMP_ARCH_X86" "32 bits, too"
  "$RUNTIME" seccomp show "${facts[@]}" --as bpf "$T/a.json" >"$T/a.bpf"
  ask intersect "${facts[@]}" --kep6061 "$T/a.bpf" "$T/b.json"
  equals "$rc $errors" "2 tamis seccomp: $T/a.bpf: --kep6061 expects profiles, found a BPF program" program
}

# bats test_tags=ci
@test "intersect: flags and listener" {
  jq '.flags = ["SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_SPEC_ALLOW"]' "$T/a.json" >"$T/f.json"
  jq '.flags = []' "$T/b.json" >"$T/g.json"
  ask intersect "${facts[@]}" "$T/f.json" "$T/g.json"
  equals "$(jq -c .flags <<<"$output")" '["SECCOMP_FILTER_FLAG_LOG"]' "SPEC_ALLOW only if all have it"
  ask union "${facts[@]}" "$T/f.json" "$T/g.json"
  equals "$(jq -c .flags <<<"$output")" '["SECCOMP_FILTER_FLAG_LOG","SECCOMP_FILTER_FLAG_SPEC_ALLOW"]' union
  for p in a b; do
    jq --arg path "/run/$p" '.listenerPath = $path | .syscalls[0].action = "SCMP_ACT_NOTIFY"' "$T/$p.json" >"$T/n$p.json"
  done
  ask intersect "${facts[@]}" "$T/na.json" "$T/b.json"
  equals "$(jq -r .listenerPath <<<"$output")" /run/a "the only listener"
  ask intersect "${facts[@]}" "$T/na.json" "$T/nb.json"
  equals "$rc $errors" "2 tamis seccomp: $T/na.json and $T/nb.json have different values of listenerPath" "two listeners"
}
