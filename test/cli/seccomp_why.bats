# SPDX-License-Identifier: Apache-2.0
# tamis seccomp why: denials from a log, and what the kernel has recorded.
load ../lib

setup()
{
  requires tamis
  prepare
}

ask()
{
  rc=0
  output=$("$RUNTIME" --root "$ROOT" seccomp why "$@" 2>&1 3>&-) || rc=$?
}

# denial ID CALL [MEMBERS]: a line of a log
denial()
{
  printf '{"schema":"tamis-denial/1","id":%d,"time":"2026-11-26T19:55:%02d.1Z","container":"web",' "$1" "$1"
  printf '"pid":12,"tid":12,"program":"/usr/bin/python3","thread":"python3","architecture":"SCMP_ARCH_X86_64",'
  printf '"number":1,"call":"%s","answer":"SCMP_ACT_ERRNO","errno":"EPERM"%s}\n' "$2" "${3-}"
}

# counts ID:COUNT...: the last line of a log
counts()
{
  local c list=
  for c; do list+="${list:+,}{\"id\":${c%:*},\"count\":${c#*:},\"lived\":true}"; done
  printf '{"schema":"tamis-denial-counts/1","container":"web","counts":[%s],"unlogged":0,"ended":true}\n' "$list"
}

# bats test_tags=ci
@test "why: a log, with the rule that denied and the one that would allow" {
  {
    denial 1 mkdir ',"args":[{"name":"pathname","value":"0x7f12","text":"\"/tmp/a\\n\""},{"name":"mode","value":"0x1ff","text":"0777"}],"reason":"rule","rule":{"place":"config.json:120: linux.seccomp.syscalls[3]"},"caller":{"file":"/usr/lib/libc.so.6","offset":"0xf7f37","symbol":"mkdir+0x7"},"allow":{"rule":{"names":["mkdir"],"action":"SCMP_ACT_ALLOW"},"opens":"new directories"}'
    denial 2 mkdir ',"args":[{"name":"pathname","value":"0x7f12","text":"\"/tmp/b\""}],"caller":{"file":"/usr/lib/libc.so.6","offset":"0xf7f37","symbol":"mkdir+0x7"},"reason":"rule"'
    denial 3 ptrace ',"reason":"default"'
    denial 4 new_call ',"reason":"unknown"'
    counts 1:57 2:3 3:1 4:9
  } >"$T/log"
  ask "$T/log"
  equals "$rc" 1 "exit code"
  equals "$output" "$T/log: 2 kinds of calls were denied, 61 times

   60x  mkdir(pathname=\"/tmp/a\\n\", mode=0777): EPERM
        and 1 more with other arguments
        /usr/bin/python3, in /usr/lib/libc.so.6+0xf7f37 (mkdir+0x7); it went on
        denied by the rule config.json:120: linux.seccomp.syscalls[3]
        to allow it: {\"names\":[\"mkdir\"],\"action\":\"SCMP_ACT_ALLOW\"}
        which opens: new directories

    1x  ptrace(): EPERM
        /usr/bin/python3; it went on
        denied by the default action: no rule matches

not counted: 1 kind of calls newer than the profile (ENOSYS); --all shows them

to change a profile: tamis seccomp edit --allow CALL PROFILE" output
  ask --all "$T/log"
  expect_line ' *9x  new_call\(\): EPERM'
  ask --json "$T/log"
  equals "$rc" 1 "exit code of JSON"
  equals "$(jq -r '.schema, .denials[0].count, .denials[0].allow[0].names[0], (.denials | length), .ended' <<<"$output" | xargs)" \
    'tamis-seccomp-why/1 60 mkdir 3 true' JSON
  equals "$(jq -r '.denials[0].args[0].text' <<<"$output")" '"/tmp/a\n"' "an argument"
  ask --container other "$T/log"
  equals "$rc" 0 "another container"
  ask - <"$T/log"
  equals "$rc" 1 "standard input"
}

@test "why: a log of many denials is cut to a screen, the most frequent first" {
  for i in {1..40}; do denial "$i" "call_$i" ',"reason":"default"'; done >"$T/log"
  # shellcheck disable=SC2046
  counts $(for i in {1..40}; do echo "$i:$((i * 2))"; done) >>"$T/log"
  ask "$T/log"
  [ "$(wc -l <<<"$output")" -le 24 ]
  equals "$(grep -m1 -o 'call_[0-9]*' <<<"$output")" call_40 "the first"
  expect_line '3[0-9] more kinds of denials; --all shows them'
  ask --all "$T/log"
  equals "$(grep -c 'call_' <<<"$output")" 40 "all of them"
}

@test "why: nothing of a log reaches the terminal but text, whatever the container wrote" {
  denial 1 'm\u001b[2Jk\u202e' ',"reason":"rule","rule":{"place":"a\nb"},"args":[{"name":"\u009b","text":"\u0007"}],"caller":{"file":"\u001b]0;x\u0007","symbol":"\r"}' >"$T/log"
  printf '\xff\x1b[2J\n{"schema":"tamis-denial/1","id":2,"conta' >>"$T/log"
  ask --all "$T/log"
  equals "$rc" 1 "exit code"
  equals "$(LC_ALL=C tr -d '\n -~' <<<"$output")" "" "bytes that are not printable ASCII"
  expect_output 'm\033[2Jk\u202e(\u009b=\a)'
  expect_line '2 lines of the log are damaged, 0 were left out'
}

@test "why: an empty log, and what is no log" {
  : >"$T/log"
  ask "$T/log"
  equals "$rc" 0 "exit code"
  equals "$output" "$T/log: no call was denied" output
  echo '{}' >"$T/log"
  ask "$T/log"
  equals "$rc" 2 "exit code"
  expect_output 'expected a log of denials'
  ask nothing
  equals "$rc" 2 "exit code"
  expect_output "'nothing': expected a log of denials, the id of a container, or pid:N"
  ask container:nothing
  equals "$rc" 2 "exit code"
  ask --since 5 pid:1
  equals "$rc" 2 "exit code"
  expect_output "--since: expected a number and s, m, h or d"
}

@test "why: the kernel's records of a process, and what they do not tell" {
  requires root
  ask --since 10m pid:1
  expect_line 'process 1: the kernel recorded no denied call since .*Z'
  expect_output '159 (128 + SIGSYS)'
  expect_output '--explain-denials'
  ask --json --since 10m pid:1
  equals "$(jq -r '.schema, .source, (.denials | length)' <<<"$output" | xargs)" "tamis-seccomp-why/1 kernel 0" JSON
}
