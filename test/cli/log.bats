# SPDX-License-Identifier: Apache-2.0
# The log that engines read: exactly one record for a failing call, for every kind of failure.
load ../lib

# fails CALL...: the call, with a log, must fail, and its only record must equal what it printed.
fails()
{
  local before=()
  [ ! -e "$T/log.json" ] || mapfile -t before <"$T/log.json"
  run rt --log "$T/log.json" --log-format json "$@"
  [ "$status" != 0 ] || { echo "succeeded: $*"; return 1; }
  recorded $((${#before[@]} + 1)) "$*"
}

# recorded N CALL: the log has N lines of JSON now. The last one is an error in the format that
# engines read, and equals the message that was printed in one line.
recorded()
{
  local records
  mapfile -t records <"$T/log.json"
  equals "${#records[@]}" "$1" "records after $2" || return 1
  jq -e --arg printed "$output" '.level == "error" and (.msg | length > 0) and (.time |
    test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$")) and
    (keys == ["level", "msg", "time"]) and "tamis: \(.msg)" == $printed and
    ($printed | contains("\n") | not)' <<<"${records[-1]}" >/dev/null || {
    printf '%s\n' "after $2 the log has:" "${records[-1]}" "printed was:" "$output"
    return 1
  }
}

# bats test_tags=ci
@test "log: every command, for an unknown ID" {
  requires tamis
  local c
  for c in start state kill delete exec ps pause resume update events; do
    case $c in exec) fails exec nothing /bin/true ;; *) fails $c nothing ;; esac
  done
}

# bats test_tags=ci
@test "log: every command, for a wrong option, a missing ID, too many arguments" {
  requires tamis
  local c
  for c in completion create delete doctor events exec features kill list pause ps resume run spec \
    start state update; do
    fails $c --no-such-option
    case $c in
    completion | doctor | features | list | spec) ;;
    *) fails $c ;;
    esac
    case $c in
    exec | ps | kill) ;;
    *) fails $c a b c ;;
    esac
  done
  fails no-such-command
}

@test "log: a wrong global option, before and after --log" {
  requires tamis
  local n=0 line
  for line in "--frobnicate --log $T/log.json --log-format json state x" \
    "--frobnicate=yes --log=$T/log.json --log-format=json state x" \
    "--log $T/log.json --log-format json --frobnicate state x" \
    "--log-format json -log $T/log.json --debug=maybe state x" \
    "--debug=maybe --log-format json -log $T/log.json state x"; do
    # shellcheck disable=SC2086
    run "$RUNTIME" $line
    [ "$status" != 0 ]
    recorded $((++n)) "$line"
  done
  # options after the command belong to the command
  run "$RUNTIME" --frobnicate state --log "$T/other" x
  [ "$status" != 0 ]
  [ ! -e "$T/other" ]
}

# bats test_tags=all
@test "log: a create that fails at an early, a middle and a late step" {
  requires tamis
  fails create --bundle "$T/none" "$ID"
  fails create --bundle "$BUNDLE" ../x
  fails create --bundle "$BUNDLE" --console-socket "$T/none" "$ID"
  fails create --bundle "$BUNDLE" --pid-file "$T/none/pid" "$ID"
  fails create --bundle "$BUNDLE" --pidfd-socket "$T/none/pid" "$ID"
  local filter
  for filter in '.root.path = "nowhere"' '.process.args = ["/nowhere"]' '.process.cwd = "relative"' \
    '.mounts += [{destination: "/x", type: "nosuchfs", source: "x"}]' \
    '.mounts += [{destination: "/x", type: "bind", source: "/nowhere", options: ["bind"]}]' \
    '.hooks = {prestart: [{path: "/bin/false"}]}' '.hooks = {createRuntime: [{path: "/nowhere"}]}' \
    '.hooks = {createContainer: [{path: "/bin/false"}]}' '.linux.sysctl = {"kernel.x": "1"}' \
    '.linux.resources.memory.limit = "10G"' '.linux.resources.memory.limit = 1' \
    '.linux.seccomp = {defaultAction: "SCMP_ACT_X"}' '.linux.namespaces += [{type: "pid"}]'; do
    cp "$BUNDLE/config.json" "$T/saved"
    config "$filter"
    fails create --bundle "$BUNDLE" "$ID" || { echo "$filter"; false; }
    fails run --bundle "$BUNDLE" "$ID"
    nothing_left || { leftovers; false; }
    cp "$T/saved" "$BUNDLE/config.json"
  done
}

# bats test_tags=ci
@test "log: failing start, exec and update" {
  requires tamis
  config '.hooks = {startContainer: [{path: "/bin/false"}]}'
  create
  fails start "$ID"
  rt delete --force "$ID"
  config 'del(.hooks)'
  args /bin/payload pause
  create
  fails exec "$ID" /nowhere
  fails exec --user root "$ID" /bin/true
  fails exec --process "$T/none" "$ID"
  fails exec --cwd /nowhere/at/all "$ID" /bin/true
  fails exec --tty --detach "$ID" /bin/true
  fails update --memory nonsense "$ID"
  fails update --resources "$T/none" "$ID"
  fails kill "$ID" NOSIG
  fails events --interval 0 "$ID"
  fails ps --format xml "$ID"
  fails ps "$ID" --no-such-option-of-ps
  start
  fails delete "$ID"
  fails start "$ID"
  fails create --bundle "$BUNDLE" "$ID"
}

@test "log: no record on success, also if the program fails" {
  script 'exit 7'
  run rt --log "$T/log.json" --log-format json run --bundle "$BUNDLE" "$ID"
  expect_status 7
  unlike runc "1.1.5 warns"
  [ ! -s "$T/log.json" ]
  args /bin/payload pause
  create
  start
  run rt --log "$T/log.json" --log-format json exec "$ID" /bin/false
  expect_status 1
  [ ! -s "$T/log.json" ]
}

@test "log: is appended to, also if it contains invalid UTF-8" {
  requires tamis
  echo '{"level":"info","msg":"of another"}' >"$T/log.json"
  fails state nothing
  grep -q 'of another' "$T/log.json"
  run rt --log "$T/log.json" --log-format json state $'x\xff\xc3y"\\\t'
  [ "$status" != 0 ]
  equals "$(wc -l <"$T/log.json")" 3 records
  iconv -f UTF-8 -t UTF-8 "$T/log.json" >/dev/null
  jq -e . "$T/log.json" >/dev/null
}

@test "log: if it cannot be opened, every command prints an error" {
  local c
  mkdir "$T/dir"
  for c in state start delete; do
    run rt --log "$T/dir" --log-format json $c nothing
    [ "$status" != 0 ]
    expect_output "$T/dir"
  done
}

@test "log: text format" {
  requires tamis
  run rt --log "$T/log" state nothing
  grep -qE '^time="[^"]+" level=error msg="container .nothing.: container does not exist"$' "$T/log"
}

# Engines read the pipe only after the runtime has ended; a pipe holds 64 KiB (runc#2530).
# bats test_tags=ci
@test "diagnostics: more than 64 KiB do not block without a reader" {
  requires tamis
  local long
  long=/$(head -c 100000 /dev/zero | tr '\0' x)
  mkfifo "$T/fifo"
  exec 8<>"$T/fifo"
  TAMIS_TEST_MARK=$MARK timeout 10 "$RUNTIME" --root "$ROOT" --log "$T/log.json" --log-format json \
    create --bundle "$long" "$ID" </dev/null >"$T/fifo" 2>&1 3>&- 8>&- || status=$?
  [ "$status" = 1 ]
  # conmon forwards 8191 bytes
  timeout 1 cat <&8 >"$T/said" || true
  [ "$(wc -c <"$T/said")" -lt 8192 ]
  grep -q '^tamis: ' "$T/said"
  # the log contains everything
  [ "$(jq -r .msg "$T/log.json" | wc -c)" -gt 100000 ]
}

# bats test_tags=all
@test "diagnostics: --debug of a large config does not block on a pipe without a reader" {
  requires tamis
  mkfifo "$T/fifo"
  exec 8<>"$T/fifo"
  config '.linux.maskedPaths = [range(3000) | "/masked/path/number/\(.)"] |
    .mounts += [range(300) | {destination: "/tmp/\(.)", type: "tmpfs", source: "x"}]'
  TAMIS_TEST_MARK=$MARK timeout 20 "$RUNTIME" --root "$ROOT" --debug create --bundle "$BUNDLE" "$ID" \
    </dev/null >"$T/fifo" 2>&1 3>&- 8>&-
  rt delete --force "$ID"
}

@test "log: a command that succeeds writes its warnings, one that fails only its error" {
  requires root
  requires tamis
  config '.process.capabilities.bounding += ["CAP_FUTURE"] |
    .process.capabilities.effective += ["CAP_FUTURE", "CAP_LATER"]'
  run rt --log "$T/log.json" --log-format json create --bundle "$BUNDLE" "$ID"
  expect_status 0
  equals "$output" "" "what is written"
  jq -e '.level == "warning"' "$T/log.json"
  output=$(jq -r .msg "$T/log.json")
  expect_output "process.capabilities: unknown or not available here, left out:"
  expect_output "CAP_FUTURE CAP_LATER"
  rm "$T/log.json"
  fails create --bundle "$BUNDLE" "$ID"
  run rt --debug state "$ID"
  expect_status 0
}
