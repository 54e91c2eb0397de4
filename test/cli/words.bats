# SPDX-License-Identifier: Apache-2.0
# Messages that engines turn into exit codes, and states in which engines call the runtime, too.
load ../lib

@test "words: a file mounted on a directory and the reverse: "is a directory", "not a directory"" {
  touch "$T/file"
  mkdir "$T/dir"
  config '.mounts += [{destination: "/bin", type: "bind", source: $s, options: ["bind"]}]' --arg s "$T/file"
  run create
  [ "$status" != 0 ]
  [[ $output == *"is a directory"* || $output == *"not a directory"* ]]
  config '.mounts[-1].destination = "/bin/sh" | .mounts[-1].source = $s' --arg s "$T/dir"
  run create
  [ "$status" != 0 ]
  [[ $output == *"is a directory"* || $output == *"not a directory"* ]]
}

# bats test_tags=ci
@test "words: exec reports errors of its program like create" {
  args /bin/payload pause
  create
  start
  local what
  for what in "not-there:executable file not found in \$PATH" "/not/there:no such file or directory" \
    "/etc/passwd:permission denied" "/bin:permission denied"; do
    run rt exec "$ID" "${what%%:*}"
    [ "$status" != 0 ]
    [[ $output == *"${what#*:}"* || $output == *"is a directory"* ]] || { echo "$what: $output"; false; }
  done
}

@test "words: no message begins with a capital letter" {
  requires tamis
  local call
  for call in "state nothing" "kill nothing 9" "create --bundle /nowhere x" "exec nothing x" \
    "create --bundle /dev/null x" "create --console-socket /dev/null --bundle $BUNDLE x"; do
    # shellcheck disable=SC2086
    run rt $call
    [[ ! $output =~ (No such|Permission denied|Not a directory|Operation not|Connection refused) ]]
  done
}

@test "delete, state, kill: the directory of another runtime is unknown and not changed" {
  requires tamis
  mkdir -p "$ROOT/of-runc" "$ROOT/of-crun"
  echo '{}' >"$ROOT/of-runc/state.json"
  echo '{}' >"$ROOT/of-crun/status"
  local id
  for id in of-runc of-crun; do
    run rt delete --force $id
    expect_status 0
    equals "$output" "" output
    run rt delete $id
    expect_status 1
    expect_output "does not exist"
    run rt kill $id 9
    expect_output "does not exist"
    run rt state $id
    expect_output "does not exist"
  done
  [ -s "$ROOT/of-runc/state.json" ]
  [ -s "$ROOT/of-crun/status" ]
}

@test "delete --force: during a create" {
  unlike runc "1.1.5 leaves things"
  unlike crun "1.8.1 leaves things"
  printf '#!/bin/sh\ntouch %s\nsleep 20\n' "$T/at-work" >"$T/hook"
  chmod 755 "$T/hook"
  config '.hooks = {createRuntime: [{path: $p, env: ["PATH=/usr/bin:/bin"]}]}' --arg p "$T/hook"
  TAMIS_TEST_MARK=$MARK "$RUNTIME" --root "$ROOT" create --bundle "$BUNDLE" "$ID" </dev/null \
    >"$T/out" 2>&1 3>&- &
  local pid=$! rc=0
  until_true 5 test -e "$T/at-work"
  is_status creating
  run rt delete --force "$ID"
  expect_status 0
  wait $pid || rc=$?
  [ $rc != 0 ]
  [ ! -e "$ROOT/$ID" ]
}

@test "delete --force: a container that was partly removed" {
  requires tamis
  create
  kill -9 "$PID"
  wait_status stopped
  rm "$ROOT/$ID/config.json" "$ROOT/$ID/start.fifo"
  run rt delete --force "$ID"
  expect_status 0
  nothing_left || { leftovers; false; }
  create
  rm "$ROOT/$ID/record" "$ROOT/$ID/record.old"
  run rt delete --force "$ID"
  expect_status 0
  until_true 3 nothing_left || { leftovers; false; }
}

# bats test_tags=ci
@test "update: if the last of several values fails, none is changed" {
  requires tamis
  requires controller pids
  config '.linux.resources.pids = {limit: 20}'
  args /bin/payload pause
  create
  local file status
  file=$(controller_file pids pids.max)
  for state in created running; do
    equals "$(cat "$file")" 20 "before, $state"
    run rt update --pids-limit 33 --cpuset-cpus 8190 "$ID"
    [ "$status" != 0 ]
    equals "$(cat "$file")" 20 "after an option that fails, $state"
    echo '{"pids": {"limit": 34}, "cpu": {"cpus": "8190"}}' >"$T/r"
    run rt update --resources "$T/r" "$ID"
    [ "$status" != 0 ]
    equals "$(cat "$file")" 20 "after a document that fails, $state"
    [ $state = running ] || start
  done
}

@test "--no-new-keyring: the caller's session keyring; without it, a new one with the container's name" {
  requires tamis
  script 'payload syscall keyctl 0 -3 0; exec payload pause'
  create --no-new-keyring
  start
  until_true 5 grep -q keyctl "$T/out"
  equals "$(cat "$T/out")" "$("$SYS/payload" syscall keyctl 0 -3 0)" "keyring of the caller"
  rt delete --force "$ID"
  create
  start
  until_true 5 grep -q keyctl "$T/out"
  [ "$(cat "$T/out")" != "$("$SYS/payload" syscall keyctl 0 -3 0)" ]
}

# bats test_tags=ci
@test "hooks: prestart and createRuntime can open the network namespace /proc/PID/ns/net" {
  printf '#!/bin/sh\npid=$(jq -r .pid)\nreadlink /proc/$pid/ns/net >%s\nnsenter -t $pid -n true\n' \
    "$T/ns" >"$T/hook"
  chmod 755 "$T/hook"
  local kind
  for kind in prestart createRuntime; do
    config '.hooks = {($k): [{path: $p, env: ["PATH=/usr/sbin:/usr/bin:/bin"]}]}' --arg k $kind --arg p "$T/hook"
    create
    equals "$(cat "$T/ns")" "$(readlink "/proc/$PID/ns/net")" "$kind"
    rt delete --force "$ID"
  done
}
