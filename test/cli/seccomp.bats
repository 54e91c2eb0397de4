# SPDX-License-Identifier: Apache-2.0
# tamis seccomp: questions about profiles.
load ../lib

setup()
{
  requires tamis
  prepare
  facts=(--arch x86_64 --kernel 6.1)
  cat >"$T/p.json" <<'END'
{
  "defaultAction": "SCMP_ACT_ERRNO",
  "architectures": ["SCMP_ARCH_X86_64"],
  "syscalls": [
    { "names": ["read", "execve"], "action": "SCMP_ACT_ALLOW" },
    { "names": ["mkdir"], "action": "SCMP_ACT_ALLOW", "includes": { "caps": ["CAP_SYS_ADMIN"] } },
    { "names": ["socket"], "action": "SCMP_ACT_ALLOW",
      "args": [{ "index": 0, "value": 40, "op": "SCMP_CMP_NE" }] },
    { "names": ["membarrier"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38 }
  ]
}
END
}

ask()
{
  rc=0
  output=$("$RUNTIME" seccomp "$@" 2>&1) || rc=$?
}

@test "explain: a call that a rule allows, with the rule's place" {
  ask explain "${facts[@]}" "$T/p.json" read
  equals "$rc" 0 "exit code"
  expect_line 'read\(\) on x86_64: ALLOW'
  expect_line '.*p.json:5: syscalls\[0\]: ALLOW'
  expect_line ' *decides'
}

@test "explain: by name or number, arguments in order or by parameter" {
  ask explain "${facts[@]}" "$T/p.json" 41 40
  equals "$rc" 0 "exit code"
  expect_line 'socket\(family=AF_VSOCK\) on x86_64: ERRNO\(EPERM\)'
  ask explain "${facts[@]}" "$T/p.json" socket domain=0x29
  expect_line 'socket\(family=AF_KCM\) on x86_64: ALLOW'
}

@test "explain: without the argument all cases are listed" {
  ask explain "${facts[@]}" "$T/p.json" socket
  expect_line 'socket\(\) on x86_64: depends on the arguments'
  expect_line ' *ERRNO\(EPERM\) +if family == AF_VSOCK'
  expect_line ' *ALLOW +otherwise'
}

@test "explain: what the default answers, and the capability that would change it" {
  ask explain "${facts[@]}" "$T/p.json" mkdir
  expect_line 'mkdir\(\) on x86_64: ERRNO\(EPERM\)'
  expect_line ' *with CAP_SYS_ADMIN: ALLOW'
  ask explain "${facts[@]}" --caps SYS_ADMIN "$T/p.json" mkdir
  expect_line 'mkdir\(\) on x86_64: ALLOW'
  expect_line ' *without CAP_SYS_ADMIN: ERRNO\(EPERM\)'
}

@test "explain: a call newer than the profile" {
  ask explain "${facts[@]}" "$T/p.json" openat2
  expect_line 'openat2\(\) on x86_64, x32: ERRNO\(ENOSYS\)'
  expect_line ' *no rule in force names it: it is newer than the profile, or no table has it'
}

@test "explain: JSON has the answers and the rules" {
  ask explain --json "${facts[@]}" "$T/p.json" socket
  equals "$(jq -r '.schema, .call, (.answers[0].regions | length), .answers[0].complete' <<<"$output" | xargs)" \
    "tamis-seccomp-explain/1 socket 3 true" JSON
  equals "$(jq -r '.rules[0].conditions' <<<"$output")" "family != AF_VSOCK" condition
}

@test "show: figures, and the filter itself" {
  ask show --json "${facts[@]}" "$T/p.json"
  equals "$(jq -r '.schema, .rules, .architectures[0].byArguments' <<<"$output" | xargs)" \
    "tamis-seccomp-show/1 3 1" JSON
  equals "$(jq -c '.categories[] | select(.category == "network") | .byArguments' <<<"$output")" \
    '["socket"]' category
  "$RUNTIME" seccomp show "${facts[@]}" --as bpf "$T/p.json" >"$T/p.bpf"
  equals "$(($(stat -c %s "$T/p.bpf") / 8))" "$(jq .instructions <<<"$output")" instructions
  ask show "${facts[@]}" "$T/p.bpf"
  equals "$rc" 0 "exit code"
  expect_line '.*p.bpf: BPF program, [0-9]+ instructions, longest path [0-9]+'
}

@test "show: calls by category, and those that are known from attacks" {
  sed 's/"execve"/"execve", "bpf"/' "$T/p.json" >"$T/q.json"
  ask show "${facts[@]}" "$T/q.json"
  expect_line 'network +0 +[0-9]+ +1 +0'
  expect_line 'bpf +1 +0 +0 +0'
  expect_line '  bpf: runs programs in the kernel; errors .*'
  equals "$(awk 'length > 79' <<<"$output")" "" "long lines"
}

@test "diff: a profile, its filter and its resolved form are equal" {
  "$RUNTIME" seccomp show "${facts[@]}" --as bpf "$T/p.json" >"$T/p.bpf"
  "$RUNTIME" seccomp resolve "${facts[@]}" "$T/p.json" >"$T/plain.json"
  for b in p.bpf plain.json; do
    ask diff --equal "${facts[@]}" "$T/p.json" "$T/$b"
    equals "$rc $output" "0 yes" "$b"
  done
}

@test "diff: what changes, and a proof" {
  sed 's/"value": 40/"value": 41/; s/"read", "execve"/"execve"/' "$T/p.json" >"$T/q.json"
  ask diff "${facts[@]}" "$T/p.json" "$T/q.json"
  equals "$rc" 1 "exit code"
  expect_line '  ALLOW in A, ERRNO\(EPERM\) in B:'
  expect_line '    io           read'
  expect_line ' *ERRNO\(EPERM\) in A, ALLOW in B if family == AF_VSOCK'
  expect_line ' *ALLOW in A, ERRNO\(EPERM\) in B if family == AF_KCM'
  ask diff --within "${facts[@]}" "$T/p.json" "$T/q.json"
  equals "$rc $output" "1 no: read() on x86_64: ALLOW in A, ERRNO(EPERM) in B" proof
  ask diff --json "${facts[@]}" "$T/p.json" "$T/q.json"
  equals "$(jq -r '.schema, (.changes | length)' <<<"$output" | xargs)" "tamis-seccomp-diff/1 3" JSON
}

@test "diff --within: less is within more, not the reverse" {
  jq 'del(.syscalls[0].names[0])' "$T/p.json" >"$T/less.json"
  ask diff --within "${facts[@]}" "$T/less.json" "$T/p.json"
  equals "$rc $output" "0 yes" "less within more"
  ask diff --within "${facts[@]}" "$T/p.json" "$T/less.json"
  equals "$rc" 1 "more within less"
}

@test "resolve --why: rules that are not in force, and what they need" {
  ask resolve --why "${facts[@]}" "$T/p.json"
  equals "$rc" 0 "exit code"
  expect_line '.*p.json:6: syscalls\[1\]: left out: mkdir'
  expect_line ' *needs caps CAP_SYS_ADMIN'
  expect_line '1 of 4 rules are left out on x86_64 with Linux 6.1'
}

@test "explain: the kernel's words for values, one answer for several architectures" {
  ask explain "${facts[@]}" default clone flags=CLONE_NEWUSER
  expect_line 'clone\(flags=CLONE_NEWUSER\) on x86_64, i386, x32: ERRNO\(EPERM\)'
  ask explain "${facts[@]}" default personality
  expect_line ' *ALLOW +if personality & ~\(PER_LINUX32\|UNAME26\) == 0'
  ask explain "${facts[@]}" default mmap prot=PROT_REED
  equals "$rc" 2 "exit code"
  expect_line ".*unknown constant 'PROT_REED'; did you mean 'PROT_READ'\?"
}

@test "no line is longer than 80 columns" {
  for call in clone personality socket mmap; do
    ask explain "${facts[@]}" default "$call"
    equals "$(awk 'length > 80' <<<"$output")" "" "$call"
  done
}

@test "forms: SeccompProfile, seccompiler, systemd and minijail, told by their content" {
  printf 'read: 1\nmmap: arg2 in PROT_READ|PROT_WRITE\n' >"$T/a"
  ask explain "${facts[@]}" "$T/a" mmap prot=PROT_EXEC
  expect_line 'mmap\(prot=PROT_EXEC\) on x86_64.*: KILL_THREAD'
  printf '[Service]\nSystemCallFilter=@system-service\n' >"$T/b"
  ask explain "${facts[@]}" "$T/b" mount
  expect_line 'mount\(\) on x86_64.*: KILL_PROCESS'
  echo '{"vmm": {"default_action": "trap", "filter_action": "allow", "filter": [{"syscall": "read"}, {"syscall": "close"}]}}' >"$T/c"
  ask explain "${facts[@]}" "$T/c" write
  expect_line 'write\(\) on x86_64.*: TRAP'
  ask explain "${facts[@]}" --thread api "$T/c" write
  equals "$rc" 2 "exit code"
  cat >"$T/d" <<'END'
{ "apiVersion": "security-profiles-operator.x-k8s.io/v1beta1", "kind": "SeccompProfile",
  "metadata": { "name": "small" },
  "spec": { "defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X86_64"],
    "syscalls": [{ "action": "SCMP_ACT_ALLOW", "names": ["read"] }] } }
END
  ask explain "${facts[@]}" "$T/d" read
  expect_line 'read\(\) on x86_64: ALLOW'
  echo '{ "kind": "Pod", "apiVersion": "v1", "spec": { "containers": [{ "name": "web", "securityContext":
    { "seccompProfile": { "type": "Localhost", "localhostProfile": "p/web.json" } } }] } }' >"$T/e"
  ask show "$T/e"
  equals "$rc" 2 "exit code"
  expect_line '.*container web runs under the file /var/lib/kubelet/seccomp/p/web.json, which cannot be read .*'
}

# bats test_tags=ci
@test "mistakes: exit code 2 and one line" {
  for words in "explain $T/p.json reed" "explain $T/none.json read" "show $T" "sho default" \
    "explain --caps SYS_ADMIM default read" "explain --arch vax default read" \
    "explain --kernel six default read" "explain default read x" "explain default read 1 2 3 4 5 6 7" \
    "show --as yaml default" "show --colour default" "diff default"; do
    # shellcheck disable=SC2086
    ask $words
    equals "$rc $(wc -l <<<"$output")" "2 1" "$words: $output"
  done
  ask explain "$T/p.json" reed
  expect_line ".*did you mean 'read'\?"
  echo '{ "defaultAction": "SCMP_ACT_ALOW" }' >"$T/bad.json"
  ask show "$T/bad.json"
  equals "$rc" 2 "exit code"
  expect_line '.*bad.json:1: .*SCMP_ACT_ALOW.*'
  printf 'hello' >"$T/text"
  ask show "$T/text"
  expect_line '.*text:1: expected a profile .*'
}

@test "help of the program and of a verb" {
  ask --help
  equals "$rc" 0 "exit code"
  expect_line '  explain .*'
  ask explain --help
  expect_line 'usage: tamis seccomp explain .*'
  ask help diff
  expect_line 'usage: tamis seccomp diff .*'
}
