# SPDX-License-Identifier: Apache-2.0
# tamis seccomp check: forms of output, remarks, changes, golden findings. Each code with a profile
# that has it and one that has not: test/unit/seccomp_check_test.c.
load ../lib

setup()
{
  requires tamis
  prepare
  cd "$T" || return
  facts=(--arch x86_64 --kernel 6.18)
  cat >"$T/p.json" <<'END'
{
  "defaultAction": "SCMP_ACT_ERRNO",
  "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"],
  "syscalls": [
    { "names": ["execve", "exit", "exit_group", "rt_sigreturn", "read"], "action": "SCMP_ACT_ALLOW" },
    { "names": ["mkdir", "setns", "read", "opnat2", "__NR_rmdir"], "action": "SCMP_ACT_ALLOW" },
    { "names": ["setns"], "action": "SCMP_ACT_ERRNO", "errnoRet": 22 },
    { "names": ["bpf"], "action": "SCMP_ACT_ALLOW",
      "comment": "tamis: allow dangerous-call it loads programs" }
  ]
}
END
}

ask()
{
  rc=0
  output=$("$RUNTIME" seccomp check "$@" 2>&1) || rc=$?
}

# findings PROFILE...: one line each
findings()
{
  "$RUNTIME" seccomp check --json "${facts[@]}" "$@" | jq -r '.profiles[].findings[] |
    "\(.file):\(.line):\(.column): \(.severity): \(.text) [\(.code)]" +
    if .allowed then " allowed: \(.allowed)" else "" end' || :
}

@test "check: places, severities, why and what to do" {
  ask "${facts[@]}" p.json
  equals "$rc" 1 "exit code"
  expect_line 'p.json:6:43: warning: "opnat2" is no system call; did you mean openat2\?'
  expect_line 'p.json:6:53: error: "__NR_rmdir": expected rmdir \[call-name-form\]'
  expect_line 'p.json:7:17: warning: setns: ERRNO\(EINVAL\) has no effect: line 6 says ALLOW'
  expect_line '    \[shadowed-rule\]'
  expect_line 'p.json: 1 error, 2 warnings, 4 notes \(see --all\), 1 allowed by remarks'
  [[ $output == *'--fix removes'* && $output != *'note:'* && $output != *'bpf'* ]]
  equals "$(awk 'length > 79' <<<"$output")" "" "long lines"
}

@test "check --all: notes, and what remarks allow with the reason" {
  ask --all "${facts[@]}" p.json
  expect_line 'p.json:6:35: note: read: ALLOW has no effect: line 5 says ALLOW'
  expect_line ' *allowed: it loads programs'
}

@test "check: a profile without mistakes" {
  jq '.syscalls |= [.[0]]' "$T/p.json" >"$T/good.json"
  ask "${facts[@]}" "$T/good.json"
  equals "$rc $output" "0 $T/good.json: 0 errors, 0 warnings, 0 notes" answer
}

@test "check --fix: the meaning stays, but for names that were written in a wrong form" {
  cp "$T/p.json" "$T/fixed.json"
  chmod 640 "$T/fixed.json"
  [ "$EUID" != 0 ] || chown 65534:65534 "$T/fixed.json"
  ln -s fixed.json "$T/link.json"
  ask --fix "${facts[@]}" "$T/link.json"
  equals "$rc $output" "2 tamis seccomp: $T/link.json: --fix changes regular files only; expected the file itself" link
  ask --fix "${facts[@]}" "$T/fixed.json"
  equals "$rc" 1 "exit code: a misspelt name remains"
  expect_line '.*:7:17: removed: setns: ERRNO\(EINVAL\) has no effect.* \[shadowed-rule\]'
  expect_line '.*:6:35: removed: read: ALLOW has no effect.* \[redundant-rule\]'
  expect_line '.*:6:53: corrected: .* \[call-name-form\]'
  equals "$(diff "$T/p.json" "$T/fixed.json")" '6,7c6
<     { "names": ["mkdir", "setns", "read", "opnat2", "__NR_rmdir"], "action": "SCMP_ACT_ALLOW" },
<     { "names": ["setns"], "action": "SCMP_ACT_ERRNO", "errnoRet": 22 },
---
>     { "names": ["mkdir", "setns", "opnat2", "rmdir"], "action": "SCMP_ACT_ALLOW" },' "lines that changed"
  equals "$(stat -c %a "$T/fixed.json")" 640 mode
  [ "$EUID" != 0 ] || equals "$(stat -c %u:%g "$T/fixed.json")" 65534:65534 owner
  run "$RUNTIME" seccomp diff --json "${facts[@]}" "$T/p.json" "$T/fixed.json"
  equals "$(jq -r '.changes[].call' <<<"$output" | sort -u)" rmdir "calls that changed"
  ask --fix "${facts[@]}" "$T/fixed.json"
  equals "$output" "" "a second time"
  rc=0
  "$RUNTIME" seccomp check --fix "${facts[@]}" - <"$T/p.json" >"$T/out.json" 2>/dev/null || rc=$?
  equals "$rc" 1 "exit code"
  cmp "$T/out.json" "$T/fixed.json"
}

@test "check: what has an effect with another capability is no finding, and --fix leaves it" {
  cat >"$T/c.json" <<'END'
{ "defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"], "syscalls": [
  { "names": ["execve", "exit_group", "rt_sigreturn"], "action": "SCMP_ACT_ALLOW" },
  { "names": ["getpid"], "action": "SCMP_ACT_ALLOW", "excludes": { "caps": ["CAP_SYS_ADMIN"] } },
  { "names": ["getpid"], "action": "SCMP_ACT_ALLOW" } ] }
END
  run findings "$T/c.json"
  expect_line '.*c.json:3:15: note: getpid: ALLOW has no effect: line 4 says ALLOW \[redundant-rule\]'
  equals "$(grep -c redundant <<<"$output")" 1 findings
  sed 's/getpid"\], "action": "SCMP_ACT_ALLOW" }/getpid"], "action": "SCMP_ACT_ALLOW", "includes": { "caps": ["CAP_CHOWN"] } }/' "$T/c.json" >"$T/d.json"
  cp "$T/d.json" "$T/e.json"
  ask --fix "${facts[@]}" "$T/e.json"
  equals "$rc $output" "0 " "what is changed"
  cmp "$T/d.json" "$T/e.json"
}

@test "check --sarif: what the schema of SARIF 2.1.0 requires" {
  "$RUNTIME" seccomp check --sarif "${facts[@]}" "$T/p.json" >"$T/sarif" || :
  jq -e '.version == "2.1.0" and (.runs | length == 1) and (.runs[0] |
    .tool.driver.name and .columnKind == "unicodeCodePoints" and
    ([.tool.driver.rules[] | .id and .shortDescription.text and .help.text] | all) and
    (.tool.driver.rules as $rules | [.results[] |
      .message.text and $rules[.ruleIndex].id == .ruleId and
      (.level | IN("note", "warning", "error")) and
      (.locations[0].physicalLocation | .artifactLocation.uri and .region.startLine >= 1 and
        .region.startColumn >= 1)] | all and length > 4) and
    ([.results[] | select(.suppressions) | .suppressions[0].kind] == ["inSource"]))' "$T/sarif"
  printf '{"defaultAction": "SCMP_ACT_ERRNO"}' >"$T/a b%é.json"
  run "$RUNTIME" seccomp check --sarif "$T/a b%é.json"
  equals "$(jq -r '.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri' <<<"$output")" \
    "$T/a%20b%25%C3%A9.json" uri
}

@test "check --json, --markdown, several profiles" {
  run "$RUNTIME" seccomp check --json "${facts[@]}" default "$T/p.json"
  equals "$(jq -r '.schema, .profiles[].profile, .profiles[1].complete' <<<"$output" | xargs)" \
    "tamis-seccomp-check/1 default $T/p.json true" JSON
  ask --markdown "${facts[@]}" "$T/p.json"
  expect_line '\| place \| severity \| finding \| code \|'
  expect_line '\| .*p.json:7:17 \| warning \| setns: .* \| shadowed-rule \|'
}

@test "check: the position is in characters, remarks in other formats, base documents" {
  # shellcheck disable=SC1112
  printf '{"comment": "é\\\\\\"“", "defaultAction": "SCMP_ACT_ERRNO", "syscalls": [\n {"names": ["exec"], "action": "SCMP_ACT_ALLOW"}]}' >"$T/u.json"
  run findings "$T/u.json"
  expect_line '.*u.json:2:13: warning: "exec" is no system call.*'
  printf '# tamis: allow missing-sibling: one C library\nread: 1\nexit_group: 1\nrt_sigreturn: 1\nbpf: 1\nopen: 1\n' >"$T/a.policy"
  run findings "$T/a.policy"
  expect_line '.*a.policy:5:1: warning: bpf: .* \[dangerous-call\]'
  expect_line '.* \[missing-sibling\] allowed: one C library'
}

@test "check --target kubernetes: what is dropped, and what then happens" {
  cat >"$T/k.json" <<'END'
{ "defaultAction": "SCMP_ACT_ERRNO",
  "archMap": [{ "architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86"] }],
  "syscalls": [
    { "names": ["execve", "exit_group", "rt_sigreturn"], "action": "SCMP_ACT_ALLOW" },
    { "names": ["mount", "bpf"], "action": "SCMP_ACT_ALLOW", "includes": { "caps": ["CAP_SYS_ADMIN"] } } ] }
END
  ask "${facts[@]}" "$T/k.json"
  equals "$rc" 0 "without a target"
  run findings --target kubernetes "$T/k.json"
  expect_line '.*k.json:5:74: error: includes of 1 rules and excludes of 0 are ignored; then allowed: bpf, mount \[kubernetes-conditions\]'
  expect_line '.*k.json:2:14: warning: archMap is ignored: .*'
}

# bats test_tags=ci
@test "check --explain, and mistakes: exit code 2 and one line" {
  ask --explain shadowed-rule
  equals "$rc" 0 "exit code"
  expect_line 'shadowed-rule \(warning\): .*'
  for words in "--explain shadowed" "--explain shadowed-rule default" "" "--target k8s default" \
    "--json --sarif default" "--fix default" "$T/none.json"; do
    # shellcheck disable=SC2086
    ask $words
    equals "$rc $(wc -l <<<"$output")" "2 1" "$words: $output"
  done
}

@test "tamis-seccomp-check(7) has every code with its words" {
  page=$(sed 's/^\.Pp$//' "$TAMIS_SRCDIR/doc/tamis-seccomp-check.7" | tr -s '\n ' ' ')
  "$RUNTIME" seccomp check --sarif default >"$T/sarif" || :
  while IFS=$'\t' read -r code level title why fix; do
    [[ $page == *" .Ss $code ${level^}: $title. $why $fix "* ]] || fail "$code differs from its section"
  done < <(jq -r '.runs[0].tool.driver.rules[] | [.id, .defaultConfiguration.level,
    .shortDescription.text, .fullDescription.text, .help.text] | join("\t")' "$T/sarif")
  equals "$(grep -c '^\.Ss [a-z0-9-]*$' "$TAMIS_SRCDIR/doc/tamis-seccomp-check.7")" \
    "$(jq '.runs[0].tool.driver.rules | length' "$T/sarif")" "sections"
}

# golden NAME PROFILE...: the findings of these profiles are those of the file test/golden/check/NAME.
golden()
{
  local name=$1
  shift
  findings "$@" | sed "s|^$TAMIS_SHARED_DIR/profiles/||" >"$T/$name"
  diff -u "$TAMIS_SRCDIR/test/golden/check/$name" "$T/$name"
}

@test "golden: the built-in profiles" {
  TAMIS_SHARED_DIR=/
  golden builtin default docker containerd podman
}

@test "golden: the profiles of engines and projects" {
  TAMIS_SHARED_DIR=$(cd "${TAMIS_SHARED:-$TAMIS_SRCDIR/../shared}" 2>/dev/null && pwd) ||
    skip 'the profiles of others are not beside this repository'
  local files=()
  for file in "$TAMIS_SHARED_DIR"/profiles/*.json "$TAMIS_SHARED_DIR"/profiles/*.yaml; do
    # one has an errno that no kernel has, these are other kinds of resources
    case $file in *moby-fixture-example.json | *spo-profile*) continue ;; esac
    files+=("$file")
  done
  golden shared --thread vmm "${files[@]}"
}
