# SPDX-License-Identifier: Apache-2.0
# tamis seccomp: filters that are installed in a process or a container. filtered.c is the process:
# its filters, and that it says "end" and not "interrupted" when its standard input ends.
load ../lib

setup()
{
  requires root
  requires tamis
  bundle
}

# filtered KIND: starts it. Sets FILTERED and THREAD (its last thread).
filtered()
{
  mkfifo "$T/in" "$T/said"
  "$SYS/filtered" "$1" <"$T/in" >"$T/said" 2>"$T/err" 3>&- &
  HELPERS+=($!)
  exec 8>"$T/in" 9<"$T/said"
  read -r -t 20 _ FILTERED THREAD <&9
}

# It was not disturbed: its read goes on, and it ends by itself.
goes_on()
{
  local word
  grep -q "^TracerPid:.0\$" "/proc/$FILTERED/status"
  echo more >&8
  exec 8>&-
  read -r -t 20 word <&9
  equals "$word" end "what it says"
  exec 9<&-
}

ask()
{
  rc=0
  output=$(rt seccomp "$@" 2>&1) || rc=$?
}

# bats test_tags=ci
@test "pid:N: one filter, and the process goes on" {
  filtered 1
  ask show "pid:$FILTERED"
  equals "$rc" 0 "exit code"
  expect_line "pid:$FILTERED: installed filter, 6 instructions, longest path 4"
  expect_line "process $FILTERED \(filtered\)"
  ask explain "pid:$FILTERED" mkdirat
  expect_line 'mkdirat\(\) on x86_64.*: ERRNO\(EPERM\)'
  rt seccomp show --as bpf "pid:$FILTERED" >"$T/bpf"
  ask diff --equal "pid:$FILTERED" "$T/bpf"
  equals "$rc $output" "0 yes" diff
  goes_on
}

# bats test_tags=ci
@test "pid:N: all filters of a chain decide together, the newest first" {
  filtered 3
  ask show --json "pid:$FILTERED"
  equals "$(jq -r '.filters, .instructions' <<<"$output" | xargs)" "3 18" figures
  expect_output "3 filters, the newest first: of 6, 6 and 6 instructions"
  # of equally strict answers the newest filter's: EACCES, not EPERM
  ask explain "pid:$FILTERED" mkdirat
  expect_line 'mkdirat\(\) on x86_64.*: ERRNO\(EACCES\)'
  ask explain "pid:$FILTERED" unlinkat
  expect_line 'unlinkat\(\) on x86_64.*: ERRNO\(ENOENT\)'
  ask explain "pid:$FILTERED" swapon
  expect_line 'swapon\(\) on x86_64.*: KILL_PROCESS'
  ask show -v "pid:$FILTERED"
  expect_line 'filter 3 of 3, .*'
  ask show --as bpf "pid:$FILTERED"
  equals "$rc" 2 "one program cannot say it"
  expect_output "3 filters are installed"
  goes_on
}

@test "pid:N: the name of the process is shown safely, and as it is" {
  local name=$'s\033[1m\u00e9'
  cp "$(command -v sleep)" "$T/$name"
  "$T/$name" 100 3>&- &
  HELPERS+=($!)
  until_true 10 eval "grep -q '^Name:.s' /proc/$!/status"
  ask show "pid:$!"
  [[ $output == *"process $! (s\\033[1m"$'\u00e9'"), without a filter"* ]] || { echo "$output"; return 1; }
}

# bats test_tags=ci
@test "pid:N: no filter, and strict mode" {
  filtered none
  ask show "pid:$FILTERED"
  expect_line "pid:$FILTERED: no filter"
  expect_line "process $FILTERED \(filtered\), without a filter"
  ask explain "pid:$FILTERED" reboot
  expect_line 'reboot\(\) on .*: ALLOW'
  goes_on
  rm -f "$T/in" "$T/said"
  filtered strict
  ask show "pid:$FILTERED"
  expect_line "pid:$FILTERED: strict mode"
  expect_line "process $FILTERED \(filtered\), in seccomp's strict mode"
  ask explain "pid:$FILTERED" getpid
  expect_line 'getpid\(\) on x86_64.*: KILL_THREAD'
  ask explain --arch "$(uname -m)" "pid:$FILTERED" exit
  expect_line 'exit\(\) on x86_64, i386.*: ALLOW'
  goes_on
}

@test "pid:N: threads with other filters are named, and can be asked for" {
  filtered threads
  ask explain "pid:$FILTERED" unlinkat
  expect_line "tamis seccomp: pid:$FILTERED: 1 of 2 threads have other filters: pid:$THREAD"
  expect_line 'unlinkat\(\) on x86_64.*: ALLOW'
  ask explain "pid:$THREAD" unlinkat
  expect_line 'unlinkat\(\) on x86_64.*: ERRNO\(ENOENT\)'
  expect_no_output "threads have"
  goes_on
}

@test "pid:N: a stopped process stays stopped" {
  filtered 2
  kill -STOP "$FILTERED"
  until_true 10 grep -q '^State:.*stopped' "/proc/$FILTERED/status"
  ask explain "pid:$FILTERED" mkdirat
  equals "$rc" 0 "exit code"
  grep -q '^State:.T (stopped)' "/proc/$FILTERED/status"
  kill -CONT "$FILTERED"
  goes_on
}

@test "pid:N: what forbids it is said with the next step" {
  filtered 1
  ask show pid:0
  expect_output "expected the number of a process"
  ask show pid:4194304
  expect_output "there is no process 4194304"
  equals "$rc" 2 "exit code"
  run setpriv --reuid 65534 --clear-groups "$RUNTIME" seccomp show "pid:$FILTERED"
  expect_status 2
  expect_output "run it as root"
  run setpriv --bounding-set -sys_admin --inh-caps -sys_admin "$RUNTIME" seccomp show "pid:$FILTERED"
  expect_output "needs CAP_SYS_ADMIN"
  # under a filter itself; without privilege in the initial user namespace
  "$SYS/filtered" 1 </dev/null >"$T/none"
  run unshare -U -r "$RUNTIME" seccomp show "pid:$FILTERED"
  expect_status 2
  goes_on
}

@test "pid:N: a process that is traced is left to its tracer" {
  command -v strace >/dev/null || skip "strace is not installed"
  filtered 1
  background trace strace -qq -p "$FILTERED" -o "$T/trace.out"
  until_true 10 grep -q '^TracerPid:.[1-9]' "/proc/$FILTERED/status"
  ask show "pid:$FILTERED"
  equals "$rc" 2 "exit code"
  expect_output "is traced by process"
  kill "${HELPERS[-1]}"
  until_true 10 grep -q '^TracerPid:.0' "/proc/$FILTERED/status"
  goes_on
}

@test "a container: what is installed is its profile" {
  rt seccomp resolve docker >"$T/docker.json"
  jq --slurpfile p "$T/docker.json" '.linux.seccomp = $p[0]' "$BUNDLE/config.json" >"$T/new"
  cp "$T/new" "$BUNDLE/config.json"
  args /bin/sleep 300
  create
  ask show "$ID"
  expect_output "the container is not started"
  start
  cd "$T" # there is no file of its name
  ask show "$ID"
  expect_line "process $PID \(sleep\)"
  equals "$rc" 0 "exit code"
  ask diff --equal "$ID" "$BUNDLE/config.json"
  equals "$rc $output" "0 yes" "the profile"
  ask diff --equal "container:$ID" docker
  equals "$rc $output" "0 yes" "docker's"
  # a file of that name is what is meant; a folder is not
  mkdir "$ID"
  ask show "$ID"
  equals "$rc" 0 "a folder of its name"
  kill -9 "$PID"
  wait_status stopped
  ask show "container:$ID"
  equals "$rc" 2 "exit code"
  expect_output "it is stopped"
  ask show container:none
  expect_output "does not exist"
}
