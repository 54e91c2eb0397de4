# SPDX-License-Identifier: Apache-2.0
# Recorded containers: what is recorded is what the container's programs do, from the execve of its
# init on, and the container does not notice.
load ../lib

setup()
{
  bundle
  requires root
  requires tamis
  REC=$T/c.rec
  TAMIS=$RUNTIME
  # the engine perf needs tracefs, which this host may not have mounted
  mkdir "$T/bin"
  printf '#!/bin/sh\nexec unshare -m sh -c "mount -t tracefs tracefs /sys/kernel/tracing && exec \\"\\$@\\"" sh "%s" "$@"\n' \
    "$TAMIS" >"$T/bin/tamis"
  chmod +x "$T/bin/tamis"
  RUNTIME=$T/bin/tamis
  config '.root.readonly = false | .linux.seccomp = null'
}

# told FILE: each call with program, number, count and arguments
told()
{
  jq -c 'select(.number != null) | [.call, .program, .count, .args]' "$1" | sort
}

# calls [PROGRAM]: the names of what was recorded
calls()
{
  jq -r --arg p "${1:-}" 'select(.number != null and ($p == "" or .program == $p)) | .call' "$REC" | sort -u | xargs
}

# head_of FILTER: of the last run
head_of()
{
  jq -rs "[.[] | select(.schema)] | last | $1" "$REC"
}

is_complete()
{
  [ "$(tail -n1 "$REC" | jq -r '.end | [.lost, .dropped, (.uncertain | length)] | map(tostring) | join(" ")')" = "0 0 0" ]
}

recorder()
{
  pgrep -f "^tamis-record $ID "
}

@test "record: run --record has what tamis seccomp record has of the same program" {
  args /bin/payload fds
  run rt run --record "$REC" --bundle "$BUNDLE" "$ID"
  expect_status 0
  is_complete
  "$RUNTIME" seccomp record -q --engine perf -o "$T/alone.rec" -- "$ROOTFS/bin/payload" fds | cat >/dev/null
  sed -i "s|$ROOTFS||" "$T/alone.rec"
  [ "$(told "$REC" | wc -l)" -gt 5 ]
  equals "$(told "$REC" | sed 's/,[0-9]*,/,/')" "$(told "$T/alone.rec" | sed 's/,[0-9]*,/,/')" calls
  equals "$(head_of '[.engine, .container, (.command | join(" ")), .from] | map(tostring) | join("|")')" \
    "perf|$ID|/bin/payload fds|null" head
  equals "$(stat -c '%u:%g %a' "$REC")" "0:0 644" "owner and mode"
  equals "$(recorder || true)" "" "the recorder has ended"
}

@test "record: in a directory each container has a recording of its own, never behind a link" {
  mkdir "$T/all"
  args /bin/true
  rt --record "$T/all" run --bundle "$BUNDLE" "$ID"
  REC=$T/all/$ID.rec
  is_complete
  rm "$REC"
  echo precious >"$T/file"
  ln -s "$T/file" "$REC"
  run rt run --record "$T/all" --bundle "$BUNDLE" "$ID"
  expect_status 1
  expect_output "tamis: --record: $REC: cannot be written: Too many levels of symbolic links"
  equals "$(cat "$T/file")" precious "the file behind the link"
}

@test "record: the two calls of a program are all that is recorded, and a second run appends" {
  local hook=$T/hook
  printf '#!/bin/sh\ncat >/dev/null; mkdir %s/made' "$T" >"$hook"
  chmod +x "$hook"
  config '.hooks = {createRuntime: [{path: $h}], startContainer: [{path: "/bin/busybox", args: ["mkdir", "/made"]}]}' --arg h "$hook"
  args /bin/tiny
  run rt run --record "$REC" --bundle "$BUNDLE" "$ID"
  expect_status 7
  [ -d "$T/made" ]
  [ -d "$ROOTFS/made" ]
  equals "$(calls)" "exit_group write" calls
  rmdir "$T/made" "$ROOTFS/made"
  config 'del(.hooks) | .process.noNewPrivileges = false | .process.user.uid = 1000'
  run rt run --record "$REC" --bundle "$BUNDLE" "$ID"
  expect_status 7
  equals "$(jq -c 'select(.number != null) | [.call, .count]' "$REC" | sort | xargs)" \
    "[exit_group,1] [exit_group,1] [write,1] [write,1]" "two runs"
  equals "$(jq -s '[.[] | select(.end)] | length' "$REC")" 2 ends
  is_complete
  "$RUNTIME" seccomp generate -o "$T/p.json" "$REC"
  run rt run --seccomp "$T/p.json" --bundle "$BUNDLE" "$ID"
  expect_output "tiny ran"
}

@test "record: create, exec before and after start, and delete, which waits for the file" {
  script 'while :; do sleep 0.1; done'
  rt create --record "$REC" --bundle "$BUNDLE" "$ID"
  [ "$(recorder | wc -l)" = 1 ]
  rt exec "$ID" /bin/mkdir /before
  start
  rt --log "$T/log" exec "$ID" /bin/sh -c 'ln -s a /after'
  equals "$(cat "$T/log")" "" "warnings"
  run rt exec --detach "$ID" /bin/chmod 600 /etc/passwd
  rt delete --force "$ID"
  is_complete
  equals "$(recorder || true)" "" "the recorder has ended"
  local call
  for call in chmod clock_nanosleep mkdir symlink; do
    equals "$(calls | tr ' ' '\n' | grep -x $call)" $call call
  done
  # of the runtime's own: neither its joining of namespaces nor its filter
  equals "$(calls | tr ' ' '\n' | grep -xE 'setns|pivot_root|capset|close_range|unshare|execveat' | xargs)" "" "of tamis"
}

# bats test_tags=ci
@test "record: the recorder is outside of the container and holds nothing of its" {
  script 'while :; do sleep 0.1; done'
  rt create --record "$REC" --bundle "$BUNDLE" --pid-file "$T/pid" "$ID"
  start
  local it pid=$(<"$T/pid")
  it=$(recorder)
  equals "$(readlink "/proc/$it/ns/pid")" "$(readlink /proc/self/ns/pid)" "pid namespace"
  [ "$(readlink "/proc/$it/ns/mnt")" != "$(readlink "/proc/$pid/ns/mnt")" ]
  equals "$(grep -c "$CGROUP" "/proc/$it/cgroup")" 0 "its cgroup"
  equals "$(sed -n 's/^CapEff:\t//p; s/^NoNewPrivs:\t//p' "/proc/$it/status" | xargs)" "0000004000000000 1" "what it may do"
  equals "$(tr -d '\0' <"/proc/$it/environ" | wc -c)" 0 environment
  rt delete --force "$ID"
}

@test "record: a killed recorder leaves what it has seen, and the container goes on" {
  script 'mkdir /one; while :; do sleep 0.1; done'
  rt create --record "$REC" --bundle "$BUNDLE" "$ID"
  start
  until_true 10 grep -q '"mkdir"' "$REC"
  kill -9 "$(recorder)"
  until_true 5 eval '! recorder'
  equals "$(state_of)" running state
  run rt --log "$T/log" exec "$ID" /bin/true
  expect_status 0
  output=$(<"$T/log")
  expect_output "this process is not recorded: tamis-record was killed"
  rt delete --force "$ID"
  equals "$(jq -s '[.[] | select(.end)] | length' "$REC")" 0 "no end"
  run "$RUNTIME" seccomp generate -o "$T/p.json" "$REC"
  expect_output "was not ended"
  # another recorder appends
  args /bin/tiny
  run rt run --record "$REC" --bundle "$BUNDLE" "$ID"
  is_complete
}

@test "record: a set-user-id program is recorded, too" {
  config '.process.noNewPrivileges = false | .process.user.uid = 1000'
  cp "$ROOTFS/bin/payload" "$ROOTFS/bin/suid"
  chmod 4755 "$ROOTFS/bin/suid"
  script '/bin/suid fds; true'
  run rt run --record "$REC" --bundle "$BUNDLE" "$ID"
  expect_status 0
  is_complete
  equals "$(calls /bin/suid | tr ' ' '\n' | grep -xE 'readlink|write|exit_group' | xargs)" \
    "exit_group readlink write" calls
}

@test "record: --attach records what runs, from now on, with what it makes" {
  mkfifo "$ROOTFS/go"
  script 'sleep 100 & read -r x </go; mkdir /one; /bin/payload fds; ln -s a /two'
  create
  start
  background attach "$RUNTIME" --root "$ROOT" seccomp record --attach "$ID" -o "$REC"
  until_true 10 grep -q schema "$REC"
  rt exec "$ID" /bin/chmod 600 /etc/passwd # is not a child of what was attached to
  echo >"$ROOTFS/go"
  wait_status stopped
  rt delete --force "$ID" # ends what is left of it
  wait "${HELPERS[0]}"
  is_complete
  equals "$(head_of '[.container, .from] | join(" ")')" "$ID attach" head
  [[ " $(calls /bin/busybox) " == *" chmod "*" mkdir "*" read "*" symlink "* ]]
  equals "$(calls | tr ' ' '\n' | grep -xE 'setns|capset|close_range|unshare|execveat' | xargs)" "" "of tamis"
  equals "$(jq -r 'select(.program) | .program' "$REC" | sort -u | xargs)" "/bin/busybox /bin/payload" programs
}

# bats test_tags=all
@test "record: --attach PID records a process and its descendants; SIGTERM ends the recording" {
  mkfifo "$T/go"
  exec 7<>"$T/go"
  # shellcheck disable=SC2016
  background tree sh -c 'while read -r x; do mkdir "$1"; done <"$0" & wait' "$T/go" "$T/made"
  local pid=${HELPERS[0]}
  until_true 5 pgrep -P "$pid"
  HELPERS+=("$(pgrep -P "$pid")")
  background attach "$RUNTIME" seccomp record --attach "pid:$pid" -o "$REC"
  local recorder=${HELPERS[-1]}
  until_true 10 grep -q schema "$REC"
  echo >&7
  until_true 5 test -d "$T/made"
  until_true 5 grep -q '"mkdir"' "$REC"
  kill -TERM "$recorder"
  wait "$recorder"
  is_complete
  run "$RUNTIME" seccomp record --attach pid:999999999 -o "$T/none"
  expect_status 125
  [ ! -e "$T/none" ]
  run "$RUNTIME" seccomp record --attach "$ID" --engine notify -o "$T/none"
  expect_output "only perf sees processes that run already"
  run "$RUNTIME" seccomp record --attach "pid:$pid" -o "$T/none" true
  expect_output "expected a command, or --attach and none"
  exec 7>&-
}

@test "record: what cannot begin is refused by name before anything is made" {
  args /bin/tiny
  refused_file()
  {
    run rt create --record "$1" --bundle "$BUNDLE" "$ID"
    [ "$status" != 0 ]
    expect_output "--record: $1: $2"
    [ ! -e "$ROOT/$ID" ]
  }
  refused_file "$T/absent/x" "cannot be written: not found (ENOENT)"
  echo text >"$T/text"
  refused_file "$T/text/x" "cannot be written"
  refused_file "$T/text" "is no recording, so that nothing is appended to it"
  equals "$(<"$T/text")" text "the file"
  mkfifo "$T/fifo"
  refused_file "$T/fifo" "expected a file to which lines can be appended"
  touch "$T/locked"
  exec 7<"$T/locked"
  flock 7
  refused_file "$T/locked" "another process writes to it"
  exec 7<&-
  # without tracefs, and without privilege
  run unshare -m sh -c 'umount /sys/kernel/tracing /sys/kernel/debug/tracing 2>/dev/null; umount -l /sys/kernel/debug 2>/dev/null; exec "$@"' \
    sh "$TAMIS" --root "$ROOT" create --record "$REC" --bundle "$BUNDLE" "$ID"
  [ "$status" != 0 ]
  expect_output "--record: containers are recorded by perf, but tracefs is not mounted (mount -t tracefs tracefs /sys/kernel/tracing); without a container tamis seccomp record"
  run unshare -m sh -c 'mount -t tracefs tracefs /sys/kernel/tracing; exec unshare -Urm "$@"' \
    sh "$TAMIS" --root "$ROOT" create --record "$REC" --bundle "$BUNDLE" "$ID"
  expect_output "but the kernel gives system calls by perf only to root or a process with CAP_PERFMON; without a container tamis seccomp record records also by notify"
  [ ! -e "$REC" ]
  [ ! -e "$ROOT/$ID" ]
}

# bats test_tags=ci
@test "record: processes that outlive init are recorded, also in a cgroup that the recorder may not enter" {
  local late own=/sys/fs/cgroup
  ! mountpoint -q $own/unified || own+=/unified
  own+=$CGROUP/own
  mkfifo "$ROOTFS/go" "$ROOTFS/end"
  config 'del(.linux.namespaces[] | select(.type == "pid")) | del(.linux.resources)'
  script '(read -r x </go; mkdir /late) & read -r x </end'
  create --record "$REC"
  start
  until_true 5 pgrep -P "$PID"
  late=$(pgrep -P "$PID")
  mkdir "$own" || skip "no cgroup2"
  echo "$late" >"$own/cgroup.procs"
  chown 1000 "$own"
  chmod 700 "$own"
  echo >"$ROOTFS/end"
  wait_status stopped
  pause 0.1 # in which a recorder that takes this for the end has seen it
  echo >"$ROOTFS/go"
  until_true 10 grep -q '"end"' "$REC"
  is_complete
  equals "$(calls | tr ' ' '\n' | grep -x mkdir)" mkdir "what was called after the end of init"
  rt delete "$ID"
}

# bats test_tags=ci
@test "record: the annotation needs --allow-annotation and an absolute path" {
  args /bin/tiny
  config '.annotations["io.tamis.record"] = $f' --arg f "$REC"
  run rt create --bundle "$BUNDLE" "$ID"
  expect_output "--allow-annotation=io.tamis.record"
  run rt --allow-annotation io.tamis.record run --bundle "$BUNDLE" "$ID"
  expect_status 7
  equals "$(calls)" "exit_group write" calls
  config '.annotations["io.tamis.record"] = "c.rec"'
  run rt --allow-annotation io.tamis.record create --bundle "$BUNDLE" "$ID"
  expect_output 'expected an absolute path, found "c.rec"'
}

# under RUNTIME ARGUMENT...: the runtime, where the hook finds tracefs, and crun no hybrid hierarchy
under()
{
  # shellcheck disable=SC2016
  unshare -m sh -c 'mount -t tracefs tracefs /sys/kernel/tracing
    [ "$1" != crun ] || ! mountpoint -q /sys/fs/cgroup/unified || umount /sys/fs/cgroup/unified
    runtime=$1 root=$2/$1
    shift 2
    exec "$runtime" --root "$root" "$@"' sh "$1" "$T" "${@:2}"
}

# hook_config WORDS PROGRAM: a bundle with the hook, which writes REC and $T/p.json, and another one
hook_config()
{
  rm -f "$REC" "$T/p.json"
  config '.annotations = {"io.containers.trace-syscall": $w, "io.tamis.record": $r} | del(.linux.seccomp)
    | .hooks = {createRuntime: [{path: $h}], startContainer: [{path: "/bin/sh", args: ["sh", "-c", "sleep 0.2 & mkdir /made"]}]}' \
    --arg w "$1" --arg r "$REC" --arg h "$TAMIS_BUILDDIR/tamis-record"
  args "${@:2}"
  rm -rf "$ROOTFS/made"
}

# hook_of RUNTIME WORDS PROGRAM: runs it
hook_of()
{
  hook_config "${@:2}"
  output=$(under "$1" run --bundle "$BUNDLE" "$ID" 2>&1) || status=$?
}

# is_whole RUNTIME: is_complete(), but for what the kernel cannot show of crun on a hybrid host: there
# crun is in no cgroup of v2
is_whole()
{
  if [ "$1" = crun ] && mountpoint -q /sys/fs/cgroup/unified; then
    tail -n1 "$REC" | jq -e '.end.uncertain == ["calls of programs that the runtime'"'"'s exec adds, because the container has no cgroup of its own in the hierarchy of perf_event"]'
  else
    is_complete
  fi
}

# bats test_tags=ci
@test "record: as an OCI hook of runc and crun: the program alone, and a profile under which it starts" {
  local runtime
  config 'del(.linux.resources)' # with devices crun 1.8.1 needs CAP_SYS_RESOURCE on v2
  echo '{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["getpid"],"action":"SCMP_ACT_ALLOW"}]}' >"$T/if.json"
  for runtime in runc crun; do
    type $runtime || continue
    status=0
    hook_of $runtime "if:$T/if.json; of:$T/p.json" /bin/tiny
    equals "$status $output" "7 tiny ran" $runtime
    until_true 10 test -s "$T/p.json"
    [ -d "$ROOTFS/made" ]
    equals "$(calls)" "exit_group write" "$runtime: calls"
    is_whole "$runtime"
    equals "$(head_of '[.container, .command[0]] | join(" ")')" "$ID /bin/tiny" "$runtime: head"
    "$TAMIS" seccomp explain "$T/p.json" getpid | grep -q ': ALLOW'
    "$TAMIS" seccomp explain "$T/p.json" mkdir | grep -q ': ERRNO'
    equals "$(stat -c %a "$T/p.json")" 644 mode
    # without the calls of the runtime it starts under none but tamis
    config 'del(.hooks, .annotations) | .linux.seccomp = $p[0]' --slurpfile p "$T/p.json"
    config 'del(.linux.seccomp.syscalls[].comment)'
    status=0
    output=$(under $runtime run --bundle "$BUNDLE" "$ID" 2>&1) || status=$?
    equals "$status $output" "7 tiny ran" "$runtime: under the profile"
  done
}

# bats test_tags=ci
@test "record: the hook sees the programs of exec, whose runtime is not recorded" {
  local runtime
  mkfifo "$ROOTFS/go"
  config 'del(.linux.resources)' # with devices crun 1.8.1 needs CAP_SYS_RESOURCE on v2
  for runtime in runc crun; do
    type $runtime || continue
    [ $runtime != crun ] || ! mountpoint -q /sys/fs/cgroup/unified || continue
    # <>: the end of the hook's sleep would interrupt an open(2) that waits
    hook_config "of:$T/p.json" /bin/sh -c 'read -r x <>/go'
    under $runtime run --detach --bundle "$BUNDLE" "$ID" </dev/null >"$T/out" 2>&1 || { cat "$T/out"; false; }
    under $runtime exec "$ID" /bin/sh -c '/bin/chmod 600 /etc/passwd; /bin/payload syscall getpriority 0 0'
    echo >"$ROOTFS/go"
    until_true 10 test -s "$T/p.json"
    under $runtime delete --force "$ID"
    is_complete
    equals "$(jq -r 'select(.program) | .program' "$REC" | sort -u | xargs)" "/bin/busybox /bin/payload" "$runtime: programs"
    equals "$(calls | tr ' ' '\n' | grep -xE 'chmod|getpriority|setns|capset|close_range|epoll_pwait|socketpair' | xargs)" \
      "chmod getpriority" "$runtime: calls"
  done
}

# bats test_tags=ci
@test "record: the hook sees what exec adds before start, and after init has unshared its mounts" {
  type runc || skip "no runc"
  mkfifo "$ROOTFS/go"
  config '.process.capabilities = (["CAP_SYS_ADMIN"] as $c | {bounding: $c, effective: $c, permitted: $c})'
  hook_config "of:$T/p.json" /bin/sh -c 'exec unshare -m sh -c ": >/unshared; read -r x <>/go"'
  under runc create --bundle "$BUNDLE" "$ID" </dev/null >"$T/out" 2>&1 || { cat "$T/out"; false; }
  under runc exec "$ID" /bin/chmod 600 /etc/passwd
  under runc start "$ID"
  until_true 5 test -e "$ROOTFS/unshared"
  under runc exec "$ID" /bin/ln -s a /after
  echo >"$ROOTFS/go"
  until_true 10 test -s "$T/p.json"
  under runc delete --force "$ID"
  is_complete
  equals "$(calls | tr ' ' '\n' | grep -xE 'chmod|symlink|mkdir|setns|capset|close_range|epoll_pwait|socketpair' | xargs)" \
    "chmod symlink" calls
}

# bats test_tags=ci
@test "record: the hook writes the profile in a directory of its own file system, with a long path" {
  local long
  long=$T/$(printf 'a%.0s' {1..120})/$(printf 'b%.0s' {1..120})
  mkdir -p "$long"
  mount -t tmpfs tmpfs "$long"
  UNMOUNT+=("$long")
  status=0
  hook_of runc "of:$long/p.json" /bin/tiny
  equals "$status $output" "7 tiny ran" runc
  until_true 10 test -s "$long/p.json"
  equals "$(ls -A "$long")" p.json "files"
  equals "$(ls -A "${long%/*}")" "${long##*/}" "files beside"
}

@test "record: the recorder of a hook keeps no descriptor of the runtime" {
  mkfifo "$T/go"
  exec 7<>"$T/go"
  # shellcheck disable=SC2016
  background init sh -c 'read -r x <"$0"' "$T/go"
  local pid=${HELPERS[0]}
  # shellcheck disable=SC2016
  printf '{"ociVersion":"1.0.2","id":"%s","pid":%s,"status":"created","annotations":{"io.tamis.record":"%s"}}' \
    "$ID" "$pid" "$REC" | unshare -m sh -c 'mount -t tracefs tracefs /sys/kernel/tracing; exec "$1"' sh \
    "$TAMIS_BUILDDIR/tamis-record" 3>&- 9<"$BUNDLE/config.json"
  # it is alone with that file
  local it
  it=$(pgrep -f "^$TAMIS_BUILDDIR/tamis-record$")
  equals "$(readlink /proc/"$it"/fd/* | grep -c config.json)" 0 "descriptors"
  equals "$(readlink /proc/"$it"/fd/[012] | sort -u)" /dev/null "streams"
  echo >&7
  wait "$pid"
  exec 7>&-
  until_true 10 eval '! kill -0 '"$it"' 2>/dev/null'
}

@test "record: the hook refuses what it cannot do, and leaves other containers alone" {
  local state="{\"ociVersion\":\"1.0.2\",\"id\":\"x\",\"pid\":$$,\"bundle\":\"/\",\"status\":\"created\"" words
  hook()
  {
    # shellcheck disable=SC2016
    run unshare -m sh -c 'mount -t tracefs tracefs /sys/kernel/tracing; printf "%s" "$1" | "$2" $3' sh \
      "$state$1}" "$TAMIS_BUILDDIR/tamis-record" "${2:-}"
  }
  hook ''
  equals "$status $output" "0 " "without annotations"
  trace()
  {
    hook ",\"annotations\":{\"io.containers.trace-syscall\":\"$1\"}"
    equals "$status" 1 "$1"
    expect_output "tamis-record: $2"
  }
  trace "if:/x" "io.containers.trace-syscall: expected of:FILE, found 'if:/x'"
  trace "of:x" "io.containers.trace-syscall: of: expected an absolute path, found 'x'"
  trace "of:/x;to:/y" "io.containers.trace-syscall: expected words such as if:FILE;of:FILE, found 'to:/y'"
  trace "of:/x;for:youki" "expected for:runc, crun, tamis or any, found 'youki'"
  trace "of:$T/absent/x" "$T/absent/x: cannot be written: not found (ENOENT)"
  trace "of:$T/x;if:$T/absent" "$T/absent: cannot be read: not found (ENOENT)"
  hook ',"annotations":{"io.tamis.record":"x"}'
  equals "$output" "tamis-record: io.tamis.record: expected an absolute path, found 'x'" recording
  hook ',"annotations":{"io.tamis.record":"/proc/x"}'
  expect_output "tamis-record: /proc/x: cannot be written"
  state=${state/'"id":"x"'/'"id":"../x"'}
  mkdir "$T/all"
  hook ',"annotations":{"io.tamis.record":"'"$T/all"'"}'
  equals "$output" "tamis-record: expected the id of a container, found '../x'" "out of the directory"
  run "$TAMIS_BUILDDIR/tamis-record" --version
  expect_output "tamis-record version"
  equals "$(ls "$T"/x* 2>/dev/null)" "" "files that are left"
}
