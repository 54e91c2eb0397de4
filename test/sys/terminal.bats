# SPDX-License-Identifier: Apache-2.0
# Terminals: the console socket as engines use it, /dev/console, window size.
load ../lib

tty_setup()
{
  config '.process.terminal = true'
  background tty "$SYS/recvtty" "$T/console.sock" "$T/ready" "$@"
  until_true 5 test -e "$T/ready"
}

@test "console socket: one message, one descriptor; the program has a terminal" {
  tty_setup
  script 'tty; test -t 0 -a -t 1 -a -t 2 && echo all three'
  create --console-socket "$T/console.sock"
  start
  until_true 5 grep -q 'all three' "$T/tty"
  grep -qE 'message: [1-9][0-9]* bytes, 1 fds' "$T/tty.err"
  until_true 5 grep -q 'after: 0' "$T/tty.err"
  grep -qE '/dev/(pts/0|console)' "$T/tty"
  equals "$(cat "$T/out")" "" "the runtime's own output"
}

@test "console socket: the receiver accepts after the runtime has ended" {
  mkfifo "$T/gate"
  tty_setup "$T/gate"
  script 'echo through the tty'
  create --console-socket "$T/console.sock"
  : >"$T/gate"
  start
  until_true 5 grep -q 'through the tty' "$T/tty"
}

@test "consoleSize" {
  tty_setup
  config '.process.consoleSize = {"height": 33, "width": 99}'
  script 'exec sleep 100'
  create --console-socket "$T/console.sock"
  until_true 5 grep -q 'tty 33x99' "$T/tty.err"
}

@test "the terminal is controlling and owned by the user" {
  tty_setup
  config '.process.user = {"uid": 1000, "gid": 1000}'
  script 'stat -c "owner %u" $(readlink /proc/self/fd/0); : </dev/tty && echo controlling'
  create --console-socket "$T/console.sock"
  start
  until_true 5 grep -q controlling "$T/tty"
  grep -q 'owner 1000' "$T/tty"
}

@test "/dev/console is the terminal" {
  tty_setup
  script 'echo by console >/dev/console; grep " /dev/console " /proc/self/mountinfo'
  create --console-socket "$T/console.sock"
  start
  until_true 5 grep -q 'by console' "$T/tty"
  until_true 5 grep -q devpts "$T/tty"
}

@test "run with a terminal in the foreground relays it" {
  config '.process.terminal = true'
  script 'tty; test -t 0 -a -t 1 && echo terminal; exit 5'
  run timeout 20 script -qec \
    "TAMIS_TEST_MARK=$MARK $RUNTIME --root $ROOT run --bundle $BUNDLE $ID" /dev/null 3>&-
  expect_status 5
  expect_output terminal
}

@test "refused: a terminal without a console socket, detached" {
  config '.process.terminal = true'
  refused
}

@test "refused: a console socket without a terminal" {
  unlike crun "1.8.1 takes it"
  background tty "$SYS/recvtty" "$T/console.sock" "$T/ready"
  until_true 5 test -e "$T/ready"
  run create --console-socket "$T/console.sock"
  [ "$status" != 0 ]
}

@test "refused: a console socket that nobody listens on" {
  config '.process.terminal = true'
  run create --console-socket "$T/none.sock"
  [ "$status" != 0 ]
  [ ! -e "$ROOT/$ID" ]
}

@test "refused: a console socket that is a directory's name, which would be an abstract address" {
  requires tamis
  config '.process.terminal = true'
  run create --console-socket "$T/"
  expect_status 1
  expect_output "EISDIR"
}
