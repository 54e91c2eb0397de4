# SPDX-License-Identifier: Apache-2.0
# Makes the same calls as each engine, with the same options and in the same order.
load ../lib

# terminal NAME [GATE]: an engine's listener on $T/NAME.sock; its output is in $T/NAME.
terminal()
{
  background "$1" "$SYS/recvtty" "$T/$1.sock" "$T/$1.ready" "${@:2}"
  until_true 5 test -e "$T/$1.ready"
}

# process FILTER: writes $T/process.json, the container's process changed by a jq filter.
process()
{
  jq ".process | $1" "$BUNDLE/config.json" >"$T/process.json"
}

# shim ARG...: calls the runtime like containerd's shim: working directory, log and options.
shim()
{
  (cd "$BUNDLE" && rt --log "$BUNDLE/log.json" --log-format json "$@")
}

# limit N: writes $T/resources, with a limit that this host supports.
limit()
{
  echo "{\"pids\": {\"limit\": $1}}" >"$T/resources"
  controller_file pids pids.max >/dev/null || echo '{}' >"$T/resources"
}

# silent CALL...: the call must succeed without output.
silent()
{
  run "$@"
  expect_status 0
  equals "$output" "" "output of $*"
}

# bats test_tags=ci
@test "containerd: create, start, exec, ps, pause, update, kill, delete, delete --force" {
  unlike runc "1.1.5 warns in the log"
  args /bin/payload pause
  silent shim create --bundle "$BUNDLE" --pid-file "$BUNDLE/init.pid" --no-new-keyring "$ID"
  silent shim start "$ID"
  process '.args = ["/bin/sh", "-c", "echo from exec; exec payload pause"]'
  shim exec --process "$T/process.json" --detach --pid-file "$BUNDLE/e1.pid" "$ID" >/dev/null
  until_true 5 grep -q 'from exec' "$T/out"
  run shim ps --format json "$ID"
  jq -e --argjson a "$(cat "$BUNDLE/init.pid")" --argjson b "$(cat "$BUNDLE/e1.pid")" \
    'sort == ([$a, $b] | sort)' <<<"$output"
  silent shim pause "$ID"
  silent shim resume "$ID"
  limit 40
  TAMIS_TEST_MARK=$MARK silent "$RUNTIME" --root "$ROOT" --log "$BUNDLE/log.json" --log-format json \
    update --resources=- "$ID" <"$T/resources"
  run shim events --stats "$ID"
  jq -e '.type == "stats" and (.data.pids.limit == 40 or $none)' \
    --argjson none "$(jq '. == {}' "$T/resources")" <<<"$output"
  silent shim kill --all "$ID" 15
  silent shim kill "$ID" 9
  wait_status stopped
  run shim kill "$ID" 9
  expect_status 1
  expect_output "container not running"
  silent shim delete "$ID"
  run shim delete "$ID"
  expect_status 1
  expect_output "does not exist"
  # containerd's clean-up call, although the container is gone, without --systemd-cgroup
  silent rt delete --force "$ID"
  unlike crun "other words in the log"
  equals "$(jq -rs 'map(select(.level == "error")) | length' "$BUNDLE/log.json")" 2 "errors in the log"
}

@test "containerd: a terminal; create closes its output when it exits" {
  config '.process.terminal = true'
  script 'echo from init; exec payload pause'
  mkfifo "$T/gate"
  terminal console "$T/gate"
  # go-runc reads output and errors from one pipe to its end, then it accepts the connection
  mkfifo "$T/pipe"
  timeout 5 cat "$T/pipe" >"$T/said" &
  local reader=$!
  TAMIS_TEST_MARK=$MARK "$RUNTIME" --root "$ROOT" create --bundle "$BUNDLE" --pid-file "$T/pid" \
    --console-socket "$T/console.sock" "$ID" </dev/null >"$T/pipe" 2>&1 3>&-
  wait $reader
  [ ! -s "$T/said" ]
  : >"$T/gate"
  start
  until_true 5 grep -q 'from init' "$T/console"
  process '.args = ["/bin/sh", "-c", "echo from exec; exec payload pause"]'
  terminal exec
  rt exec --process "$T/process.json" --console-socket "$T/exec.sock" --detach \
    --pid-file "$BUNDLE/e.pid" "$ID"
  until_true 5 grep -q 'from exec' "$T/exec"
  kill -0 "$(cat "$BUNDLE/e.pid")"
}

@test "conmon: create and exec, with and without a terminal" {
  args /bin/payload pause
  silent create --preserve-fds 0
  start
  process '.args = ["/bin/sh", "-c", "echo plain; exec payload pause"]'
  rt exec --pid-file "$T/exec.pid" --process "$T/process.json" --detach --preserve-fds 0 "$ID"
  until_true 5 grep -q plain "$T/out"
  kill -0 "$(cat "$T/exec.pid")"
  process '.args = ["/bin/sh", "-c", "tty; exec payload pause"] | .terminal = true'
  terminal console
  rt exec --pid-file "$T/exec.pid" --process "$T/process.json" --detach --tty \
    --console-socket "$T/console.sock" "$ID"
  until_true 5 grep -q /dev/pts "$T/console"
}

@test "conmon-rs: --root= twice, a value as the next word, exec of a command line" {
  args /bin/payload pause
  local twice=("--root=$ROOT" "--root=$ROOT")
  unlike crun "1.8.1 has another order"
  TAMIS_TEST_MARK=$MARK "$RUNTIME" "${twice[@]}" create --bundle "$BUNDLE" --pid-file "$T/pid" "$ID" \
    </dev/null >"$T/out" 2>&1 3>&-
  start
  terminal console
  TAMIS_TEST_MARK=$MARK "$RUNTIME" "${twice[@]}" exec -d "--console-socket=$T/console.sock" --tty \
    "--pid-file=$T/exec.pid" "$ID" /bin/sh -c 'tty; exec payload pause' </dev/null 3>&-
  until_true 5 grep -q /dev/pts "$T/console"
  kill -0 "$(cat "$T/exec.pid")"
}

@test "CRI-O: state, kill by name, update without the driver's option, exec in the foreground" {
  args /bin/payload pause
  create
  run rt state "$ID"
  jq -e '.status == "created"' <<<"$output"
  start
  limit 41
  TAMIS_TEST_MARK=$MARK silent "$RUNTIME" --root "$ROOT" update --resources - "$ID" <"$T/resources"
  process '.args = ["/bin/sh", "-c", "echo out; exit 3"]'
  : >"$T/exec.pid"
  run rt exec --process "$T/process.json" "$ID"
  expect_status 3
  expect_line out
  silent rt kill "$ID" SIGUSR1
  silent rt kill "$ID" USR2
  silent rt kill "$ID" KILL
  wait_status stopped
  silent rt kill -a "$ID" 9
  run rt kill "$ID" KILL
  [ "$status" != 0 ]
  [[ $output == *"container not running"* || $output == *"no such process"* ]]
  silent rt delete --force "$ID"
}

@test "BuildKit: run --keep, state, exec with a pid file, kill 9, delete" {
  unlike runc "1.1.5 has no --keep in effect"
  script 'echo ready; exec payload pause'
  background run env TAMIS_TEST_MARK="$MARK" "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" --keep "$ID"
  local pid=${HELPERS[-1]} rc=0
  until_true 5 grep -q ready "$T/run"
  run rt state "$ID"
  jq -e --arg r "$ROOTFS" '.rootfs == $r and .status == "running"' <<<"$output"
  process '.args = ["/bin/sh", "-c", "exit 9"]'
  run rt exec --process "$T/process.json" --pid-file "$T/exec.pid" "$ID"
  expect_status 9
  silent rt kill "$ID" 9
  wait "$pid" || rc=$?
  equals $rc 137 "exit code of run"
  silent rt delete "$ID"
}

@test "Buildah: create, state every 100 ms, start, kill without a signal, delete" {
  script 'trap "exit 4" TERM; echo ready; while :; do usleep 1000; done'
  silent create --no-new-keyring
  start
  is_status running
  until_true 5 grep -q ready "$T/out"
  silent rt kill "$ID"
  wait_status stopped
  silent rt delete "$ID"
}

@test "go-runc: list --format=json and create --pidfd-socket" {
  requires tamis
  terminal pidfd
  args /bin/payload pause
  create --pidfd-socket "$T/pidfd.sock"
  until_true 5 grep -q 'message: 5 bytes, 1 fds' "$T/pidfd.err"
  run rt list --format=json
  jq -e --arg id "$ID" 'map(.id) == [$id] and (.[0] | has("owner", "rootfs", "created"))' <<<"$output"
}

@test "checkpoint: Podman and CRI-O detect that it is not supported" {
  requires tamis
  run "$RUNTIME" checkpoint --help
  [ "$status" != 0 ]
  run "$RUNTIME" restore --lsm-mount-context
  [ "$status" != 0 ]
  expect_no_output 'requires an argument'
  expect_no_output 'flag needs an argument'
}

@test "features: without global options, no errors; has the keys that engines depend on" {
  unlike crun "1.8.1 has no features"
  run --separate-stderr "$RUNTIME" features
  expect_status 0
  equals "$stderr" "" "standard error"
  unlike runc "1.1.5 lacks some"
  jq -e '.ociVersionMin == "1.0.0" and (.ociVersionMax | startswith("1.")) and
    (.mountOptions | index("rro") != null) and (.linux.namespaces | index("user") != null) and
    .linux.mountExtensions.idmap.enabled' <<<"$output"
}

# bats test_tags=ci
@test "features: lists the seccomp flags that this kernel supports" {
  requires tamis
  local flag
  args /bin/true
  for flag in $("$RUNTIME" features | jq -r '.linux.seccomp.knownFlags[]'); do
    config '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", flags: [$f], syscalls: [{names:
      ["swapoff"], action: "SCMP_ACT_ERRNO"}]}' --arg f "$flag"
    view
    if "$RUNTIME" features | jq -e --arg f "$flag" '.linux.seccomp.supportedFlags | index($f)' >/dev/null; then
      expect_status 0 || { echo "$flag"; false; }
    else
      [ "$status" != 0 ] || { echo "$flag"; false; }
    fi
  done
}
