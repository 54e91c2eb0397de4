# SPDX-License-Identifier: Apache-2.0
# run in the foreground: its work beside waiting for the program.
load ../lib

# foreground [COMMAND-PREFIX]...: runs it in the background, with its output in $T/run. Sets RUN.
foreground()
{
  TAMIS_TEST_MARK=$MARK "$@" "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID" \
    >"${OUTPUT:-$T/run}" 2>"$T/run.err" 3>&- </dev/null &
  RUN=$!
  HELPERS+=("$RUN")
}

# Returns the exit code of RUN.
run_ends()
{
  local rc=0
  wait "$RUN" || rc=$?
  equals "$rc" "$1" "exit code of run ($(cat "$T/run.err"))"
}

ticks()
{
  awk '{ print $14 + $15 }' "/proc/$1/stat"
}

zombies_of()
{
  ps -o stat= --ppid "$1" | grep -c '^Z' || true
}

no_zombies()
{
  [ "$(zombies_of "$RUN")" = 0 ]
}

@test "the container is deleted by another command: the exit code is still the program's" {
  unlike runc "1.1.5 reports that it cannot be deleted"
  unlike crun "1.8.1 reports that it cannot be deleted"
  script 'sleep 100'
  foreground
  wait_status running
  rt delete --force "$ID"
  run_ends 137
  equals "$(cat "$T/run.err")" "" "standard error"
}

# bats test_tags=ci
@test "a reader that pauses after the program's end costs no CPU time" {
  requires tamis
  config '.process.terminal = true'
  script 'dd if=/dev/zero bs=1000 count=69 2>/dev/null; exit 3'
  mkfifo "$T/pipe"
  exec 4<>"$T/pipe"
  OUTPUT=$T/pipe foreground
  wait_status stopped
  local before
  before=$(ticks "$RUN")
  sleep 0.5
  equals "$(($(ticks "$RUN") - before < 10))" 1 "little time was used"
  background reader cat "$T/pipe"
  exec 4>&-
  run_ends 3
  until_true 5 test "$(stat -c %s "$T/reader")" = 69000
}

# bats test_tags=ci
@test "orphans of a container without a PID namespace are reaped while it runs" {
  requires tamis
  config '.linux.namespaces |= map(select(.type != "pid")) | .linux.maskedPaths = [] |
    .linux.readonlyPaths = [] | .mounts |= map(select(.destination != "/proc"))'
  script 'for i in 1 2 3 4 5; do (sleep 0.1 &); done; sleep 0.3; echo made; sleep 100'
  foreground
  until_true 10 grep -q made "$T/run"
  until_true 5 no_zombies
  rt delete --force "$ID"
  run_ends 137
}

# bats test_tags=ci
@test "SIGTERM ends the wait for a config or a profile from a FIFO without a writer" {
  unlike runc "has no --seccomp, and opens config.json for ever"
  unlike crun "likewise"
  local pid words
  mkfifo "$T/fifo" "$T/config"
  cp "$BUNDLE/config.json" "$T/saved"
  for words in "--seccomp $T/fifo" ""; do
    [ -n "$words" ] || mv "$T/config" "$BUNDLE/config.json"
    # shellcheck disable=SC2086 # words
    TAMIS_TEST_MARK=$MARK "$RUNTIME" --root "$ROOT" run $words --bundle "$BUNDLE" "$ID" 3>&- &
    pid=$!
    until_true 5 sh -c "ls -l /proc/$pid/fd | grep -qE '$T/fifo|$BUNDLE/config.json'"
    kill -TERM $pid
    status=0
    wait $pid || status=$?
    expect_status 143
    nothing_left
  done
  # a FIFO with a writer is read
  cat "$T/saved" >"$BUNDLE/config.json" &
  rt run --bundle "$BUNDLE" "$ID"
  wait $!
}
