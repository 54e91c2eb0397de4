# SPDX-License-Identifier: Apache-2.0
# The protocols of service managers: LISTEN_FDS (sd_listen_fds(3)) and NOTIFY_SOCKET (sd_notify(3)).
load ../lib

# listening N COMMAND...: runs it like systemd runs a service with N sockets, which start at 3.
listening()
(
  export LISTEN_FDS=$1 LISTEN_PID=$BASHPID LISTEN_FDNAMES=one:two TAMIS_TEST_MARK=$MARK
  shift
  exec "$RUNTIME" --root "$ROOT" "$@" 3<"$T/one" 4<"$T/two" 5<"$T/three" 6<"$T/three" </dev/null
)

sockets()
{
  echo first >"$T/one"
  echo second >"$T/two"
  echo third >"$T/three"
}

# bats test_tags=ci
@test "LISTEN_FDS: the descriptors, their number, their names, the pid" {
  sockets
  config '.process.env += ["LISTEN_FDS=7", "LISTEN_PID=9"]'
  script 'test -e /proc/$$/fd/5 || echo no more; cat <&4; cat <&3; env | grep ^LISTEN; echo pid $$'
  run listening 2 run --bundle "$BUNDLE" "$ID"
  expect_status 0
  expect_line LISTEN_FDS=2
  expect_line LISTEN_PID=1
  expect_line 'pid 1'
  expect_line first
  expect_line second
  expect_line 'no more'
  unlike runc "1.1.5 passes no names"
  expect_line LISTEN_FDNAMES=one:two
  equals "$(grep -c LISTEN_ <<<"$output")" 3 variables
}

@test "LISTEN_FDS and --preserve-fds: the preserved descriptors come after the sockets" {
  sockets
  script 'cat <&5; test -e /proc/$$/fd/6 || echo no more'
  run listening 2 run --preserve-fds 1 --bundle "$BUNDLE" "$ID"
  expect_status 0
  equals "$output" $'third\nno more' "descriptor 5"
}

@test "LISTEN_FDS for another process is ignored" {
  sockets
  script 'env | grep -c ^LISTEN; test -e /proc/$$/fd/3 || echo none'
  export LISTEN_FDS=1 LISTEN_PID=1
  view
  equals "$output" $'0\nnone' "what the program sees"
}

@test "LISTEN_PID is the program's pid, also in a joined PID namespace" {
  unlike runc "1.1.5 says 1"
  sockets
  config 'del(.linux.namespaces[] | select(.type == "pid"))'
  script 'echo $$ $LISTEN_PID'
  run listening 2 run --bundle "$BUNDLE" "$ID"
  expect_status 0
  [ "${output% *}" = "${output#* }" ]
}

@test "LISTEN_FDS that is not a number is refused" {
  requires tamis
  sockets
  run listening x run --bundle "$BUNDLE" "$ID"
  expect_status 1
  expect_output "LISTEN_FDS"
}

# manager: listens like systemd; the messages are written to $T/manager.
manager()
{
  background manager "$SYS/payload" manager "$T/manager.sock"
  until_true 5 grep -q up "$T/manager"
  export NOTIFY_SOCKET=$T/manager.sock
}

@test "NOTIFY_SOCKET: run forwards READY and status texts, but no other messages" {
  manager
  script 'echo $NOTIFY_SOCKET; payload notify "MAINPID=1\nREADY=1\nFDSTORE=1\nSTATUS=at work\nSTATUS=a$(printf "\t")b"
    payload notify "BARRIER=1"; payload notify "NOTIFYACCESS=all"; payload notify "STOPPING=1"
    touch /run/notify/x 2>/dev/null && echo writable; exit 0'
  view
  expect_status 0
  expect_no_line writable
  until_true 5 grep -qx READY=1 "$T/manager"
  unlike runc "1.1.5 passes on READY only"
  until_true 5 grep -qx STOPPING=1 "$T/manager"
  run cat "$T/manager"
  equals "$output" $'up\nREADY=1\nSTATUS=at work\n--\nSTOPPING=1\n--' "what the manager hears"
}

# bats test_tags=ci
@test "NOTIFY_SOCKET: run --detach and start return when the program is ready, and send its pid" {
  manager
  script 'usleep 300000; echo said >/dev/console 2>/dev/null; payload notify READY=1; exec sleep 100'
  rt run --detach --pid-file "$T/pid" --bundle "$BUNDLE" "$ID"
  until_true 1 grep -qx READY=1 "$T/manager"
  grep -qx "MAINPID=$(cat "$T/pid")" "$T/manager"
  rt delete --force "$ID"
  : >"$T/manager"
  create
  equals "$(cat "$T/manager")" "" "what was said before the start"
  start
  until_true 1 grep -qx READY=1 "$T/manager"
  grep -qx "MAINPID=$PID" "$T/manager"
  equals "$(state_of)" running state
}

@test "NOTIFY_SOCKET: the end of a program that sent nothing ends the wait" {
  manager
  script 'exit 3'
  create
  start
  wait_status stopped
  equals "$(grep -c READY "$T/manager")" 0 "words of READY"
}

# bats test_tags=ci
@test "NOTIFY_SOCKET: kill and delete work while start waits" {
  requires tamis
  manager
  script 'exec sleep 100'
  create
  background start env TAMIS_TEST_MARK="$MARK" "$RUNTIME" --root "$ROOT" start "$ID"
  wait_status running
  rt kill "$ID" KILL
  wait_status stopped
  until_true 5 sh -c "! kill -0 ${HELPERS[-1]}"
  rt delete "$ID"
}

# bats test_tags=ci
@test "NOTIFY_SOCKET: a program of another user, a manager that has exited, an invalid address" {
  requires tamis
  config '.process.user = {"uid": 1000, "gid": 1000}'
  manager
  script 'payload notify READY=1'
  view
  expect_status 0
  until_true 5 grep -qx READY=1 "$T/manager"
  export NOTIFY_SOCKET=$T/nobody.sock
  view
  expect_status 0
  export NOTIFY_SOCKET=@nobody-$ID
  view
  expect_status 0
  export NOTIFY_SOCKET=nonsense
  script 'echo ${NOTIFY_SOCKET:-none}'
  view
  equals "$output" none NOTIFY_SOCKET
}

@test "NOTIFY_SOCKET: a container that makes /run/notify writable cannot reach the host by it" {
  unlike runc "1.1.5 binds a directory of its state"
  unlike crun "binds a directory of its state"
  manager
  config '.process.capabilities[] |= (. + ["CAP_SYS_ADMIN"] | unique)'
  script 'mount -o remount,bind,rw /run/notify
    mv /run/notify/notify.sock /run/notify/old; ln -s "$0" /run/notify/notify.sock
    mkdir -p /run/notify/d/e; echo x >/run/notify/file; while :; do sleep 1; done'
  create
  find "$ROOT/$ID" -type s -o -type d | sort >"$T/made"
  equals "$(cat "$T/made")" "$ROOT/$ID" "sockets and directories of the state"
  background start env TAMIS_TEST_MARK="$MARK" "$RUNTIME" --root "$ROOT" start "$ID"
  until_true 5 rt exec "$ID" /bin/test -L /run/notify/notify.sock
  equals "$(find "$ROOT/$ID" -type s -o -type d | sort)" "$(cat "$T/made")" "the same, afterwards"
  rt delete --force "$ID"
  [ ! -e "$ROOT/$ID" ]
}

# bats test_tags=ci
@test "NOTIFY_SOCKET: start never changes the socket's inode or a file that replaces it" {
  unlike runc "1.1.5 binds and changes a path that the container can write to"
  manager
  config '.process.capabilities[] |= (. + ["CAP_SYS_ADMIN"] | unique)'
  touch "$T/victim" "$ROOTFS/victim"
  chmod 600 "$T/victim" "$ROOTFS/victim"
  script 'payload notify READY=1; exec sleep 100'
  create
  rt exec "$ID" /bin/sh -c 'mount -o remount,bind,rw /run/notify && cd /run/notify &&
    mv notify.sock real && ln -s "$1" notify.sock' sh "$T/victim"
  background start env TAMIS_TEST_MARK="$MARK" "$RUNTIME" --root "$ROOT" start "$ID"
  wait_status running
  # a file that replaces the socket does not matter: messages still arrive on the socket
  rt exec --env NOTIFY_SOCKET=/run/notify/real "$ID" /bin/payload notify READY=1
  until_true 5 grep -qx READY=1 "$T/manager"
  equals "$(stat -c %a "$T/victim" "$ROOTFS/victim" | tr '\n' ' ')" "600 600 " "modes of the victims"
}

@test "NOTIFY_SOCKET: a second start is refused and keeps the socket of the first one" {
  manager
  script 'exec sleep 100'
  create
  background start env TAMIS_TEST_MARK="$MARK" "$RUNTIME" --root "$ROOT" start "$ID"
  wait_status running
  run start
  [ "$status" != 0 ]
  rt exec --env NOTIFY_SOCKET=/run/notify/notify.sock "$ID" /bin/payload notify READY=1
  until_true 5 grep -qx READY=1 "$T/manager"
  until_true 5 sh -c "! kill -0 ${HELPERS[-1]}"
}

@test "NOTIFY_SOCKET: descriptors in a message are dropped without a close by the runtime" {
  requires tamis
  requires program strace
  manager
  script 'payload notify READY=1; exec sleep 100'
  create
  TAMIS_TEST_MARK=$MARK strace -f -qq -e trace=recvmsg -o "$T/trace" "$RUNTIME" --root "$ROOT" start "$ID" 3>&-
  grep -q 'READY=1.*msg_controllen=0, msg_flags=MSG_CTRUNC' "$T/trace"
}

# bats test_tags=ci
@test "NOTIFY_SOCKET: in a user namespace, and in a joined PID namespace" {
  requires tamis
  manager
  config '.linux.namespaces += [{type: "user"}] |
    .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}] | .linux.gidMappings = .linux.uidMappings'
  chown -R 100000:100000 "$ROOTFS"
  script 'payload notify READY=1; exec sleep 100'
  create
  start
  grep -qx READY=1 "$T/manager"
  local first=$PID id=$ID
  : >"$T/manager"
  use "$BUNDLE" "$ID-2"
  config '.linux.namespaces |= map(if .type == "pid" then .path = $p elif .type == "user" then .path = $u else . end) |
    del(.linux.uidMappings, .linux.gidMappings)' --arg p "/proc/$first/ns/pid" --arg u "/proc/$first/ns/user"
  create
  start
  grep -qx READY=1 "$T/manager"
  grep -qx "MAINPID=$PID" "$T/manager"
}
