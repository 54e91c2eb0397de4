# SPDX-License-Identifier: Apache-2.0
# tamis-agent as the seccomp agent of a node: what it answers, for which runtimes, and that neither a
# container, a runtime nor a restart makes another container wait or lose a call.
load ../lib

setup()
{
  bundle
  SOCK=$T/agent.sock LOG=$T/agent.jsonl METRICS=$T/agent.prom
}

# agent [OPTION]...: starts it
agent()
{
  background agent "$TAMIS_BUILDDIR/tamis-agent" --listen "$SOCK" --log "$LOG" --metrics "$METRICS" "$@"
  AGENT=${HELPERS[-1]}
  until_true 5 test -e "$METRICS"
}

# managed: starts it under a service manager, which starts it again
managed()
{
  background manager "$SYS/manager" "$T" "$TAMIS_BUILDDIR/tamis-agent" --log "$LOG"
  MANAGER=${HELPERS[-1]}
  until_true 5 grep -q READY=1 "$T/manager"
}

notifier()
{
  timeout 50 "$SYS/notifier" "$@"
}

logged()
{
  jq -rc "select(.schema == \"tamis-denial/1\") | $1" "$LOG"
}

# notify: linux.seccomp with a NOTIFY rule for sethostname
notify()
{
  config '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", listenerPath: $s,
    syscalls: [{names: ["sethostname"], action: "SCMP_ACT_NOTIFY"}]}' --arg s "$SOCK"
  args /bin/payload syscall sethostname s:x 1
}

# explain_metadata PROFILE: listenerMetadata with the original profile
explain_metadata()
{
  jq -nc --argjson p "$1" '{schema: "tamis-explain/1", name: "p.json", caps: "0", seccomp: $p} | tostring'
}

# --- containers ----------------------------------------------------------------------------

# What every runtime's containers get.
answers()
{
  notify
  agent --allow-policy errno
  view
  expect_line 'sethostname: EPERM'
  config '.annotations = {"io.tamis.agent.policy": "errno=EACCES"}'
  view
  expect_line 'sethostname: EACCES'
  config '.annotations = {"io.tamis.agent.policy": "allow"}'
  view
  expect_line 'sethostname: EPERM'
  equals "$(logged '[.container, .call, .errno, .reason, .policy] | join(" ")')" \
    "$ID sethostname EPERM notify errno"$'\n'"$ID sethostname EACCES notify errno=EACCES"$'\n'"$ID sethostname EPERM notify errno=EPERM" log
  grep -q "$ID: the policy of io.tamis.agent.policy is unknown or not allowed" "$T/agent.err"
}

@test "agent: a NOTIFY rule of a container of tamis is answered by the policy" {
  requires tamis
  answers
  run rt seccomp why "$LOG"
  expect_output 'answered by tamis-agent, whose policy for it is errno'
}

# bats test_tags=all
@test "agent: a NOTIFY rule of a container of runc is answered by the policy" {
  control runc 1.1.5
  answers
}

# bats test_tags=all
@test "agent: a NOTIFY rule of a container of crun is answered by the policy" {
  control crun 1.8.1
  answers
}

# bats test_tags=ci
@test "agent: exec has a listener of its own, of the same container" {
  requires tamis
  notify
  script 'payload syscall sethostname s:x 1; exec sleep 100'
  agent
  create
  start
  until_true 5 grep -q sethostname "$LOG"
  run rt exec "$ID" /bin/payload syscall sethostname s:x 1
  expect_line 'sethostname: EPERM'
  until_true 5 grep -qx 'tamis_agent_listeners 1' "$METRICS"
  rt delete --force "$ID"
  until_true 5 grep -q '"ended":true' "$LOG"
  equals "$(logged .id)" 1 "one kind"
  until_true 5 grep -qx "tamis_agent_calls_total{container=\"$ID\",call=\"sethostname\",action=\"SCMP_ACT_ERRNO\",errno=\"EPERM\"} 2" "$METRICS"
  grep -qx 'tamis_agent_containers_total 1' "$METRICS"
}

# precreate NAMES: the denials of a profile that denies these calls notify the agent
precreate()
{
  config '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW",
    syscalls: [{names: ($n | split(",")), action: "SCMP_ACT_ERRNO", errnoRet: 13}]}' --arg n "$1"
  "$TAMIS_BUILDDIR/tamis-precreate" --explain "$SOCK" <"$BUNDLE/config.json" >"$T/new.json"
  mv "$T/new.json" "$BUNDLE/config.json"
}

explained()
{
  agent --policy enosys
  precreate mkdir,mkdirat
  config '.root.readonly = false'
  view 'mkdir /tmp/new; mkdir /tmp/new; exit 5'
  expect_status 5
  expect_output 'Permission denied'
  equals "$(logged '[.container, .call, .errno, .reason, .allow.remove] | join(" ")')" \
    "$ID mkdir EACCES rule mkdir" log
  [[ $(logged .args[0].text) == *'"/tmp/new"'* ]]
  [ ! -s "$T/agent.err" ] # the probe of tamis-precreate is no error
}

@test "agent: denials of a profile that tamis-precreate has changed are explained, under tamis" {
  requires tamis
  explained
  run rt seccomp why "$LOG"
  expect_output 'take mkdir out of that rule'
}

# bats test_tags=all
@test "agent: denials of a profile that tamis-precreate has changed are explained, under runc" {
  control runc 1.1.5
  explained
}

# bats test_tags=all
@test "agent: denials of a profile that tamis-precreate has changed are explained, under crun" {
  control crun 1.8.1
  explained
}

# --- policies ------------------------------------------------------------------------------

@test "agent: the original profile of the metadata answers and explains" {
  agent --policy enosys
  local profile='{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["getpgid"],"action":"SCMP_ACT_ERRNO","errnoRet":22}]}'
  run notifier calls "$SOCK" 1 1 121 3 "\"metadata\":$(explain_metadata "$profile"),"
  expect_line 'EINVAL: 3'
  equals "$(logged '[.reason, .rule.place, .allow.remove] | join(" ")')" \
    'rule p.json:1: seccomp.syscalls[0] getpgid' explanation
  # what it does not deny, and metadata of others, are for the policy
  run notifier calls "$SOCK" 1 2 124 1 "\"metadata\":$(explain_metadata "$profile"),"
  expect_line 'ENOSYS: 1'
  run notifier calls "$SOCK" 1 3 121 1 '"metadata":"{\"schema\":\"other\"}",'
  expect_line 'ENOSYS: 1'
  [ ! -s "$T/agent.err" ]
  # a profile that cannot be read
  run notifier calls "$SOCK" 1 4 121 1 "\"metadata\":$(explain_metadata '{"defaultAction":"x"}'),"
  expect_line 'ENOSYS: 1'
  grep -q 'p.json:1: seccomp.defaultAction' "$T/agent.err"
  run notifier calls "$SOCK" 1 5 121 1 "\"metadata\":$(explain_metadata null | sed 's/p.json/x\\\\nfake/'),"
  grep -q 'x.nfake:1: seccomp' "$T/agent.err" # one line
}

# bats test_tags=ci
@test "agent: kill ends the process, allow carries the call out" {
  agent --policy allow --allow-policy kill
  run notifier calls "$SOCK" 1 1 124 2 # getsid of init's
  expect_line 'success: 2'
  run notifier calls "$SOCK" 1 2 121 2 ',"annotations":{"io.tamis.agent.policy":"kill"}}}'
  expect_line 'killed: 1'
  run notifier calls "$SOCK" 1 3 121 2 "\"metadata\":$(explain_metadata \
    '{"defaultAction":"SCMP_ACT_KILL_PROCESS"}'),"
  expect_line 'killed: 1'
  equals "$(logged .answer)" SCMP_ACT_ALLOW$'\n'SCMP_ACT_KILL_PROCESS$'\n'SCMP_ACT_KILL_PROCESS log
  [ "$KIND" = tamis ] || return 0
  run rt seccomp why "$LOG"
  expect_output '2 kinds of calls were denied'
  equals "$(grep -c 'the process was killed by SIGKILL (exit code 137)' <<<"$output")" 2 SIGKILL
  expect_output '1 kind of calls that a policy let through'
  run rt seccomp why --json "$LOG"
  equals "$(jq -c '[.denials[] | [.reason, .policy]] | sort' <<<"$output")" \
    '[["default",""],["notify","allow"],["notify","kill"]]' JSON
}

@test "agent: options that cannot be are refused by name" {
  run "$TAMIS_BUILDDIR/tamis-agent"
  expect_status 1
  expect_output 'expected --listen, or a socket of the service manager'
  run "$TAMIS_BUILDDIR/tamis-agent" --listen "$SOCK" --policy errno=EWHAT
  expect_output -- '--policy: found "errno=EWHAT"'
  run "$TAMIS_BUILDDIR/tamis-agent" --listen "$SOCK" --allow-policy all
  expect_output -- '--allow-policy: found "all"'
  agent
  run "$TAMIS_BUILDDIR/tamis-agent" --listen "$SOCK"
  expect_output -- "--listen $SOCK: cannot be listened on"
  run "$TAMIS_BUILDDIR/tamis-agent" --help
  expect_output -- '--allow-policy=POLICY'
}

# --- messages that cannot be ---------------------------------------------------------------

# bats test_tags=ci
@test "agent: malformed and oversized messages, wrong descriptors: refused, the calls are denied" {
  local ok='{"fds":["seccompFd"],"pid":1,"state":{"id":"c","pid":1,"bundle":"/b"}}'
  agent
  equals "$(notifier state "$SOCK" "$ok" l)" EPERM "a right message"
  local text
  for text in '' '{' '[]' '{"fds":["seccompFd"]}' '{"fds":["other"],"state":{"id":"c"}}' \
    '{"fds":["seccompFd"],"state":{"id":"../c"}}' '{"fds":["seccompFd"],"state":{"id":7}}' \
    '{"fds":["seccompFd","seccompFd"],"state":{"id":"c"}}'; do
    equals "$(notifier state "$SOCK" "$text" l)" ENOSYS "$text"
  done
  equals "$(notifier state "$SOCK" "$ok" ll)" ENOSYS "two descriptors"
  equals "$(notifier state "$SOCK" '{"fds":["x","seccompFd"],"state":{"id":"c"}}' pl)" EPERM "the second one"
  notifier state "$SOCK" "$ok" p
  notifier state "$SOCK" "$ok" ''
  head -c 300000 /dev/zero | tr '\0' ' ' >"$T/large"
  equals "$(notifier state "$SOCK" - l <"$T/large")" ENOSYS "a large message"
  equals "$(notifier state "$SOCK" "$ok" l)" EPERM "a right message"
  until_true 5 grep -qx 'tamis_agent_refused_total 11' "$METRICS"
  equals "$(grep -c 'refused a listener' "$T/agent.err")" 11 messages
  grep -q 'expected a seccomp listener, found another descriptor' "$T/agent.err"
  equals "$(find "/proc/$AGENT/fd" -lname '*seccomp*' | wc -l)" 0 "listeners left"
  equals "$(find "/proc/$AGENT/fd" -lname 'pipe:*' | wc -l)" 0 "pipes left"
}

# bats test_tags=ci
@test "agent: a connection that is not ended is closed; others are served meanwhile" {
  agent
  background silent "$SYS/notifier" open "$SOCK" ''
  background slow "$SYS/notifier" open "$SOCK" '{"fds":'
  run notifier calls "$SOCK" 2 1 121 3
  expect_line 'EPERM: 6'
  [ -n "${TAMIS_TEST_ALL:-}" ] || return 0 # it takes 5 s
  until_true 20 grep -q closed "$T/silent" "$T/slow"
}

# bats test_tags=ci
@test "agent: only root and its own user can connect" {
  requires program setpriv
  local dir
  dir=$(mktemp -d) # others cannot enter $T
  chmod 755 "$dir"
  cp "$SYS/notifier" "$dir"
  SOCK=$dir/agent.sock
  agent
  equals "$(stat -c %a "$SOCK")" 600 mode
  chmod 666 "$SOCK"
  run setpriv --reuid 1000 --clear-groups "$dir/notifier" calls "$SOCK" 1 1 121 1
  rm -r "$dir"
  expect_line 'ENOSYS: 1'
  grep -q 'the connection is of another user' "$T/agent.err"
}

@test "agent: it has a filter, no other capabilities, and SIGTERM ends it" {
  agent
  equals "$(awk '/^Seccomp:|^NoNewPrivs/ { print $2 }' "/proc/$AGENT/status" | tr '\n' ' ')" '1 2 ' filter
  equals "$(awk '/^Seccomp:/ { print $2 }' "/proc/$(pgrep -P "$AGENT")/status")" 2 "of the process that reads"
  if [ "$KIND" = tamis ] && [ "$EUID" = 0 ]; then
    local call
    for call in execve ptrace connect mount setuid; do
      run rt seccomp explain "pid:$AGENT" $call
      [[ ${lines[0]} == "$call() on "*": ERRNO(EPERM)" ]]
    done
  fi
  [ "$EUID" != 0 ] || equals "$(awk '/^Cap(Prm|Eff)/ { print $2 }' "/proc/$AGENT/status" | sort -u)" \
    0000000000080020 capabilities
  mv "$LOG" "$LOG.1"
  kill -HUP "$AGENT"
  until_true 5 test -e "$LOG"
  kill "$AGENT"
  wait "$AGENT"
}

@test "agent: it works where clone3(2) gets ENOSYS, as under RestrictNamespaces= of systemd" {
  bpf_program 20:0:0:0 15:0:1:1b3 6:0:0:50026 6:0:0:7fff0000 >"$T/filter"
  background agent "$SYS/under" "$T/filter" "$TAMIS_BUILDDIR/tamis-agent" --listen "$SOCK" --log "$LOG" --metrics "$METRICS"
  until_true 5 test -e "$METRICS"
  run notifier calls "$SOCK" 1 1 121 1
  expect_line 'EPERM: 1'
  equals "$(logged .program)" "$SYS/notifier" program
}

# --- many, and restarts ---------------------------------------------------------------------

# bats test_tags=ci
@test "agent: 200 containers at once, with a flood from one of them" {
  agent
  background flood "$SYS/notifier" calls "$SOCK" 1 900 124 "$(many 5000 50000)"
  run notifier calls "$SOCK" "$(many 30 200)" 1 121 "$(many 10 200)"
  expect_line "EPERM: $(many 300 40000)"
  until_true 30 grep -q "EPERM: $(many 5000 50000)" "$T/flood"
  until_true 5 grep -qx "tamis_agent_containers_total $(many 31 201)" "$METRICS"
  until_true 5 grep -qx 'tamis_agent_containers 0' "$METRICS"
  equals "$(grep -c '^tamis_agent_calls_total' "$METRICS")" "$(many 31 64)" "series: ended ones are limited"
}

# bats test_tags=ci
@test "agent: a container whose memory blocks is read once, and others are answered" {
  agent
  background blocking "$SYS/notifier" blocking "$SOCK" 20
  run notifier calls "$SOCK" 5 1 121 20
  expect_line 'EPERM: 100'
  until_true 20 eval '[ "$(grep -c EPERM "$T/blocking")" = 20 ]'
  until_true 5 grep -qE '^tamis_agent_unread_calls_total 1[0-9]' "$METRICS"
  run notifier calls "$SOCK" 1 9 121 1
  equals "$(logged 'select(.container == "c9") | .program')" "$SYS/notifier" "others are still read"
}

# bats test_tags=all
@test "agent: a restart loses no listener and no call, even by SIGKILL" {
  managed
  background calls "$SYS/notifier" calls "$SOCK" 8 1 121 5000
  until_true 5 grep -q '^stored 16' "$T/manager"
  local i pid last=
  for i in $(seq 6); do
    until_true 5 eval '[ "$(grep -c READY=1 "$T/manager")" = '"$i ]"
    pid=$(sed -n 's/^pid //p' "$T/manager" | tail -n 1)
    [ "$pid" != "$last" ]
    last=$pid
    if [ $((i % 2)) = 0 ]; then kill "$pid"; else kill -9 "$pid"; fi
  done
  until_true 60 test -s "$T/calls"
  equals "$(cat "$T/calls")" "EPERM: 40000" "no call was lost or got ENOSYS"
  until_true 5 eval '[ "$(grep stored "$T/manager" | tail -n 1)" = "stored 0" ]'
  grep -q WATCHDOG=1 "$T/manager"
  kill "$MANAGER"
  wait "$MANAGER"
  equals "$(tail -n 1 "$T/manager")" 'ended 0' 'the end'
}

@test "agent: a connection that arrives just before SIGTERM is served by the next process" {
  managed
  local pid
  pid=$(sed -n 's/^pid //p' "$T/manager")
  kill -STOP "$pid"
  background calls "$SYS/notifier" calls "$SOCK" 1 1 121 1
  until_true 10 grep -q seccomp_do_user_notification "/proc/$(pgrep -P "${HELPERS[-1]}" || echo "${HELPERS[-1]}")/wchan"
  kill "$pid"
  kill -CONT "$pid"
  until_true 10 grep -q : "$T/calls"
  equals "$(cat "$T/calls")" 'EPERM: 1' "the call"
  equals "$(grep -c READY=1 "$T/manager")" 2 "starts"
  kill "$MANAGER"
  wait "$MANAGER"
}

# bats test_tags=ci
@test "agent: a call that was received is answered by the next process if the first is killed" {
  requires program strace
  managed
  local pid
  pid=$(sed -n 's/^pid //p' "$T/manager")
  # the third is the answer, behind the set-up of the listener and the receiving
  background strace strace -qq -o "$T/trace" -e trace=ioctl \
    -e inject=ioctl:delay_enter=60000000:when=3 -p "$pid"
  local tracer=${HELPERS[-1]}
  until_true 5 grep -q '^TracerPid:.*[1-9]' "/proc/$pid/status"
  background calls "$SYS/notifier" calls "$SOCK" 1 1 121 1
  until_true 10 eval '[ "$(grep -c ioctl "$T/trace")" -ge 2 ]'
  kill -9 "$pid"
  kill -9 "$tracer" # it would keep the dead process from its parent
  until_true 10 grep -qx 'EPERM: 1' "$T/calls"
  equals "$(grep -c READY=1 "$T/manager")" 2 "starts"
  kill "$MANAGER"
  wait "$MANAGER"
}
