# SPDX-License-Identifier: Apache-2.0
# Explained denials while tamis-agent is killed, stopped or delayed in the middle of an answer. It
# gives KILL and TRAP by ptrace(2), so a thread of the container depends on it for that time.
load ../lib
load denials

setup()
{
  bundle
  requires root
  requires tamis
  LOG=$T/denials.jsonl
}

# created ACTION HOW: a container whose child makes a denied call
created()
{
  profile SCMP_ACT_ALLOW sync "SCMP_ACT_$1"
  program child 162 "$2"
  create --explain-denials="$LOG"
}

# started_until SIGNAL receive|repeat N: starts the container; the serving process gets SIGNAL there
started_until()
{
  SERVER=$(server)
  background watch "$SYS/kill_at" "$SERVER" "$@"
  until_true 5 grep -q ready "$T/watch"

  start
  until_true 10 grep -q 'sent\|ended' "$T/watch"
}

# nothing_traced: no process of the container is stopped or waits to be reaped
nothing_traced()
{
  ! ps -eo stat=,comm= | grep -q '^[tTZ].* denied'
}

# is_condemned: the child has ended (cgroup v2), or will when it is thawed, by a pending SIGKILL
is_condemned()
{
  local pid
  pid=$(pgrep -P "$PID")
  ! grep -q 'State:[[:space:]]*[^Z]' "/proc/$pid/status" ||
    grep -q 'ShdPnd:.*1[0-9a-f][0-9a-f]$' "/proc/$pid/status"
}

# has_dead_thread: a thread of the child waits to be reaped
has_dead_thread()
{
  grep -q '^State:[[:space:]]*Z' "/proc/$(pgrep -P "$PID")"/task/*/status
}

# got: what the child's call returned, and its end
got()
{
  grep 'result\|signal\|exit 42' "$T/out" | tr '\n' ' '
}

# bats test_tags=all
@test "denials: if the agent is killed while it gives an answer, the process is killed, too" {
  created TRAP 1
  started_until 9 repeat 0
  wait_status stopped
  equals "$(got)" 'signal 9 ' end
  nothing_traced
  rt delete "$ID"
}

# bats test_tags=all
@test "denials: the agent is killed at each of its calls: the answer, ENOSYS or death, nothing else" {
  local answer n seen
  for answer in 'TRAP 1' 'TRAP 0' 'KILL_PROCESS 0' 'KILL_THREAD 0'; do
    seen=
    for ((n = 0; n < 500; n++)); do
      # shellcheck disable=SC2086
      created $answer
      started_until 9 receive $n
      wait_status stopped
      case "$answer: $(got)" in
      *': result -1 errno 38 signal of 0 blocked 0 ') seen+=e ;;
      'TRAP 1: result 162 errno 0 signal of 162 blocked 0 ') seen+=t ;;
      *': signal 9 ') seen+=k ;;
      'KILL'*': signal 31 ' | 'TRAP 0: signal 31 ') seen+=s ;;
      *) equals "$(got)" '' "$answer, killed at $n" ;;
      esac
      nothing_traced
      rt delete "$ID"
      ! grep -q ended "$T/watch" || break
    done
    [ $n -lt 500 ]
    [[ $seen == e*k*[st] ]] || equals "$seen" '' "$answer: ENOSYS, then SIGKILL, then the answer"
  done
}

# bats test_tags=all
@test "denials: KILL_PROCESS, although another thread has ended the one that called by execve" {
  profile SCMP_ACT_ALLOW sync SCMP_ACT_KILL_PROCESS
  program fleeing 162
  create --explain-denials="$LOG"
  started_until 19 repeat 0
  touch "$ROOTFS/go"
  until_true 5 has_dead_thread
  kill -CONT "$SERVER"
  wait_status stopped
  equals "$(got)" 'signal 9 ' end
  rt delete "$ID"
}

# Waits two seconds before it is tried.
# bats test_tags=ci
@test "denials: delete --force, although the agent is stopped while it traces a thread" {
  created KILL_PROCESS 0
  started_until 19 repeat 0
  run rt --debug delete --force "$ID"
  expect_status 0
  expect_output 'tamis-agent, which may trace one of them, is killed'
  nothing_traced
}

# The agent waits for two seconds.
# bats test_tags=ci
@test "denials: pause while an answer is given: nothing stays traced, the container goes on" {
  created TRAP 1
  started_until 19 repeat 0
  rt pause "$ID"
  kill -CONT "$SERVER"
  is_status paused
  until_true 5 is_condemned
  rt resume "$ID"
  wait_status stopped
  equals "$(got)" 'signal 9 ' end
  nothing_traced
  rt delete "$ID"
}
