# SPDX-License-Identifier: Apache-2.0
# Waits for other processes: each one ends at a deadline or by a signal, names what did not answer,
# and leaves nothing behind. test/waits.index lists all waits.
load ../lib

# deaf NAME: makes a socket with that name in $T whose backlog is full; no process accepts.
deaf()
{
  background "$1" "$SYS/payload" deaf "$T/$1.sock"
  until_true 10 grep -q full "$T/$1"
}

# waiting NAME ARG...: runs the runtime with these arguments until it waits in connect(2).
waiting()
{
  local name=$1
  shift
  background "$name" env TAMIS_TEST_MARK="$MARK" "$RUNTIME" --root "$ROOT" "$@"
  WAITING=${HELPERS[-1]}
  until_true 20 grep -q unix "/proc/$WAITING/wchan"
}

# ended SIGNAL NAME STATUS [WORDS]: sends the signal; WAITING must exit with that status and print
# WORDS.
ended()
{
  local rc=0
  kill "-$1" "$WAITING"
  wait "$WAITING" || rc=$?
  equals $rc "$3" "status of $2"
  [ -z "${4:-}" ] || grep -qF -- "$4" "$T/$2.err"
}

@test "waits: create --pidfd-socket without an accepting peer ends by SIGTERM, leaves nothing" {
  requires tamis
  deaf peer
  waiting create create --bundle "$BUNDLE" --pidfd-socket "$T/peer.sock" "$ID"
  ended TERM create 1 'ended by signal 15 (SIGTERM)'
  [ ! -e "$ROOT/$ID" ]
  equals "$(cgroup_dirs "$ID")" "" cgroups
}

@test "waits: create --console-socket and listenerPath without an accepting peer end by SIGINT" {
  requires tamis
  deaf peer
  config '.process.terminal = true'
  waiting create create --bundle "$BUNDLE" --console-socket "$T/peer.sock" "$ID"
  ended INT create 1 'ended by signal 2 (SIGINT)'
  [ ! -e "$ROOT/$ID" ]
  config '.process.terminal = false | .linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", listenerPath: $p,
    syscalls: [{names: ["sethostname"], action: "SCMP_ACT_NOTIFY"}]}' --arg p "$T/peer.sock"
  waiting run run --bundle "$BUNDLE" "$ID"
  ended INT run 130
  [ ! -e "$ROOT/$ID" ]
}

@test "waits: exec, in the foreground and detached, without an accepting peer is ended by SIGTERM" {
  requires tamis
  deaf peer
  args /bin/payload pause
  create
  start
  waiting exec exec --pidfd-socket "$T/peer.sock" "$ID" /bin/payload pause
  ended TERM exec 143
  waiting exec exec --detach --tty --console-socket "$T/peer.sock" "$ID" /bin/payload pause
  ended TERM exec 255 'ended by signal 15 (SIGTERM)'
  equals "$(rt ps -f json "$ID" | jq length)" 1 "processes of the container"
  equals "$(state_of)" running state
}

# bats test_tags=all
@test "waits: at the deadline the peer that does not accept is named" {
  requires tamis
  deaf peer
  run create --pidfd-socket "$T/peer.sock"
  expect_status 1
  expect_output "--pidfd-socket $T/peer.sock: the listening process did not accept within 10 s"
  [ ! -e "$ROOT/$ID" ]
}

@test "waits: create with a hook that hangs is ended by SIGTERM, nothing is left behind" {
  requires tamis
  config '.hooks.createRuntime = [{path: "/bin/sh", args: ["sh", "-c", "touch $0; sleep 1000", $t]}]' --arg t "$T/hook"
  background create env TAMIS_TEST_MARK="$MARK" "$RUNTIME" --root "$ROOT" create --bundle "$BUNDLE" "$ID"
  WAITING=${HELPERS[-1]}
  until_true 10 test -e "$T/hook"
  ended TERM create 1 'ended by signal 15 (SIGTERM)'
  [ ! -e "$ROOT/$ID" ]
}

# bats test_tags=all
@test "waits: delete --force while start waits for a hook that hangs" {
  requires tamis
  local kind
  for kind in poststart startContainer; do
    if [ $kind = poststart ]; then
      config '.hooks = {poststart: [{path: "/bin/sh", args: ["sh", "-c", "touch $0; sleep 1000", $t]}]}' --arg t "$T/hook"
    else
      config '.hooks = {startContainer: [{path: "/bin/sh", args: ["sh", "-c", "echo x >/dev/shm/hook; sleep 1000"]}]}'
    fi
    args /bin/payload pause
    create
    background start env TAMIS_TEST_MARK="$MARK" "$RUNTIME" --root "$ROOT" start "$ID"
    WAITING=${HELPERS[-1]}
    if [ $kind = poststart ]; then
      until_true 10 test -e "$T/hook"
    else
      until_true 10 test -e "/proc/$PID/root/dev/shm/hook"
    fi
    run rt start "$ID"
    [ $kind = startContainer ] || expect_output "another command holds its lock (process $WAITING)"
    rt delete --force "$ID"
    [ ! -e "$ROOT/$ID" ]
    until_true 5 sh -c "! kill -0 $WAITING"
  done
}

@test "waits: start with a poststart hook that hangs is ended by SIGTERM, and so is the container" {
  requires tamis
  config '.hooks = {poststart: [{path: "/bin/sh", args: ["sh", "-c", "touch $0; sleep 1000", $t]}]}' --arg t "$T/hook"
  args /bin/payload pause
  create
  background start env TAMIS_TEST_MARK="$MARK" "$RUNTIME" --root "$ROOT" start "$ID"
  WAITING=${HELPERS[-1]}
  until_true 10 test -e "$T/hook"
  ended TERM start 1 'ended by signal 15 (SIGTERM)'
  equals "$(state_of)" stopped state
}

# bats test_tags=all
@test "waits: --log is a FIFO without a reader, or with a reader that stops" {
  requires tamis
  mkfifo "$T/log"
  run timeout 20 "$RUNTIME" --log "$T/log" --root "$ROOT" state "$ID"
  expect_status 1
  expect_output 'found a FIFO without a reader'
  exec 7<>"$T/log"
  dd if=/dev/zero of="$T/log" bs=4096 oflag=nonblock count=1000 2>/dev/null || true
  run timeout 20 "$RUNTIME" --log "$T/log" --root "$ROOT" state "$ID"
  expect_status 1
  expect_output 'does not exist'
}
