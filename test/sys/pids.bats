# SPDX-License-Identifier: Apache-2.0
# A container at its limit of processes: the processes that the runtime needs inside for a moment do
# not count. (crun and runc move a process into the cgroup, which no limit prevents. exec of runc
# 1.1.5 needs another thread and then often fails: with limits of 1 to 6, at most two of five execs
# succeed.)
load ../lib

setup()
{
  requires root
  requires controller pids
  bundle
}

# full LIMIT: makes a container with as many processes as the limit.
full()
{
  config '.linux.resources.pids.limit = $n' --argjson n "$1"
  args /bin/payload tree $(($1 - 1))
  create
  start
  until_true 10 grep -q ready "$T/out"
  equals "$(cat "$(controller_file pids pids.current)")" "$1" "processes inside"
}

# Checks that the limit is unchanged.
limit()
{
  equals "$(cat "$(controller_file pids pids.max)")" "$1" pids.max
}

# bats test_tags=ci
@test "exec in a container at its limit" {
  unlike runc "1.1.5 needs threads"
  local n
  for n in 1 2 6; do
    full $n
    run rt exec "$ID" /bin/echo inside
    expect_status 0
    expect_output inside
    limit $n
    rt delete --force "$ID"
  done
}

# bats test_tags=ci
@test "exec: several at once, the limit is restored, also after failures" {
  requires tamis
  local i pids=()
  full 2
  for i in 1 2 3 4; do
    rt exec "$ID" /bin/true 3>&- &
    pids+=($!)
  done
  for i in "${pids[@]}"; do
    wait "$i"
  done
  limit 2
  run rt exec "$ID" /bin/nosuch
  [ "$status" != 0 ]
  limit 2
  run rt exec --cwd /nosuch "$ID" /bin/true
  [ "$status" != 0 ]
  limit 2
}

# bats test_tags=ci
@test "exec: several at once exceed the limit only a little" {
  requires tamis
  local i n=0
  full 2
  for i in 1 2 3 4 5 6 7 8 9 10; do
    ! rt exec --detach "$ID" /bin/sleep 100 || n=$((n + 1))
  done
  [ $n -ge 5 ]
  [ $n -le 8 ]
  run rt exec "$ID" /bin/true
  expect_output "Resource temporarily unavailable"
  limit 2
}

# bats test_tags=ci
@test "limits of 1 and 0, also with a joined PID namespace of another container" {
  requires tamis
  config '.ociVersion = "1.3.0" | .linux.resources.pids.limit = 0'
  args /bin/sleep 100
  create
  start
  limit 1
  run rt exec "$ID" /bin/echo inside
  expect_output inside
  local first=$PID
  bundle_at "$T/c2"
  use "$T/c2" "$ID-2"
  config '.linux.resources.pids.limit = 1 |
    (.linux.namespaces[] | select(.type == "pid")).path = "/proc/\($p)/ns/pid"' --arg p "$first"
  args /bin/sleep 100
  create
  limit 1
  start
  equals "$(state_of)" running state
}

# kill_exec LIMIT: kills an exec while it has raised the limit.
kill_exec()
{
  local file try pid now
  file=$(controller_file pids pids.max)
  for try in $(seq 100); do
    TAMIS_TEST_MARK=$MARK "$RUNTIME" --root "$ROOT" exec "$ID" /bin/true </dev/null >/dev/null 2>&1 3>&- &
    pid=$!
    while kill -0 $pid 2>/dev/null; do
      read -r now <"$file"
      [ "$now" = "$1" ] || kill -9 $pid 2>/dev/null || true
    done
    wait $pid 2>/dev/null || true
    read -r now <"$file"
    [ "$now" = "$1" ] || return 0
  done
  echo "no exec of $try was killed at the right moment"
  return 1
}

# bats test_tags=ci
@test "exec is killed while it has raised the limit: the next command with the lock restores it" {
  requires tamis
  local cmd
  full 3
  for cmd in "exec $ID /bin/true" "update --cpu-share 500 $ID" "pause $ID"; do
    kill_exec 3
    # shellcheck disable=SC2086
    rt $cmd
    limit 3
  done
  rt resume "$ID"
  # a value that another program has set is kept
  kill_exec 3
  echo 20 >"$(controller_file pids pids.max)"
  rt exec "$ID" /bin/true
  limit 20
}
