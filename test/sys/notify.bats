# SPDX-License-Identifier: Apache-2.0
# SCMP_ACT_NOTIFY as agents use it: the message, which calls may be notified, what is refused. And
# details of the runtime that recorders of profiles depend on.
load ../lib

rule()
{
  config '.linux.seccomp = {defaultAction: $d, syscalls: [{names: ($n | split(",")), action: $a}]}' \
    --arg d "$1" --arg n "$2" --arg a "$3"
}

agent()
{
  background agent "$SYS/agent" "$T/agent.sock" "$T/agent.ready" "$T/agent.state" "$@"
  until_true 5 test -e "$T/agent.ready"
  config '.linux.seccomp.listenerPath = $p' --arg p "$T/agent.sock"
}

# bats test_tags=ci
@test "notify: the first read has the whole document below 16 KiB, then the connection ends" {
  rule SCMP_ACT_ALLOW sethostname SCMP_ACT_NOTIFY
  config '.annotations = {a: ("x" * 14000)}'
  agent
  args /bin/payload syscall sethostname s:x 1
  view
  until_true 5 grep -qx 'end: 0' "$T/agent"
  equals "$(sed -n 's/first: \(.*\) bytes/\1/p' "$T/agent")" "$(wc -c <"$T/agent.state")" "bytes"
  jq -e '.fds == ["seccompFd"] and (.state.annotations.a | length == 14000)' "$T/agent.state"
}

# bats test_tags=ci
@test "notify: a document that is too large is an error that says so, never truncated" {
  requires tamis
  rule SCMP_ACT_ALLOW sethostname SCMP_ACT_NOTIFY
  config '.annotations = {a: ("x" * 60000)}'
  agent
  args /bin/payload syscall sethostname s:x 1
  view
  expect_status 1
  expect_output 'expected at most 16383 (annotations?)'
  [ ! -s "$T/agent.state" ]
}

@test "notify: as the default action, for every call of the program" {
  requires tamis
  config '.linux.seccomp = {defaultAction: "SCMP_ACT_NOTIFY"}'
  agent
  args /bin/tiny
  view
  expect_status 7
  equals "$(grep -c notified "$T/agent")" 3 "execve, write, exit_group"
}

@test "notify: listenerPath without NOTIFY is ignored" {
  rule SCMP_ACT_ALLOW sethostname SCMP_ACT_ERRNO
  config '.linux.seccomp.listenerPath = "/nowhere/agent.sock"'
  args /bin/true
  view
  expect_status 0
}

@test "notify: listenerMetadata without a path is refused" {
  unlike crun "takes it"
  unlike runc "1.1.5 takes it"
  rule SCMP_ACT_ALLOW sethostname SCMP_ACT_ERRNO
  config '.linux.seccomp.listenerMetadata = "x"'
  refused
}

# bats test_tags=ci
@test "notify: WAIT_KILLABLE_RECV, with and without a listener" {
  requires tamis
  rule SCMP_ACT_ALLOW sethostname SCMP_ACT_NOTIFY
  config '.linux.seccomp.flags = ["SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"]'
  agent
  args /bin/payload syscall sethostname s:x 1
  view
  until_true 5 grep -q notified "$T/agent"
  rule SCMP_ACT_ALLOW sethostname SCMP_ACT_ERRNO
  config '.linux.seccomp.flags = ["SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"]'
  view
  expect_line 'sethostname: EPERM'
}

@test "notify: an agent that takes the listener and exits does not kill the runtime" {
  requires tamis
  rule SCMP_ACT_ALLOW sethostname SCMP_ACT_NOTIFY
  agent
  script 'exec payload pause'
  create
  start
  kill -9 "${HELPERS[-1]}"
  run rt exec "$ID" /bin/true
  expect_status 255 # no agent listens any more
  is_status running
  rt delete --force "$ID"
}

# bats test_tags=ci
@test "notify: a limit of descriptors that leaves no number for the listener" {
  local n
  args /bin/payload syscall sethostname s:x 1
  for n in 3 1; do
    rm -f "$T/agent.sock" "$T/agent.ready"
    rule SCMP_ACT_ALLOW sethostname SCMP_ACT_NOTIFY
    agent
    config '.process.rlimits = [{type: "RLIMIT_NOFILE", soft: $n, hard: $n}]' --argjson n $n
    view
    until_true 5 grep -q notified "$T/agent"
  done
  requires tamis
  rm -f "$T/agent.sock" "$T/agent.ready"
  rule SCMP_ACT_ALLOW prlimit64 SCMP_ACT_NOTIFY
  agent
  view
  expect_status 1
  expect_output 'no descriptor left for the listener'
}

# bats test_tags=ci
@test "notify: start connects to the agent that listens at that time" {
  requires tamis
  rule SCMP_ACT_ALLOW sethostname SCMP_ACT_NOTIFY
  agent
  args /bin/payload syscall sethostname s:x 1
  create
  kill -9 "${HELPERS[-1]}"
  run start
  [ "$status" != 0 ]
  expect_output 'linux.seccomp.listenerPath'
  is_status created
  rm -f "$T/agent.sock" "$T/agent.ready"
  agent
  start
  until_true 5 grep -q notified "$T/agent"
}

# --- recorders of profiles ---------------------------------------------------------------------

@test "recorders: init's name is runc:[2:INIT] until its execve" {
  unlike crun "has its own name"
  args /bin/payload pause
  create
  equals "$(cat "/proc/$PID/comm")" 'runc:[2:INIT]' comm
  start
  equals "$(cat "/proc/$PID/comm")" payload comm
}

# bats test_tags=ci
@test "recorders: PR_GET_PDEATHSIG just before execve, or before a filter that denies it" {
  requires tamis
  requires program strace
  rule SCMP_ACT_ALLOW sethostname SCMP_ACT_ERRNO
  args /bin/true
  # a separate file for each process, so that lines are not mixed
  TAMIS_TEST_MARK=$MARK strace -ff -qq -o "$T/trace" "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID" \
    </dev/null >"$T/out" 2>&1 3>&-
  local file
  file=$(grep -l 'seccomp(SECCOMP_SET_MODE_FILTER.* = 0$' "$T"/trace.*)
  equals "$(sed -n '/seccomp(SECCOMP_SET_MODE_FILTER.* = 0$/,/^execve/p' "$file" | tail -n 2 |
    sed 's/^\([a-z0-9]*(\)\([A-Z_]*\).*/\1\2/' | tr '\n' ' ')" \
    'prctl(PR_GET_PDEATHSIG execve( ' "calls"
}
