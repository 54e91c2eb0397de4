# SPDX-License-Identifier: Apache-2.0
# Explained denials: the answers are those of the profile, whatever happens to tamis-agent, and the
# log says what was denied, why, and what would allow it.
load ../lib
load denials

setup()
{
  bundle
  requires tamis
  LOG=$T/denials.jsonl
}

# bats test_tags=ci
@test "denials: ERRNO, TRAP, KILL_THREAD and KILL_PROCESS are as without explanation" {
  profile SCMP_ACT_ALLOW sync SCMP_ACT_KILL_PROCESS getpgid SCMP_ACT_KILL_THREAD \
    sysinfo SCMP_ACT_TRAP getsid SCMP_ACT_ERRNO
  program answers
  view
  expect_status 0
  local plain=$output
  run rt run --explain-denials="$LOG" --bundle "$BUNDLE" "$ID" 2>"$T/text"
  expect_status 0
  equals "$(grep -v "^$ID: " <<<"$output")" "$plain" "what the programs saw"
  [[ $plain == *"address right"* ]] || [[ $plain == *"signal 31"* ]]
  equals "$(last_counts '[.counts[].count, .ended] | tostring')" '[4,4,4,true]' counts
}

# 500 processes in each run.
# bats test_tags=all
@test "denials: every number gets the same answer as without explanation, unknown ones, too" {
  local answer how plain
  for answer in ERRNO TRAP KILL_THREAD KILL_PROCESS; do
    profile "SCMP_ACT_$answer" \
      write,exit,exit_group,wait4,clone,rt_sigaction,rt_sigprocmask,rt_sigreturn,set_robust_list,gettid,execve,arch_prctl,set_tid_address,brk,mmap,mprotect,prlimit64,rseq,readlink,readlinkat,getrandom,newfstatat,fstat,futex \
      SCMP_ACT_ALLOW
    for how in 0 1; do # without a handler of SIGSYS, and with one
      program numbers 0 $how
      RT_TIMEOUT=100 view
      expect_status 0
      plain=$output
      RT_TIMEOUT=100 run_explained
      equals "$(grep -v "^$ID: " <<<"$output")" "$plain" "$answer, $how"
    done
  done
  [ "${#plain}" -gt 3000 ]
}

# bats test_tags=ci
@test "denials: the init of a PID namespace dies by SIGSYS, exit code 159" {
  local action
  for action in SCMP_ACT_KILL_PROCESS SCMP_ACT_KILL_THREAD SCMP_ACT_TRAP; do
    profile SCMP_ACT_ALLOW sync $action
    program once 162
    run_explained
    expect_status 159
  done
  profile SCMP_ACT_ALLOW sync SCMP_ACT_ERRNO
  run_explained
  expect_status 3
}

# It is observed for a second.
# bats test_tags=all
@test "denials: the log says that the process lives on after a call of its second thread" {
  profile SCMP_ACT_ALLOW sync SCMP_ACT_ERRNO
  program thread 162 3000
  run_explained
  expect_status 0
  equals "$(last_counts '.counts[0].lived')" true
}

@test "denials: KILL_THREAD ends one thread" {
  profile SCMP_ACT_ALLOW sync SCMP_ACT_KILL_THREAD
  program thread 162
  run_explained
  expect_status 0
  expect_output 'the process goes on'
}

@test "denials: KILL ends a program that replaces the instruction of the call while it waits" {
  profile SCMP_ACT_ALLOW sync SCMP_ACT_KILL_PROCESS
  program rewrite 162
  run_explained
  # SIGSYS, or SIGKILL if there was no call to repeat any more
  [ "$status" = 159 ] || expect_status 137
}

@test "denials: TRAP, while another thread sends SIGSYS" {
  profile SCMP_ACT_ALLOW sync SCMP_ACT_TRAP
  program pressed 162 50
  run_explained
  expect_status 0
  expect_output '50 of 50'
}

@test "denials: where SIGKILL is given in place of the answer, the end of the run and why say so" {
  profile SCMP_ACT_ALLOW sync SCMP_ACT_TRAP
  program traced 162
  run_explained
  expect_output 'signal 9'
  expect_output "$ID: 1 of the calls got SIGKILL in place of the answer, because their threads"
  run rt seccomp why "$LOG"
  expect_line ' *1 of these got SIGKILL \(exit code 137\) instead: .*'
}

# 2 s each.
# bats test_tags=all
@test "denials: a process is not looked into again and again if that takes too long" {
  profile SCMP_ACT_ALLOW mkdir SCMP_ACT_ERRNO
  config '.process.capabilities |= map_values(. + ["CAP_SYS_PTRACE"])'
  local delay
  for delay in 0 85; do # memory that is never served, and memory that is served just in time
    rm -f "$LOG"
    program blocked 83 30 $delay
    run_explained
    [ "$status" != 9 ] || skip "no userfaultfd(2)"
    expect_status 0
    equals "$(jq -r 'select(.schema == "tamis-denial/1") | .program' "$LOG" | tr '\n' ' ')" \
      '/bin/denied  ' 'the program is known, then it is not'
  done
}

# 4 s, in place of 2 s for each process.
# bats test_tags=all
@test "denials: threads that do not stop are waited for with a limit, and end" {
  profile SCMP_ACT_ALLOW sync SCMP_ACT_KILL_PROCESS
  program missing 162 60
  run_explained
  [ "$status" != 9 ] || skip "no userfaultfd(2)"
  expect_status 0
}

# bats test_tags=ci
@test "denials: one line of JSON for each kind: the call, its arguments, the rule, what would allow it" {
  profile SCMP_ACT_ALLOW mkdir,mkdirat SCMP_ACT_ERRNO
  config '.linux.seccomp.syscalls[0].errnoRet = 13 | .root.readonly = false'
  script 'mkdir /tmp/new; mkdir /tmp/new; exit 5'
  run_explained
  expect_status 5
  equals "$(logged .call | sort -u)" mkdir call
  equals "$(logged '.id' | wc -l)" 1 "one line for two equal denials"
  equals "$(logged '[.container, .answer, .errno, .reason] | join(" ")')" \
    "$ID SCMP_ACT_ERRNO EACCES rule" answer
  equals "$(logged .program)" /bin/busybox program
  [[ $(logged .rule.place) =~ ^config.json:[0-9]+:\ linux.seccomp.syscalls\[0\]$ ]]
  equals "$(logged .allow.remove)" mkdir "what would allow it"
  equals "$(last_counts '.counts[0].count')" 2 count
  expect_output 'mkdir('
  expect_output '2 calls denied, of 1 kind'
}

# bats test_tags=ci
@test "denials: the rule that is proposed allows the call" {
  config '.root.readonly = false | .linux.seccomp = null'
  args /bin/payload syscall unshare 0x10000000
  run rt run --seccomp default --explain-denials="$LOG" --bundle "$BUNDLE" "$ID"
  equals "$(logged .reason)" default reason
  equals "$(logged '.allow.rule | [.names[0], .action, .args[0].value, .args[0].op] | join(" ")')" \
    "unshare SCMP_ACT_ALLOW 268435456 SCMP_CMP_EQ" rule
  rt spec --bundle "$T" 2>/dev/null || (cd "$T" && rt spec)
  jq --argjson rule "$(logged '.allow.rule | tostring')" \
    '.linux.seccomp.syscalls += [$rule] | .linux.seccomp' "$T/config.json" >"$T/wider.json"
  run rt run --seccomp "$T/wider.json" --bundle "$BUNDLE" "$ID"
  [[ $output != *EPERM* ]]
}

# bats test_tags=ci
@test "denials: create, start and exec; the agent ends with the container" {
  profile SCMP_ACT_ALLOW sync SCMP_ACT_ERRNO getpgid SCMP_ACT_ERRNO
  program once 162
  script 'sleep 100'
  rt create --explain-denials="$LOG" --bundle "$BUNDLE" "$ID"
  until_true 5 has_agents 3
  start
  run rt exec "$ID" /bin/denied once 162
  expect_status 3
  run rt exec "$ID" /bin/denied once 121
  equals "$(logged .call | sort | tr '\n' ' ')" "getpgid sync " calls
  rt delete --force "$ID"
  run agents
  expect_output ''
  equals "$(last_counts .ended)" true ended
}

@test "denials: without a file the log is in the state directory" {
  profile SCMP_ACT_ALLOW sync SCMP_ACT_ERRNO
  program once 162
  rt create --explain-denials --bundle "$BUNDLE" "$ID"
  start
  LOG=$ROOT/$ID/denials.jsonl
  until_true 5 grep -q '"call":"sync"' "$LOG"
  rt delete --force "$ID"
}

@test "denials: a directory gets a log for each container; --explain-denials before the command" {
  profile SCMP_ACT_ALLOW sync SCMP_ACT_ERRNO
  program once 162
  mkdir "$T/logs"
  run rt --explain-denials="$T/logs" run --bundle "$BUNDLE" "$ID"
  grep -q '"call":"sync"' "$T/logs/$ID.jsonl"
  mv "$T/logs/$ID.jsonl" "$T/elsewhere"
  ln -s "$T/elsewhere" "$T/logs/$ID.jsonl"
  run rt --explain-denials="$T/logs" create --bundle "$BUNDLE" "$ID"
  expect_output "--explain-denials=$T/logs/$ID.jsonl: cannot be written"
  rm "$T/logs/$ID.jsonl" && mknod "$T/logs/$ID.jsonl" c 1 3
  run rt --explain-denials="$T/logs" create --bundle "$BUNDLE" "$ID"
  expect_output "--explain-denials=$T/logs/$ID.jsonl: expected a file"
}

@test "denials: the caller's limit of open files is no limit for processes of exec" {
  profile SCMP_ACT_ALLOW sync SCMP_ACT_ERRNO
  config 'del(.process.rlimits)'
  local limit
  limit=$(ulimit -Hn)
  [ "$limit" != unlimited ] && [ "$limit" -lt 1152 ] || limit=1152
  (ulimit -Sn 100 && rt create --explain-denials="$LOG" --bundle "$BUNDLE" "$ID")
  until_true 5 grep -q "Max open files  *$limit " "/proc/$(server)/limits"
  rt delete --force "$ID"
}

@test "denials: annotations that are too large for a seccomp agent" {
  profile SCMP_ACT_ALLOW sync SCMP_ACT_ERRNO
  config '.annotations = {a: ("x" * 60000)}'
  program once 162
  run_explained
  expect_status 3
  equals "$(logged .call)" sync call
}

@test "denials: the annotation needs to be allowed" {
  profile SCMP_ACT_ALLOW sync SCMP_ACT_ERRNO
  program once 162
  config '.annotations = {"io.tamis.explain-denials": $f}' --arg f "$LOG"
  refused 'a process and a file would be made on the host'
  run rt --allow-annotation io.tamis.explain-denials run --bundle "$BUNDLE" "$ID"
  expect_status 3
  equals "$(logged .call)" sync call
}

# bats test_tags=ci
@test "denials: if the agent is killed, calls stay denied, exec works, and the log says so" {
  profile SCMP_ACT_ALLOW sync SCMP_ACT_ERRNO
  program once 162
  script 'while :; do sleep 1; done'
  rt create --explain-denials="$LOG" --bundle "$BUNDLE" "$ID"
  start
  kill -9 "$(server)"
  until_true 5 grep -q tamis-denial-agent "$LOG"
  equals "$(jq -r 'select(.schema == "tamis-denial-agent/1") | .ended' "$LOG")" \
    'killed by signal 9' why
  run rt --debug exec "$ID" /bin/payload syscall 162
  expect_output ENOSYS
  expect_output 'tamis-agent was killed'
  rt delete --force "$ID"
}

@test "denials: start, if the agent was killed before" {
  profile SCMP_ACT_ALLOW sync SCMP_ACT_ERRNO
  program once 162
  rt create --explain-denials="$LOG" --bundle "$BUNDLE" "$ID"
  kill -9 "$(agents | head -n 1)"
  until_true 5 is_gone
  run rt start "$ID"
  expect_status 1
  expect_output '--explain-denials: the socket of tamis-agent, '
  expect_output 'Connection refused'
  rt delete --force "$ID"
}

@test "denials: the processes of the agent end together, even one that is stopped" {
  profile SCMP_ACT_ALLOW sync SCMP_ACT_ERRNO
  script 'sleep 100'
  rt create --explain-denials="$LOG" --bundle "$BUNDLE" "$ID"
  kill -STOP "$(server)"
  kill -9 "$(agents | head -n 1)"
  until_true 5 is_gone
  run rt seccomp why "$ID"
  expect_output 'tamis-agent was killed'
  rt delete --force "$ID"
}

# bats test_tags=ci
@test "denials: a million kinds of denials use bounded memory and a bounded log" {
  config '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["getpgid"],
    action: "SCMP_ACT_ERRNO", args: [{index: 0, value: 0, op: "SCMP_CMP_NE"}]}]}'
  local n
  n=$(many 20000 1000000)
  program flood 121 "$n"
  RT_TIMEOUT=120 run_explained
  expect_status 0
  expect_output "$n"
  equals "$(logged .id | wc -l)" 1024 "lines of denials"
  equals "$(last_counts '([.counts[].count] | add) + .unlogged')" "$n" "all are counted"
}

@test "denials: refused by name before anything is made: NOTIFY, a log that cannot be written" {
  profile SCMP_ACT_ALLOW sync SCMP_ACT_NOTIFY
  config '.linux.seccomp.listenerPath = "/run/agent.sock"'
  run rt create --explain-denials --bundle "$BUNDLE" "$ID"
  expect_status 1
  expect_output 'linux.seccomp: found SCMP_ACT_NOTIFY'
  profile SCMP_ACT_ALLOW sync SCMP_ACT_ERRNO
  run rt create --explain-denials=/nowhere/log --bundle "$BUNDLE" "$ID"
  expect_status 1
  expect_output -- '--explain-denials=/nowhere/log: cannot be written'
  [ ! -e "$ROOT/$ID" ]
}

@test "denials: what could not be written to the log is counted, and said at the end" {
  profile SCMP_ACT_ALLOW sync SCMP_ACT_ERRNO
  program once 162
  LOG=/dev/full run_explained
  expect_status 3
  expect_output "1 of the kinds could not be written to the log: No space left on device"
}

@test "denials: without a profile there is nothing to explain, and no agent" {
  config 'del(.linux.seccomp)'
  script 'exit 4'
  run_explained
  expect_status 4
  [ ! -e "$LOG" ]
}

@test "denials: in a new user namespace, and without no_new_privs" {
  profile SCMP_ACT_ALLOW sync SCMP_ACT_ERRNO
  program once 162
  config '.process.noNewPrivileges = false'
  run_explained
  expect_status 3
  config '.linux.namespaces += [{type: "user"}] |
    .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}] |
    .linux.gidMappings = .linux.uidMappings'
  chown -hR 100000:100000 "$ROOTFS" 2>/dev/null || true
  run_explained
  expect_status 3
  equals "$(logged .call | sort -u)" sync call
}

@test "denials: why reads the log of a container, in its state directory or where the option says" {
  profile SCMP_ACT_ALLOW sync SCMP_ACT_ERRNO
  local log
  script 'while :; do sleep 1; done'
  for log in --explain-denials --explain-denials="$LOG"; do
    rt create "$log" --bundle "$BUNDLE" "$ID"
    start
    rt exec "$ID" /bin/payload syscall 162 || true
    until_true 5 grep -q '"call":"sync"' "$ROOT/$ID/denials.jsonl" "$LOG" 2>/dev/null
    run rt seccomp why "$ID"
    expect_status 1
    expect_line "$ID: 1 kind of calls was denied, .*"
    expect_line '.* sync\(\): EPERM'
    expect_line '  *to allow it: take sync out of that rule and allow it'
    [ "$log" != --explain-denials ] || rt delete --force "$ID"
  done
  run rt seccomp why --container other "$LOG"
  expect_status 0
  # what has its name now is not the log
  mv "$LOG" "$LOG.1"
  run rt seccomp why "$ID"
  expect_output "the log of denials of container '$ID', $LOG: not found"
  mkfifo "$LOG"
  run rt seccomp why "$ID"
  expect_output "the log of denials of container '$ID', $LOG: expected a file"
  rt delete --force "$ID"
}
