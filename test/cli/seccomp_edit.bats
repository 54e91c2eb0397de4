# SPDX-License-Identifier: Apache-2.0
# tamis seccomp edit: what changes in the text, what does not, and where it goes.
load ../lib

setup()
{
  requires tamis
  prepare
  facts=(--arch x86_64 --kernel 6.1)
  cat >"$T/p.json" <<'END'
{
  "defaultAction": "SCMP_ACT_ERRNO",
  "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"],
  "syscalls": [
    { "names": ["execve", "read", "write"], "action": "SCMP_ACT_ALLOW" },
    { "names": ["mount"], "action": "SCMP_ACT_ALLOW", "comment": "for admins",
      "includes": { "caps": ["CAP_SYS_ADMIN"] } },
    { "names": ["socket"], "action": "SCMP_ACT_ALLOW",
      "args": [{ "index": 0, "value": 40, "op": "SCMP_CMP_NE" }] },
    { "names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38 }
  ]
}
END
}

# edit WORD...: $T/new has the profile, $T/err what is said, $difference the lines of text.
edit()
{
  rc=0
  "$RUNTIME" seccomp edit "${facts[@]}" "$T/p.json" "$@" >"$T/new" 2>"$T/err" || rc=$?
  output=$(<"$T/err")
  difference=$(diff "$T/p.json" "$T/new" | grep '^[<>]') || true
}

@test "edit --allow: into the rule that allows, by the alphabet, and nothing else" {
  edit --allow mkdir,open
  equals "$rc" 0 "exit code"
  equals "$difference" '<     { "names": ["execve", "read", "write"], "action": "SCMP_ACT_ALLOW" },
>     { "names": ["execve", "mkdir", "open", "read", "write"], "action": "SCMP_ACT_ALLOW" },' text
  expect_line '  ERRNO\(EPERM\) before, ALLOW after:'
  expect_line ' *files +open, mkdir'
}

@test "edit --deny: the name goes, under every capability, with a rule that is empty then" {
  edit --deny write,mount
  equals "$difference" '<     { "names": ["execve", "read", "write"], "action": "SCMP_ACT_ALLOW" },
<     { "names": ["mount"], "action": "SCMP_ACT_ALLOW", "comment": "for admins",
<       "includes": { "caps": ["CAP_SYS_ADMIN"] } },
>     { "names": ["execve", "read"], "action": "SCMP_ACT_ALLOW" },' text
}

@test "edit: a call that is denied is denied through socketcall, too" {
  edit --deny socket
  equals "$("$RUNTIME" seccomp explain "${facts[@]}" "$T/new" socket | head -n1)" \
    "socket() on x86_64, i386: ERRNO(EPERM)" socket
  [[ $difference == *'{ "names": ["socket"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1 }'* ]]
}

@test "edit: what is in force under one capability alone changes, too, or the edit is refused" {
  sed -i 's/"CAP_SYS_ADMIN"\] }/"CAP_SYS_ADMIN"] }, "excludes": { "caps": ["CAP_CHOWN"] }/' "$T/p.json"
  edit --deny mount:flags=1
  [ "$rc" = 2 ] || {
    equals "$("$RUNTIME" seccomp explain "${facts[@]}" --caps SYS_ADMIN "$T/new" mount flags=1 | head -n1)" \
      "mount(flags=0x1) on x86_64, i386: ERRNO(EPERM)" "with the capability alone"
  }
}

@test "edit: calls that were newer than the profile stay ENOSYS" {
  sed -i '/clone3/d; /CMP_NE/s/},$/}/' "$T/p.json"
  facts=(--arch aarch64)
  sed -i 's/"SCMP_ARCH_X86_64", "SCMP_ARCH_X86"/"SCMP_ARCH_AARCH64"/' "$T/p.json"
  edit --allow clone3
  equals "$rc" 0 "exit code"
  equals "$("$RUNTIME" seccomp explain "${facts[@]}" "$T/new" io_uring_setup | head -n1)" \
    "io_uring_setup() on aarch64: ERRNO(ENOSYS)" "in between"
  equals "$("$RUNTIME" seccomp explain "${facts[@]}" "$T/new" openat2 | head -n1)" \
    "openat2() on aarch64: ERRNO(ENOSYS)" "newer"
  expect_line '  calls that were newer than the profile .*'
}

@test "edit: what no rules can say is refused with a call as proof, --inexact writes it" {
  sed -i 's/"SCMP_ARCH_X86"/"SCMP_ARCH_X86", "SCMP_ARCH_X32"/; s/clone3/kcmp/' "$T/p.json"
  sed -i 's/"names": \["socket"\]/"names": ["setns"]/' "$T/p.json"
  edit --allow openat2
  equals "$rc $(wc -l <<<"$output") $(wc -c <"$T/new")" "2 1 0" "$output"
  expect_line '.*: no rules change only that; it would get .*: ERRNO\(EPERM\), not ERRNO\(ENOSYS\).*'
  edit --allow openat2 --inexact
  equals "$rc" 0 "exit code"
  expect_line '  not as before: .*'
  equals "$("$RUNTIME" seccomp explain "${facts[@]}" "$T/new" clone3 | head -n1)" \
    "clone3() on x86_64, i386, x32: ERRNO(ENOSYS)" "no program loses its way back"
}

@test "edit: an answer for some arguments leaves the others" {
  edit --errno 'socket:family=AF_UNIX=EACCES' --allow 'personality:persona=PER_LINUX32'
  equals "$rc" 0 "exit code"
  [[ $difference == *'{ "names": ["socket"], "action": "SCMP_ACT_ERRNO", "errnoRet": 13, "args": [{ "index": 0, "value": 1, "op": "SCMP_CMP_EQ" }] }'* ]]
  expect_line ' *ALLOW before, ERRNO\(EACCES\) after if family == AF_(LOCAL|UNIX)'
  edit --kill 'write:fd=2'
  equals "$("$RUNTIME" seccomp explain "${facts[@]}" "$T/new" write 2 | head -n1)" \
    "write(fd=2) on x86_64, i386: KILL_PROCESS" "as asked"
  equals "$("$RUNTIME" seccomp explain "${facts[@]}" "$T/new" write 1 | head -n1)" \
    "write(fd=1) on x86_64, i386: ALLOW" "another"
}

@test "edit: groups, a call wins over its group, every action" {
  edit --deny @basic-io --log write --kill mkdir --kill-thread rmdir --trap link --errno unlink=EACCES,rename=5
  equals "$rc" 0 "exit code"
  for want in "read ERRNO(EPERM)" "write LOG" "mkdir KILL_PROCESS" "rmdir KILL_THREAD" "link TRAP" \
    "unlink ERRNO(EACCES)" "rename ERRNO(EIO)"; do
    [[ $("$RUNTIME" seccomp explain "${facts[@]}" "$T/new" "${want% *}" | head -n1) == *": ${want#* }" ]] ||
      { echo "$want"; false; }
  done
}

@test "edit --in-place and -o: mode, owner and links stay, --json says what was done" {
  requires root
  mkdir "$T/d"
  mv "$T/p.json" "$T/d/real.json"
  ln -s d/real.json "$T/p.json"
  chown 1234:4321 "$T/d/real.json"
  chmod 640 "$T/d/real.json"
  edit --in-place --json --allow mkdir
  equals "$rc" 0 "exit code"
  equals "$(jq -r '.schema, .exact, (.changes | length > 0)' "$T/new" | xargs)" "tamis-seccomp-edit/1 true true" JSON
  [ -L "$T/p.json" ]
  equals "$(stat -c '%a %u %g' "$T/d/real.json")" "640 1234 4321" "mode and owner"
  equals "$(ls "$T/d")" real.json "files beside it"
  [[ $(<"$T/d/real.json") == *mkdir* ]]
  edit --allow mkdir -o "$T/other.json"
  equals "$rc $output $(cmp "$T/other.json" "$T/p.json")" "0 $T/p.json: nothing changes " "nothing to do"
}

@test "edit: Docker's oldest format and config.json keep their form" {
  printf '{ "defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X86_64"], "syscalls": [\n\t{\n\t\t"name": "read",\n\t\t"action": "SCMP_ACT_ALLOW",\n\t\t"args": []\n\t},\n\t{\n\t\t"name": "clone3",\n\t\t"action": "SCMP_ACT_ALLOW",\n\t\t"args": []\n\t}\n] }\n' >"$T/p.json"
  edit --allow mkdir
  equals "$(tail -n 6 "$T/new")" $'\t{\n\t\t"name": "mkdir",\n\t\t"action": "SCMP_ACT_ALLOW",\n\t\t"args": []\n\t}\n] }' "a rule a call"
  printf '{"ociVersion":"1.2.0","linux":{"seccomp":{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["bpf"],"action":"SCMP_ACT_KILL_PROCESS"}]}}}' >"$T/p.json"
  edit --deny kexec_load --allow bpf
  equals "$(<"$T/new")" '{"ociVersion":"1.2.0","linux":{"seccomp":{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["kexec_load"],"action":"SCMP_ACT_ERRNO","errnoRet":1}]}}}' config.json
}

@test "edit: a SeccompProfile of Kubernetes in JSON; of other forms the next step is told" {
  cat >"$T/p.json" <<'END'
{ "apiVersion": "security-profiles-operator.x-k8s.io/v1beta1", "kind": "SeccompProfile",
  "metadata": { "name": "small" },
  "spec": { "defaultAction": "SCMP_ACT_LOG", "architectures": ["SCMP_ARCH_X86_64"],
    "syscalls": [{ "action": "SCMP_ACT_ERRNO", "names": ["bpf"] }] } }
END
  edit --deny @kexec
  equals "$difference" '<     "syscalls": [{ "action": "SCMP_ACT_ERRNO", "names": ["bpf"] }] } }
>     "syscalls": [{ "action": "SCMP_ACT_ERRNO", "names": ["bpf", "kexec_file_load", "kexec_load"] }] } }' text
  printf 'read: 1\n' >"$T/p.json"
  edit --allow mkdir
  equals "$rc" 2 "exit code"
  expect_line '.* \(policy of minijail\) cannot be edited; .* tamis seccomp show --as oci .*'
}

# A resource in two styles, beside another one.
write_yaml()
{
  cat >"$T/p.json" <<'END'
# what the cluster needs
apiVersion: v1
kind: ConfigMap
metadata: {name: x}
---
apiVersion: security-profiles-operator.x-k8s.io/v1
kind: SeccompProfile
metadata:
  name: web   # the name
spec:
  defaultAction: SCMP_ACT_ERRNO
  architectures: [SCMP_ARCH_X86_64]
  syscalls:
  # what every program needs
  - action: SCMP_ACT_ALLOW
    names:
    - execve   # for the start
    # reads
    - read
    - write
  - { action: "SCMP_ACT_ALLOW", names: [ socket, connect ] }   # network
  - action: SCMP_ACT_ERRNO
    names:
    - clone3
    errnoRet: 38
END
}

@test "edit: YAML keeps order, comments, indentation and form" {
  write_yaml
  grep -q 'libyaml' <(edit --allow mkdir; echo "$output") && skip "built without libyaml"
  edit --allow mkdir --deny connect,write --errno uname=EACCES
  equals "$rc" 0 "exit code"
  equals "$difference" '>     - mkdir
<     - write
<   - { action: "SCMP_ACT_ALLOW", names: [ socket, connect ] }   # network
>   - { action: "SCMP_ACT_ALLOW", names: [ socket ] }   # network
>   - action: SCMP_ACT_ERRNO
>     names:
>     - uname
>     errnoRet: 13' text
  expect_line '  ALLOW before, ERRNO\(EPERM\) after:'
  edit --deny execve,read,write --allow socket:family=AF_UNIX --in-place
  equals "$rc" 0 "exit code"
  equals "$("$RUNTIME" seccomp explain "${facts[@]}" "$T/p.json" read | head -n1)" \
    "read() on x86_64: ERRNO(EPERM)" "the file"
}

@test "check --fix: YAML, the same" {
  write_yaml
  sed -i 's/    - write/    - write # twice\n    - read\n    - " openat"/' "$T/p.json"
  cp "$T/p.json" "$T/q.json"
  "$RUNTIME" seccomp check --fix "${facts[@]}" "$T/q.json" >"$T/said" 2>&1 || true
  grep -q 'libyaml' "$T/said" && skip "built without libyaml"
  equals "$(diff "$T/p.json" "$T/q.json" | grep '^[<>]')" '<     - read
<     - " openat"
>     - "openat"' text
}

# bats test_tags=ci
@test "edit: mistakes have exit code 2 and one line" {
  for words in "" "--allow mkdri" "--allow @modul" "--errno mkdir" "--errno mkdir=EFOO" "--allow mkdir --deny mkdir" \
    "--allow socket:colour=1" "--allow ," "--allow mkdir -i -o x"; do
    # shellcheck disable=SC2086
    edit $words
    equals "$rc $(wc -l <<<"$output")" "2 1" "$words: $output"
  done
  rc=0
  output=$("$RUNTIME" seccomp edit default --allow mkdir 2>&1) || rc=$?
  equals "$rc" 2 "exit code"
  expect_line '.*cannot be edited.*tamis seccomp show --as oci default'
}
