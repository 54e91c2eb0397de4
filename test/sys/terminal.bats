# SPDX-License-Identifier: Apache-2.0
# Terminals: the console socket as engines use it, /dev/console, window size.
load ../lib

tty_setup()
{
  config '.process.terminal = true'
  background tty "$SYS/recvtty" "$T/console.sock" "$T/ready" "$@"
  until_true 5 test -e "$T/ready"
}

# bats test_tags=ci
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

# conmon waits for a terminal on a connection that it has accepted; if that ends without one, conmon
# exits without showing the runtime's error. The receiver here accepts only the first connection.
# bats test_tags=ci
@test "console socket: a command that fails before it has a terminal does not connect" {
  unlike runc "1.1.5 connects first"
  unlike crun "connects first"
  tty_setup
  config '.mounts += [{"destination": "/etc/passwd/x", "type": "tmpfs", "source": "tmpfs"}]'
  run create --console-socket "$T/console.sock"
  [ "$status" != 0 ]
  config 'del(.mounts[-1]) | .process.args = ["/no/such"]'
  run create --console-socket "$T/console.sock"
  [ "$status" != 0 ]
  config '.process.args = ["/bin/sleep", "100"] | .process.terminal = false'
  create
  start
  run rt exec --detach --tty --console-socket "$T/console.sock" "$ID" /no/such
  [ "$status" != 0 ]
  run rt exec --detach --tty --console-socket "$T/console.sock" "$ID" /bin/true
  expect_status 0
  until_true 5 grep -q 'message: .* 1 fds' "$T/tty.err"
}

@test "consoleSize" {
  tty_setup
  config '.process.consoleSize = {"height": 33, "width": 99}'
  script 'exec sleep 100'
  create --console-socket "$T/console.sock"
  until_true 5 grep -q 'tty 33x99' "$T/tty.err"
}

# bats test_tags=ci
@test "the terminal is controlling and owned by the user" {
  tty_setup
  config '.process.user = {"uid": 1000, "gid": 1000}'
  script 'stat -c "owner %u" $(readlink /proc/self/fd/0); : </dev/tty && echo controlling'
  create --console-socket "$T/console.sock"
  start
  until_true 5 grep -q controlling "$T/tty"
  grep -q 'owner 1000' "$T/tty"
}

# bats test_tags=ci
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

@test "refused: a detached terminal without a console socket" {
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

@test "refused: a console socket without a listener" {
  config '.process.terminal = true'
  run create --console-socket "$T/none.sock"
  [ "$status" != 0 ]
  [ ! -e "$ROOT/$ID" ]
}

@test "refused: a console socket that is a directory, which must not become an abstract address" {
  requires tamis
  config '.process.terminal = true'
  run create --console-socket "$T/"
  expect_status 1
  expect_output "EISDIR"
}

# --- the relay of run and exec in the foreground ---------------------------------------------

# on_tty COMMAND: runs it on a new terminal, in the background; output in $T/typescript. TTY is that
# terminal, RT the pid of the runtime.
on_tty()
{
  background on_tty env script -qefc "exec env TAMIS_TEST_MARK=$MARK $1" "$T/typescript"
  SCRIPT=${HELPERS[-1]}
  until_true 5 grep -q ready "$T/typescript"
  RT=$(cat "/proc/$SCRIPT/task/$SCRIPT/children")
  RT=${RT%% *}
  TTY=$(readlink "/proc/$RT/fd/0")
}

sees_size()
{
  ln -sf busybox "$ROOTFS/bin/stty"
  config '.process.terminal = true'
  script 'trap "echo size \$(stty size)" WINCH; trap "echo hung up; exit 5" HUP; echo ready
    while :; do usleep 20000; done'
}

# bats test_tags=ci
@test "SIGWINCH: the size of the caller's terminal is copied to the container's" {
  sees_size
  on_tty "$RUNTIME --root $ROOT run --bundle $BUNDLE $ID"
  stty -F "$TTY" rows 51 cols 121
  until_true 5 grep -q 'size 51 121' "$T/typescript"
}

# bats test_tags=ci
@test "SIGWINCH: also to the terminal of exec" {
  sees_size
  args /bin/payload pause
  config '.process.terminal = false'
  create
  start
  on_tty "$RUNTIME --root $ROOT exec --tty $ID /bin/sh -c 'trap \"stty size\" WINCH; echo ready; while :; do usleep 20000; done'"
  stty -F "$TTY" rows 41 cols 111
  until_true 5 grep -q '41 111' "$T/typescript"
}

# typescript COMMAND: sets $output to its output on a new terminal without input.
typescript()
{
  [ -p "$T/keys" ] || mkfifo "$T/keys"
  output=$(env script -qec "$1" /dev/null <>"$T/keys" 3>&-)
}

# Runs stty on the container's terminal, from inside.
with_stty()
{
  ln -sf busybox "$ROOTFS/bin/stty"
  config '.process.terminal = true'
}

# bats test_tags=ci
@test "line ends are as the program writes them if output is no terminal, CR LF if it is" {
  unlike crun "leaves it to the container's terminal"
  local streams run="env TAMIS_TEST_MARK=$MARK $RUNTIME --root $ROOT run --bundle $BUNDLE $ID"
  with_stty
  script 'stty -a 2>/dev/null | grep -o -- -onlcr; echo end'
  for streams in "" "</dev/null" ">$T/plain" "</dev/null >$T/plain"; do
    typescript "$run $streams"
    case $streams in
    *plain*) equals "$(od -An -c "$T/plain" | tr -d ' \n')" '-onlcr\nend\n' "run $streams" ;;
    *) equals "$output" $'-onlcr\r\nend\r' "run $streams" ;;
    esac
  done
}

@test "exec -t: line ends are as the program writes them" {
  unlike crun "leaves it to the container's terminal"
  args /bin/payload pause
  create
  start
  typescript "env TAMIS_TEST_MARK=$MARK $RUNTIME --root $ROOT exec -t $ID echo one >$T/plain"
  equals "$(od -An -c "$T/plain" | tr -d ' \n')" 'one\n' "exec -t"
}

# bats test_tags=ci
@test "the size is taken from the caller's terminal on any of the standard streams" {
  unlike crun "1.8.1 asks standard input"
  local streams run="env TAMIS_TEST_MARK=$MARK $RUNTIME --root $ROOT run --bundle $BUNDLE $ID"
  with_stty
  script 'usleep 200000; echo "size $(stty size)"'
  for streams in "" "</dev/null" "</dev/null 2>/dev/null" "</dev/null 2>/dev/null | cat"; do
    typescript "stty rows 33 cols 99; $run $streams"
    expect_output 'size 33 99'
  done
}

@test "hang-up: if the caller's terminal closes, the program gets SIGHUP" {
  sees_size
  on_tty "$RUNTIME --root $ROOT run --keep --bundle $BUNDLE $ID"
  kill -9 "$SCRIPT"
  until_true 5 eval '! kill -0 $RT'
  is_status stopped
}

@test "hang-up: if an engine closes its end of the console, the program gets SIGHUP" {
  config '.process.terminal = true'
  script 'trap "exit 5" HUP; echo "I listen"; while :; do usleep 20000; done'
  background tty "$SYS/recvtty" "$T/console.sock" "$T/ready"
  until_true 5 test -e "$T/ready"
  create --console-socket "$T/console.sock"
  start
  until_true 5 grep -q 'I listen' "$T/tty"
  kill -9 "${HELPERS[-1]}"
  wait_status stopped
}

@test "resize before start: the program starts with the engine's size" {
  sees_size
  script 'stty size; exec payload pause'
  RESIZE=61x131 background tty "$SYS/recvtty" "$T/console.sock" "$T/ready"
  until_true 5 test -e "$T/ready"
  create --console-socket "$T/console.sock"
  until_true 5 grep -q after "$T/tty.err"
  start
  until_true 5 grep -q '61 131' "$T/tty"
}

@test "create, start, kill, delete do not wait for an engine that never reads its console" {
  config '.process.terminal = true'
  script 'yes | head -c 1000000; sleep 100'
  ln -sf busybox "$ROOTFS/bin/yes"
  DEAF=1 background tty "$SYS/recvtty" "$T/console.sock" "$T/ready"
  until_true 5 test -e "$T/ready"
  create --console-socket "$T/console.sock"
  start
  sleep 0.1
  is_status running
  rt exec "$ID" /bin/true
  rt kill "$ID" KILL
  wait_status stopped
}

# Runs a container in the foreground as $RUN that prints more than a terminal holds, without a
# reader of its output: descriptor 8 keeps the pipe open. On USR1 it exits with 6.
unread()
{
  config '.process.terminal = true'
  ln -sf busybox "$ROOTFS/bin/yes"
  script 'trap "exit 6" USR1; yes | head -c 1000000 & while :; do usleep 20000; done'
  mkfifo "$T/fifo"
  exec 8<>"$T/fifo"
  TAMIS_TEST_MARK=$MARK "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID" </dev/null \
    >"$T/fifo" 2>"$T/run.err" 3>&- 8>&- &
  RUN=$!
  HELPERS+=($RUN)
  wait_status running
  sleep 0.3
}

@test "a reader that stops reading: signals are forwarded, the end is detected, and it may exit" {
  local rc=0
  unread
  kill -USR1 $RUN # is forwarded although no process reads
  until_true 5 is_status stopped || until_true 5 eval '! [ -e "$ROOT/$ID" ]'
  exec 8>&-
  wait $RUN || rc=$?
  equals $rc 6 "exit code"
}

@test "a reader that stops for ever: after the program's end a signal ends the wait" {
  requires tamis
  local rc=0
  unread
  kill -USR1 $RUN
  wait_status stopped
  kill -TERM $RUN
  wait $RUN || rc=$?
  equals $rc 6 "exit code"
}

@test "all output is read before the end, more than a terminal holds, by a slow reader" {
  config '.process.terminal = true'
  ln -sf busybox "$ROOTFS/bin/yes"
  script 'yes 0123456789abcdef | head -n 20000; exit 3'
  TAMIS_TEST_MARK=$MARK "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID" </dev/null 2>"$T/run.err" 3>&- |
    { sleep 0.5; wc -l >"$T/lines"; }
  equals "${PIPESTATUS[0]} $(cat "$T/lines")" "3 20000" "exit code and lines"
}

@test "standard input: closed, at its end, and with data for the program" {
  config '.process.terminal = true'
  script 'echo out; exit 4'
  run bash -c 'TAMIS_TEST_MARK="$0" timeout 10 "$@" <&-' "$MARK" "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID" 3>&-
  expect_status 4
  expect_output out
  run bash -c 'TAMIS_TEST_MARK="$0" timeout 10 "$@" </dev/null' "$MARK" "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID" 3>&-
  expect_status 4
  script 'read line; echo "got $line"'
  run bash -c 'echo hello | TAMIS_TEST_MARK="$0" timeout 10 "$@"' "$MARK" "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID" 3>&-
  expect_output 'got hello'
}
