# SPDX-License-Identifier: Apache-2.0
# The conditions under which engines start the runtime: environment, parent, descriptors, directory.
load ../lib

# bare ARG...: like Podman's direct calls: only XDG_RUNTIME_DIR in the environment, none as root.
bare()
{
  env -i XDG_RUNTIME_DIR= TAMIS_TEST_MARK="$MARK" timeout 30 "$RUNTIME" --root "$ROOT" "$@" 3>&- </dev/null
}

# bats test_tags=ci
@test "Podman's direct calls: an empty environment, no output" {
  args /bin/payload pause
  create
  local call
  echo '{"pids": {"limit": 30}}' >"$T/resources"
  controller_file pids pids.max >/dev/null || echo '{}' >"$T/resources"
  for call in "start $ID" "pause $ID" "resume $ID" "update --resources=$T/resources $ID" \
    "kill $ID 10" "kill --all $ID 9" "delete --force $ID" "delete --force $ID"; do
    # shellcheck disable=SC2086
    run bare $call
    expect_status 0 || { echo "$call"; false; }
    equals "$output" "" "output of $call"
  done
}

@test "the default root is the same with every environment of root" {
  requires tamis
  # a separate /run, so that nothing is left in the host's
  run unshare -m sh -ec 'mount -t tmpfs none /run; mkdir /run/xdg
    XDG_RUNTIME_DIR=/run/xdg "$0" create --bundle "$1" "$2" >/run/out 2>&1 </dev/null 3>&-
    ls /run/xdg; ls /run/tamis
    env -i "$0" state "$2" | grep status
    env -i XDG_RUNTIME_DIR= "$0" start "$2"
    env -i XDG_RUNTIME_DIR=/nowhere HOME=/ "$0" delete --force "$2"
    ls /run/tamis' "$RUNTIME" "$BUNDLE" "$ID"
  expect_status 0
  equals "${lines[0]}" "$ID" "state directories"
  expect_output '"created"'
  equals "${#lines[@]}" 2 lines
}

@test "the default root of a user: XDG_RUNTIME_DIR, otherwise /run/user/UID" {
  requires tamis
  chmod 755 "$T" "$BATS_RUN_TMPDIR"
  mkdir -m 777 "$T/xdg"
  run env -i XDG_RUNTIME_DIR="$T/xdg" setpriv --reuid 65534 --clear-groups "$RUNTIME" --debug list
  expect_status 0
  run env -i XDG_RUNTIME_DIR= setpriv --reuid 65534 --clear-groups strace -f -qq -e trace=openat \
    "$RUNTIME" list
  expect_output /run/user/65534/tamis
  run env -i XDG_RUNTIME_DIR="$T/xdg" setpriv --reuid 65534 --clear-groups strace -f -qq \
    -e trace=openat "$RUNTIME" list
  expect_output "$T/xdg/tamis"
}

@test "PDEATHSIG: the container survives the end of the thread that called the runtime" {
  args /bin/payload pause
  TAMIS_TEST_MARK=$MARK bash -c '"$@" & wait $!' - setpriv --pdeathsig KILL "$RUNTIME" --root "$ROOT" \
    create --bundle "$BUNDLE" --pid-file "$T/pid" "$ID" </dev/null >"$T/out" 2>&1 3>&-
  start
  sleep 0.1
  equals "$(state_of)" running state
}

@test "conmon's descriptors: pipes as 0 to 2 are owned by the program's user" {
  config '.process.user = {uid: 1000, gid: 1000}'
  script 'stat -Lc %u /dev/stdout; echo again >/dev/stdout; echo err >/dev/stderr'
  mkfifo "$T/in" "$T/o" "$T/e"
  exec 7<>"$T/in"
  cat "$T/o" >"$T/got" &
  cat "$T/e" >"$T/goterr" &
  TAMIS_TEST_MARK=$MARK "$RUNTIME" --root "$ROOT" create --bundle "$BUNDLE" "$ID" \
    <&7 >"$T/o" 2>"$T/e" 3>&- 7>&-
  start
  until_true 5 grep -q err "$T/goterr"
  equals "$(tr '\n' ' ' <"$T/got")" "1000 again " output
}

@test "descriptors from 3 on are closed, except the preserved ones" {
  args /bin/payload fds
  run bash -c 'exec 3</etc/hosts 4</etc/passwd 6</etc 250</etc; TAMIS_TEST_MARK="$0" "$@"' "$MARK" \
    "$RUNTIME" --root "$ROOT" run --preserve-fds 2 --bundle "$BUNDLE" "$ID"
  expect_status 0
  equals "$(cut -d' ' -f1 <<<"$output" | tr '\n' ' ')" "0 1 2 3 4 " descriptors
}

@test "standard input closed: the commands of the runtime work" {
  args /bin/payload pause
  create
  run bash -c '"$@" <&-' - "$RUNTIME" --root "$ROOT" start "$ID"
  expect_status 0
  run bash -c '"$@" <&-' - "$RUNTIME" --root "$ROOT" exec "$ID" /bin/echo there
  expect_status 0
  expect_output there
  run bash -c '"$@" <&-' - "$RUNTIME" --root "$ROOT" state "$ID"
  expect_status 0
}

@test "the caller's ignored signals and blocked signals are not inherited by the program" {
  args /bin/grep -E '^Sig(Ign|Blk):' /proc/self/status
  run bash -c 'trap "" HUP INT TERM CHLD PIPE USR1; TAMIS_TEST_MARK="$0" "$@"' "$MARK" \
    "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
  expect_line 'SigIgn:.0000000000000000'
  expect_line 'SigBlk:.0000000000000000'
}

@test "Docker-in-Docker: in a container's cgroup namespace and mounts" {
  requires tamis
  args /bin/payload pause
  TAMIS_TEST_MARK=$MARK unshare --cgroup --mount "$RUNTIME" --root "$ROOT" create \
    --bundle "$BUNDLE" --pid-file "$T/pid" "$ID" >"$T/out" 2>&1 3>&- </dev/null
  equals "$(state_of)" created state
}

@test "an empty path is treated as not given, as callers in Go pass it" {
  unlike crun "1.8.1 takes it for a path"
  args /bin/payload pause
  cd "$BUNDLE"
  TAMIS_TEST_MARK=$MARK "$RUNTIME" --root "$ROOT" --log= create --bundle= --pid-file '' \
    --console-socket= "$ID" </dev/null >"$T/out" 2>&1 3>&-
  equals "$(state_of)" created state
  run rt exec --console-socket= --pid-file= --process= --apparmor '' --process-label= "$ID" /bin/echo there
  expect_status 0
  equals "$output" there output
  requires tamis
  run rt exec --user= "$ID" /bin/true
  expect_status 255
  run rt exec --cwd= "$ID" /bin/true
  expect_status 255
}

# --- subreaper -------------------------------------------------------------------------------

# A process whose parent ends. Prints "orphan PPID" with its new parent.
orphan()
{
  config 'del(.linux.namespaces[] | select(.type == "pid")) | .mounts |= map(select(.destination != "/proc"))
    | .mounts += [{destination: "/proc", type: "bind", source: "/proc", options: ["rbind"]}]'
  script 'sh -c "sh -c \"sleep 0.3; sed -n s/^PPid:./orphan_/p /proc/self/status\" & exit 0"; sleep 1'
}

# bats test_tags=ci
@test "subreaper: run in the foreground is one, but not with --no-subreaper; create is none" {
  unlike crun "1.8.1 has no such option"
  orphan
  background out env TAMIS_TEST_MARK="$MARK" "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
  local pid=${HELPERS[-1]}
  until_true 5 grep -q orphan_ "$T/out"
  grep -qE "orphan_($pid|$(cat "/proc/$pid/task/$pid/children" | tr ' ' '|')0)$" "$T/out" || {
    cat "$T/out"
    false
  }
  wait "$pid"
  background out2 env TAMIS_TEST_MARK="$MARK" "$RUNTIME" --root "$ROOT" run -no-subreaper \
    --bundle "$BUNDLE" "$ID"
  pid=${HELPERS[-1]}
  until_true 5 grep -q orphan_ "$T/out2"
  equals "$(grep "orphan_$pid$" "$T/out2")" "" "orphans that came to run"
  wait "$pid"
  create
  start
  until_true 5 grep -qx orphan_1 "$T/out" # the reaper of test/run
}
