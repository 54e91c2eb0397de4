# SPDX-License-Identifier: Apache-2.0
# tamis seccomp show --as: profiles and filters written in other forms.
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
      "args": [{ "index": 0, "value": 40, "op": "SCMP_CMP_NE" }] }
  ]
}
END
}

# Runs tamis seccomp. Sets output, errors and rc.
ask()
{
  rc=0
  output=$("$RUNTIME" seccomp "$@" 2>"$T/errors") || rc=$?
  errors=$(<"$T/errors")
}

@test "show --as: every form of a profile says the same" {
  for form in oci docker spo bpf; do
    "$RUNTIME" seccomp show "${facts[@]}" --as "$form" "$T/p.json" >"$T/p.$form" 2>"$T/errors" ||
      { grep -q 'libyaml' "$T/errors" && continue; cat "$T/errors"; false; }
    ask diff --equal "${facts[@]}" "$T/p.json" "$T/p.$form"
    equals "$rc $output" "0 yes" "$form"
  done
}

@test "show --as seccompiler: what it answers to newer calls is another thing" {
  ask show "${facts[@]}" --as seccompiler "$T/p.json"
  equals "$rc" 2 "exit code"
  [[ $errors == *"ENOSYS"*"; --lossy writes it nevertheless" ]] || { echo "$errors"; false; }
  "$RUNTIME" seccomp show "${facts[@]}" --as seccompiler --lossy "$T/p.json" >"$T/p.seccompiler" 2>"$T/errors"
  "$RUNTIME" seccomp show "${facts[@]}" --as seccompiler "$T/p.seccompiler" >"$T/again"
  ask diff --equal "${facts[@]}" "$T/p.seccompiler" "$T/again"
  equals "$rc $output" "0 yes" "of its own form nothing is lost"
}

@test "show --as docker: keeps the conditions of the source" {
  ask show "${facts[@]}" --as docker "$T/p.json"
  equals "$(jq -S . <<<"$output")" "$(jq -S . "$T/p.json")" "the whole source"
  ask show "${facts[@]}" --as oci "$T/p.json"
  equals "$(jq '.syscalls | length' <<<"$output")" 2 "rules in force"
}

@test "show --as oci: a filter is read back to a profile" {
  "$RUNTIME" seccomp show "${facts[@]}" --as bpf "$T/p.json" >"$T/p.bpf"
  ask show "${facts[@]}" --as oci "$T/p.bpf"
  equals "$rc" 0 "exit code"
  equals "$(jq -c '[.syscalls[] | [.names, .action, .args[0].op]]' <<<"$output")" \
    '[[["execve","read"],"SCMP_ACT_ALLOW",null],[["socket"],"SCMP_ACT_ALLOW","SCMP_CMP_NE"]]' rules
}

@test "show --as oci: what a filter answers and a profile cannot" {
  # architecture x86_64: read is allowed if argument 0 is 7 in all 64 bits; else EPERM
  bpf_program 0020:0:0:4 0015:0:6:c000003e 0020:0:0:0 0015:0:4:0 0020:0:0:14 0015:0:2:0 0020:0:0:10 \
    0015:1:0:7 0006:0:0:50001 0006:0:0:7fff0000 >"$T/q.bpf"
  ask show "${facts[@]}" --as oci "$T/q.bpf"
  equals "$rc" 2 "exit code"
  equals "$output" "" "nothing is printed"
  [[ $errors == *"cannot be said in the form oci: "*" would become "*"--lossy"* ]] || { echo "$errors"; false; }
  ask show "${facts[@]}" --as oci --lossy "$T/q.bpf"
  equals "$rc" 0 "exit code"
  equals "$(jq -c '[.syscalls[] | select(.args) | [.names[0], .args[0].value]]' <<<"$output")" '[["read",7]]' rule
  [[ $errors == *"lost: read(fd=0x100000007) on x86_64: ERRNO(EPERM) becomes ALLOW"* ]] || { echo "$errors"; false; }
  [[ $errors == *"on other architectures and numbers: ERRNO(EPERM)"* ]] || { echo "$errors"; false; }
  equals "$(awk 'length > 79' <<<"$errors")" "" "long lines"
}

@test "show --as: a form that cannot have all of a profile" {
  jq '.defaultErrnoRet = 38' "$T/p.json" >"$T/q.json"
  ask show "${facts[@]}" --as seccompiler default
  equals "$rc" 2 "exit code"
  equals "$errors" "tamis seccomp: default: seccompiler's form cannot say SCMP_ARCH_X86 beside the machine's own architecture; --lossy writes it nevertheless" error
  ask show "${facts[@]}" --as spo "$T/q.json"
  [[ $errors == *"cannot have an error of the default action but EPERM; --lossy writes it nevertheless" ]] || { echo "$errors"; false; }
  ask show "${facts[@]}" --as spo --lossy "$T/q.json"
  equals "$rc" 0 "exit code"
  [[ $errors == *"ERRNO(ENOSYS) becomes ERRNO(EPERM)"* ]] || { echo "$errors"; false; }
}

@test "show --as: wrong words" {
  ask show --as json default
  equals "$rc $errors" "2 tamis seccomp: --as: expected one of bpf, c, docker, oci, pfc, seccompiler, spo, found 'json'" form
  ask show --lossy default
  equals "$rc $errors" "2 tamis seccomp: --lossy: expected --as beside it" lossy
}

@test "show: size and longest path beside libseccomp's; -v names what is tested" {
  ask show "${facts[@]}" -v default
  equals "$rc" 0 "exit code"
  expect_line 'default: built-in profile, [0-9]+ instructions, longest path [0-9]+'
  expect_line 'libseccomp makes [0-9]+ instructions of it, longest path [0-9]+'
  expect_line ' +[0-9]+  jeq 0xc000003e, [0-9]+, [0-9]+ +architecture == SCMP_ARCH_X86_64'
  expect_line ' +[0-9]+  jeq 0x29, [0-9]+, [0-9]+ +number == socket'
  expect_line ' +[0-9]+  ld .* family'
  equals "$(awk 'length > 79' <<<"$output")" "" "long lines"
  ask show "${facts[@]}" --json default
  equals "$(jq '.longestPath < .libseccomp.longestPath and .instructions < .libseccomp.instructions' <<<"$output")" true JSON
}

# bats test_tags=ci
@test "show --markdown: the same figures as tables, for a review" {
  ask show "${facts[@]}" --markdown -v podman
  equals "$rc" 0 "exit code"
  expect_line '\| default action \| ERRNO\(ENOSYS\) \|'
  expect_line '\| instructions \| [0-9]+, longest path [0-9]+ \|'
  expect_line '\| x86_64 \| allowed \| denied \| by args \| asked \|'
  expect_line '- .*mount, .*: mounts file systems and changes mounts'
  # every row of a table has the columns of the row of dashes above it
  awk -F' \\| ' '/^\|/ && before !~ /^\|/ { n = NF } /^\|/ && NF != n { print; bad = 1 } { before = $0 } END { exit bad }' <<<"$output"
  equals "$(grep -c '^```$' <<<"$output")" 2 "fences around the instructions"
  local tables rows
  tables=$(grep -oE '^\| [a-z0-9_]+( \| [0-9]+){4} \|$' <<<"$output" | tr -d '|' | xargs -n5)
  ask show "${facts[@]}" podman
  rows=$(grep -E '^[a-z0-9_]+( +[0-9]+){4}$' <<<"$output" | xargs -n5)
  equals "$tables" "$rows" "the figures of the text"
}

@test "show --as pfc and c: for readers and for compilers" {
  ask show "${facts[@]}" --as pfc "$T/p.json"
  equals "$rc" 0 "exit code"
  expect_line '# filter for arch x86_64 \(3221225534\)'
  [[ $output == *'  if ($syscall == 41)
    if ($a0.lo32 == 40)
      action ERRNO(1);
    action ALLOW;'* ]] || { echo "$output" | grep -A5 'socket"'; false; }
  requires program cc
  "$RUNTIME" seccomp show "${facts[@]}" --as bpf "$T/p.json" >"$T/p.bpf"
  "$RUNTIME" seccomp show "${facts[@]}" --as c "$T/p.json" >"$T/p.c"
  echo '#include <unistd.h>
int main(void) { return write(1, filter, sizeof(filter)) != sizeof(filter); }' >>"$T/p.c"
  cc -Wall -Wextra -Werror -o "$T/p" "$T/p.c"
  "$T/p" | cmp - "$T/p.bpf"
}

# bats test_tags=all
@test "show --as: every lossless form of every profile of the wider source says the same" {
  local dir=${TAMIS_SHARED:-$TAMIS_SRCDIR/../shared}/profiles p form n=0
  [ -d "$dir" ] || skip "no wider source"
  for p in "$dir"/*.json "$dir"/spo-se*.yaml; do
    ask show "${facts[@]}" "$p"
    [ "$rc" = 0 ] || continue # several filters, or what tamis refuses
    for form in oci docker spo seccompiler bpf; do
      "$RUNTIME" seccomp show "${facts[@]}" --as "$form" "$p" >"$T/written" 2>"$T/errors" || continue
      ask diff --equal "${facts[@]}" "$p" "$T/written"
      equals "$rc $output" "0 yes" "$p as $form"
      n=$((n + 1))
    done
  done
  [ "$n" -gt 60 ] || { echo "only $n forms"; false; }
}
