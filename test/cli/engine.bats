# SPDX-License-Identifier: Apache-2.0
# What engines call and parse. Each test has the name of its row in test/contract.index (a command,
# or "words").
load ../lib

@test "create: success without output, the pid file has only digits" {
  run rt create --bundle "$BUNDLE" --pid-file "$T/pid" "$ID"
  expect_status 0
  equals "$output" "" output
  [[ $(cat "$T/pid"; echo x) =~ ^[0-9]+x$ ]]
  kill -0 "$(cat "$T/pid")"
}

@test "create: an existing pid file is replaced; no other file is left beside it" {
  mkdir "$T/pids"
  echo 12345678901234567890 >"$T/pids/pid"
  rt create --bundle "$BUNDLE" --pid-file "$T/pids/pid" "$ID" >/dev/null
  [[ $(cat "$T/pids/pid") =~ ^[0-9]{1,9}$ ]]
  equals "$(ls -A "$T/pids")" pid "directory of the pid file"
}

@test "create: a relative pid file and bundle are relative to the caller's directory" {
  cd "$T"
  rt create --bundle b --pid-file pid "$ID" >/dev/null
  [ -s "$T/pid" ]
  rt state "$ID" | jq -e --arg b "$BUNDLE" '.bundle == $b'
}

@test "create: the default bundle is the current directory; -b is --bundle" {
  cd "$BUNDLE"
  rt create "$ID" >/dev/null
  rt delete --force "$ID"
  cd /
  rt create -b "$BUNDLE" "$ID" >/dev/null
}

@test "create: no pid file after a failure" {
  args /bin/not-there
  run create
  [ "$status" != 0 ]
  [ ! -e "$T/pid" ]
}

@test "create: called like containerd's shim does" {
  unlike crun "has no --no-new-keyring in 1.8.1"
  (cd "$BUNDLE" && rt --log "$BUNDLE/log.json" --log-format json create --bundle "$BUNDLE" \
    --pid-file "$BUNDLE/init.pid" --no-new-keyring "$ID") >/dev/null
  equals "$(state_of)" created state
  [ ! -s "$BUNDLE/log.json" ] || unlike runc "warns in the log"
}

@test "create: called like conmon does" {
  rt create --bundle "$BUNDLE" --pid-file "$T/pid" --preserve-fds 0 "$ID" >/dev/null
}

@test "create: an ID that is in use is refused and its container unchanged" {
  create
  run rt create --bundle "$BUNDLE" "$ID"
  [ "$status" != 0 ]
  expect_output exist
  equals "$(state_of)" created state
  kill -0 "$PID"
}

@test "create: init is a child of the caller's subreaper and the namespaces can be joined" {
  create
  equals "$(nsenter -t "$PID" -u hostname)" box hostname
  equals "$(sed -n 's/^PPid:\t//p' "/proc/$PID/status")" 1 "parent of init (the run's reaper)"
}

@test "create: only init keeps standard output and error open" {
  # In terminal mode go-runc waits for the end of file; here only init may keep the pipe open.
  mkfifo "$T/fifo"
  cat "$T/fifo" >"$T/all" &
  TAMIS_TEST_MARK=$MARK "$RUNTIME" --root "$ROOT" create --bundle "$BUNDLE" "$ID" \
    </dev/null >"$T/fifo" 2>&1 3>&-
  rt delete --force "$ID"
  until_true 5 sh -c "! kill -0 $! 2>/dev/null"
}

@test "start: exit code 0, no output" {
  create
  run start
  expect_status 0
  equals "$output" "" output
}

@test "start: an unknown ID does not exist" {
  run rt start nothing
  [ "$status" = 1 ]
  expect_output "does not exist"
}

@test "run --keep: BuildKit deletes the container afterwards" {
  unlike runc "1.1.5 has no --keep in effect"
  script 'exit 3'
  run rt run --bundle "$BUNDLE" --keep "$ID"
  expect_status 3
  run rt delete "$ID"
  expect_status 0
}

@test "run: exits with the code of the program, or with 128+n for signals" {
  args /bin/payload exit 0
  view
  expect_status 0
  args /bin/payload exit 255
  view
  expect_status 255
  args /bin/payload crash
  view
  expect_status 139
}

@test "run: prints nothing itself" {
  args /bin/true
  view
  equals "$output" "" output
}

@test "run --detach: returns at once while the container runs" {
  script 'sleep 100'
  rt run --detach --bundle "$BUNDLE" --pid-file "$T/pid" "$ID" >/dev/null
  equals "$(state_of)" running state
}

@test "state: only JSON on standard output, no errors, with the keys that engines read" {
  create
  run rt state "$ID"
  expect_status 0
  jq -e --arg id "$ID" --arg b "$BUNDLE" --argjson pid "$PID" '
    .id == $id and .status == "created" and .pid == $pid and .bundle == $b and
    .rootfs == $b + "/rootfs" and (.ociVersion | startswith("1.")) and
    (.created | test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?(Z|[+-]..:..)$"))
    ' <<<"$output"
  # CRI-O decodes the document into its own record
  jq -e '[has("started", "finished", "exitCode", "oomKilled", "seccompKilled", "error",
    "initPid", "initStartTime", "checkpointedTime", "containerMonitorProcess")] |
    any | not' <<<"$output"
}

@test "state: contains the annotations" {
  config '.annotations = {"a.b/c": "d", "empty": ""}'
  create
  rt state "$ID" | jq -e '.annotations["a.b/c"] == "d"'
}

@test "state: stopped has pid 0, also while init is a zombie" {
  create
  kill -9 "$PID"
  wait_status stopped
  rt state "$ID" | jq -e '.pid == 0 or .pid == null'
}

@test "state, kill: a program whose first thread has ended is still running" {
  unlike runc "takes it for stopped"
  unlike crun "takes it for stopped"
  args /bin/payload leaderless
  create
  start
  until_true 5 grep -q 'State:.*Z' "/proc/$PID/status"
  equals "$(state_of)" running state
  run rt delete "$ID"
  [ "$status" != 0 ]
  rt kill "$ID" KILL
  wait_status stopped
}

@test "state: an unknown ID does not exist, exit code 1" {
  run rt state nothing
  expect_status 1
  expect_output "does not exist"
}

@test "state: with an empty XDG_RUNTIME_DIR and without an environment" {
  create
  run env -i XDG_RUNTIME_DIR= "$RUNTIME" --root "$ROOT" state "$ID"
  expect_status 0
}

@test "kill: signals by number, by name with and without SIG, in lower case; default TERM" {
  local n=0 spelling
  script 'trap "echo T" TERM; trap "echo U" USR1; echo ready; while :; do sleep 0.05; done'
  create
  start
  until_true 5 grep -q ready "$T/out"
  for spelling in 10 USR1 SIGUSR1; do
    rt kill "$ID" $spelling
    n=$((n + 1))
    until_true 5 sh -c "test \$(grep -c U '$T/out') = $n"
  done
  rt kill "$ID"
  until_true 5 grep -q T "$T/out"
}

@test "kill: an unknown signal is refused" {
  create
  for s in NOSIG SIGNOSIG 65 -1 9x 99999999999; do
    run rt kill "$ID" "$s"
    [ "$status" != 0 ] || { echo "accepted: $s"; [ $KIND != tamis ]; }
  done
  equals "$(state_of)" created state
}

@test "kill: a stopped container is an error, container not running" {
  create
  kill -9 "$PID"
  wait_status stopped
  run rt kill "$ID" 9
  expect_status 1
  unlike runc "1.1.5 has other words"
  unlike crun "other words"
  expect_output "container not running"
}

@test "kill --all: exit code 0 for a stopped container" {
  unlike crun "fails"
  create
  kill -9 "$PID"
  wait_status stopped
  run rt kill --all "$ID" 9
  expect_status 0
  run rt kill -a "$ID" 9
  expect_status 0
}

@test "kill: an unknown ID does not exist" {
  run rt kill nothing 15
  expect_status 1
  expect_output "does not exist"
}

@test "kill --all: the whole cgroup without a PID namespace" {
  config 'del(.linux.namespaces[] | select(.type == "pid"))'
  args /bin/payload tree 3
  create
  start
  until_true 5 grep -q ready "$T/out"
  rt kill --all "$ID" 9
  until_true 5 sh -c "! grep -lsa TAMIS_TEST_MARK=$MARK /proc/[0-9]*/environ"
}

@test "kill KILL: the whole cgroup if the PID namespace is shared" {
	unlike runc "1.1.5 kills init alone"
	unlike crun "kills init alone"
	config 'del(.linux.namespaces[] | select(.type == "pid"))'
	args /bin/payload tree 3
	create
	start
	until_true 5 grep -q ready "$T/out"
	rt kill "$ID" KILL
	until_true 5 sh -c "! grep -lsa TAMIS_TEST_MARK=$MARK /proc/[0-9]*/environ"
}

# init_dies: a container in the host's PID namespace whose init has ended but not its other
# processes.
init_dies()
{
	config 'del(.linux.namespaces[] | select(.type == "pid"))'
	args /bin/payload tree 3
	create
	start
	until_true 5 grep -q ready "$T/out"
	kill -9 "$PID"
	wait_status stopped
	[ "$(wc -l <"$(cgroup_dirs "$ID" | head -n1)/cgroup.procs")" -gt 0 ]
}

@test "kill --all: processes that outlive init in a shared PID namespace (containerd's KillAll)" {
	unlike crun "fails"
	init_dies
	run rt kill --all "$ID" 9
	expect_status 0
	until_true 5 sh -c "! grep -lsa TAMIS_TEST_MARK=$MARK /proc/[0-9]*/environ"
}

@test "kill KILL: ends the other processes after init has ended" {
	requires tamis
	init_dies
	run rt kill "$ID" TERM
	expect_status 1
	expect_output "container not running"
	run rt kill "$ID" KILL
	expect_status 0
	until_true 5 sh -c "! grep -lsa TAMIS_TEST_MARK=$MARK /proc/[0-9]*/environ"
}

@test "kill --all: without a cgroup the signal goes to init" {
	requires tamis
	config 'del(.linux.resources)'
	rt --cgroup-manager disabled create --bundle "$BUNDLE" "$ID" >/dev/null
	run rt kill --all "$ID" KILL
	expect_status 0
	wait_status stopped
	run rt kill --all "$ID" KILL
	expect_status 0
	run rt ps -f json "$ID"
	equals "$output" "[]" pids
}

# bats test_tags=ci
@test "delete --force: created, running, paused, stopped, stopped with remaining processes" {
	create
	run rt delete --force "$ID"
	expect_status 0
	args /bin/payload tree 3
	create
	start
	run rt delete --force "$ID"
	expect_status 0
	nothing_left || { leftovers; false; }
	create
	rt pause "$ID"
	run rt delete --force "$ID"
	expect_status 0
	create
	kill -9 "$PID"
	wait_status stopped
	run rt delete --force "$ID"
	expect_status 0
	unlike runc "1.1.5 leaves them"
	unlike crun "1.8.1 leaves them"
	init_dies
	run rt delete --force "$ID"
	expect_status 0
	equals "$output" "" output
	nothing_left || { leftovers; false; }
}

@test "kill: words after the ID are arguments" {
  requires tamis
  create
  run rt kill "$ID" -9
  [ "$status" != 0 ]
  run rt kill --all "$ID" KILL
  expect_status 0
}

@test "delete: an unknown ID does not exist, exit code 1" {
  run rt delete nothing
  expect_status 1
  expect_output "does not exist"
}

@test "delete --force: an unknown ID gives exit code 0 without output" {
  run rt delete --force nothing
  expect_status 0
  equals "$output" "" output
  run rt delete -f nothing
  expect_status 0
}

@test "delete: a created container is killed and deleted" {
  create
  run rt delete "$ID"
  expect_status 0
  nothing_left || { leftovers; false; }
}

@test "delete: a running container is an error and not changed" {
  script 'sleep 100'
  create
  start
  run rt delete "$ID"
  [ "$status" != 0 ]
  requires tamis
  expect_output running
  equals "$(state_of)" running state
}

@test "delete --force: directories of other programs in the root are not changed" {
  mkdir -p "$ROOT/of-runc"
  echo '{}' >"$ROOT/of-runc/state.json"
  create
  rt delete --force "$ID"
  [ -s "$ROOT/of-runc/state.json" ]
  rm -r "$ROOT/of-runc"
}

@test "delete --force: an incomplete, empty or damaged state directory" {
  requires tamis
  mkdir -p "$ROOT/$ID"
  chmod 700 "$ROOT" "$ROOT/$ID"
  run rt delete --force "$ID"
  expect_status 0
  [ ! -e "$ROOT/$ID" ]
  for torn in record "record record.old"; do
    create
    (cd "$ROOT/$ID" && for f in $torn; do : >$f; done)
    run rt delete --force "$ID"
    expect_status 0
    until_true 2 nothing_left || { leftovers; false; }
  done
}

# bats test_tags=ci
@test "delete --force: ends the container if the record is truncated at any length" {
  requires tamis
  local size step n
  create
  size=$(stat -c %s "$ROOT/$ID/record")
  rt delete --force "$ID"
  step=$((size / 5))
  [ -z "${TAMIS_TEST_ALL:-}" ] || step=1
  for ((n = 0; n < size; n += step)); do
    create
    truncate -s $n "$ROOT/$ID/record"
    run rt delete --force "$ID"
    expect_status 0
    until_true 2 nothing_left || { echo "cut at $n"; leftovers; false; }
  done
}

@test "features: only JSON, needs no state, has the keys that engines read" {
  unlike crun "1.8.1 has no features"
  run "$RUNTIME" features
  expect_status 0
  jq -e '(.ociVersionMin | startswith("1.")) and (.ociVersionMax | startswith("1.")) and
    (.mountOptions | index("rro") != null and index("rbind") != null) and
    (.linux.namespaces | index("user") != null and index("pid") != null)' <<<"$output"
  unlike runc "1.1.5 lacks these"
  jq -e '(.hooks | index("prestart", "createRuntime", "createContainer", "startContainer",
    "poststart", "poststop") != null) and
    (.linux.seccomp.enabled == true) and
    (.linux.seccomp.actions | index("SCMP_ACT_NOTIFY") != null) and
    (.linux.seccomp.archs | index("SCMP_ARCH_X86_64") != null) and
    (.linux.capabilities | index("CAP_SYS_ADMIN") != null) and
    (.linux.cgroup.v1 == true) and (.linux.cgroup.v2 == true) and
    (.linux.mountExtensions.idmap | type == "object")' <<<"$output"
}

@test "spec: writes a config that runs; refuses to overwrite it" {
  mkdir "$T/spec"
  rt spec --bundle "$T/spec"
  jq -e '.ociVersion | startswith("1.")' "$T/spec/config.json"
  local before
  before=$(sha256sum "$T/spec/config.json")
  run rt spec --bundle "$T/spec"
  [ "$status" != 0 ]
  expect_output exist
  equals "$(sha256sum "$T/spec/config.json")" "$before" config.json
  jq '.process.terminal = false | .process.args = ["/bin/echo", "from spec"] |
    .linux.cgroupsPath = $p' --arg p "$CGROUP" "$T/spec/config.json" >"$BUNDLE/config.json"
  view
  expect_status 0
  equals "$output" "from spec" output
}

@test "spec: the default bundle is the current directory" {
  mkdir "$T/spec"
  cd "$T/spec"
  rt spec
  [ -s config.json ]
}

@test "words: executable file not found / no such file, from create" {
  args not-in-path
  run create
  [ "$status" != 0 ]
  expect_output "executable file not found in \$PATH"
  args /bin/not-there
  run create
  [ "$status" != 0 ]
  expect_output "no such file or directory"
}

@test "words: permission denied for a program that cannot be executed" {
  args /etc/passwd
  run create
  [ "$status" != 0 ]
  expect_output "permission denied"
}

@test "words: permission denied for a directory" {
  args /bin
  run create
  [ "$status" != 0 ]
  [[ $output == *"permission denied"* || $output == *"is a directory"* ]]
}

@test "words: "no such file or directory" is used only for the program and mount sources" {
  requires tamis
  for f in '.linux.namespaces[1].path = "/nowhere/ns"' '.root.path = "/nowhere/root"' \
    '.process.cwd = "/proc/nowhere"'; do
    cp "$BUNDLE/config.json" "$T/saved"
    config "$f"
    run create
    [ "$status" != 0 ] || { echo "accepted: $f"; false; }
    expect_no_output "no such file or directory"
    cp "$T/saved" "$BUNDLE/config.json"
  done
}

@test "a root whose path is longer than sun_path" {
  ROOT=$T/$(printf 'd%.0s' {1..120})
  mkdir -p "$ROOT"
  create
  start
}
