# SPDX-License-Identifier: Apache-2.0
# Global options in every form that engines use, and the log that they read.
load ../lib

@test "--root: two words, with =, with one dash; the last one counts" {
  requires root
  create
  for spelling in "--root $ROOT" "--root=$ROOT" "-root $ROOT" "-root=$ROOT" \
    "--root /nowhere --root $ROOT" "--root=$ROOT --root=$ROOT"; do
    # shellcheck disable=SC2086
    run "$RUNTIME" $spelling state "$ID"
    expect_status 0 || { echo "spelling: $spelling"; false; }
  done
}

@test "--debug, --criu, --rootless, and --log-format twice are accepted" {
  unlike crun "has other global options"
  create
  run --separate-stderr rt --criu /usr/sbin/criu --rootless=false --rootless auto \
    --log-format text --log-format=json state "$ID"
  expect_status 0
  run rt --debug state "$ID"
  expect_status 0
}

@test "--log-level is accepted" {
  requires tamis
  run rt --log-level=warning state nothing
  expect_output "does not exist"
}

@test "--systemd-cgroup=false is the default driver" {
  unlike crun "takes no value"
  rt --systemd-cgroup=false create --bundle "$BUNDLE" "$ID"
}

# the format of row record: key names, level, RFC 3339 time, one record for each failing call
one_record()
{
  equals "$(wc -l <"$T/log.json")" "$1" "records in the log"
  tail -n1 "$T/log.json" | jq -e '.level == "error" and (.msg | length > 0) and (.time |
    test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$"))'
}

@test "a failing call writes exactly one JSON record" {
  unlike runc "1.1.5 warns besides"
  run rt --log "$T/log.json" --log-format json start nothing
  [ "$status" != 0 ]
  one_record 1
  run rt --log="$T/log.json" --log-format=json kill nothing
  one_record 2
}

@test "the record of a failing create has the cause, in one line, and equals the message" {
  args /bin/not-there
  run rt --log "$T/log.json" --log-format json create --bundle "$BUNDLE" "$ID"
  [ "$status" != 0 ]
  unlike runc "writes several"
  one_record 1
  requires tamis
  equals "tamis: $(jq -r .msg "$T/log.json")" "$output" "message on standard error"
}

@test "a record is written for invalid JSON, a missing bundle, a wrong option" {
  local n=0
  echo '{"ociVersion": "1.0.2",' >"$BUNDLE/config.json"
  for call in "create --bundle $BUNDLE $ID" "create --bundle $T/none $ID" \
    "create --no-such --bundle $BUNDLE $ID" "no-such-command"; do
    # shellcheck disable=SC2086
    run rt --log "$T/log.json" --log-format json $call
    [ "$status" != 0 ]
    requires tamis
    echo "call: $call"
    one_record $((++n))
  done
}

@test "quotes, backslashes and control characters are preserved in the record" {
  requires tamis
  args $'/bin/a"b\\c\td'
  run rt --log "$T/log.json" --log-format json create --bundle "$BUNDLE" "$ID"
  one_record 1
  jq -r .msg "$T/log.json" | grep -qF 'a"b\c'
}

@test "success writes no output and no log record" {
  for call in "create --bundle $BUNDLE $ID" "start $ID" "delete --force $ID" \
    "delete --force $ID"; do
    # shellcheck disable=SC2086
    run rt --log "$T/log.json" --log-format json $call
    expect_status 0
    equals "$output" "" "output of $call"
  done
  unlike runc "1.1.5 warns"
  [ ! -s "$T/log.json" ]
}

@test "a log that cannot be opened is an error" {
  run rt --log /nowhere/log --log-format json state "$ID"
  [ "$status" != 0 ]
  expect_output /nowhere/log
}

@test "an unknown --log-format is an error" {
  run rt --log "$T/l" --log-format xml state "$ID"
  [ "$status" != 0 ]
  expect_output xml
}

@test "--cgroup-manager=disabled makes no cgroup; an unknown manager is refused" {
  unlike runc "has no such option"
  rt --cgroup-manager=disabled create --bundle "$BUNDLE" --pid-file "$T/pid" "$ID" >/dev/null
  equals "$(cgroup_dirs "$ID")" "" "cgroups"
  rt delete --force "$ID"
  run rt --cgroup-manager=nonsense create --bundle "$BUNDLE" "$ID"
  [ "$status" != 0 ]
}

@test "inherited descriptors are closed: the program sees only 0, 1, 2" {
  args /bin/payload fds
  run bash -c 'exec 7</etc/passwd 9</ && TAMIS_TEST_MARK="$0" "$@"' "$MARK" \
    "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID" 3>&-
  expect_status 0
  equals "$(cut -d' ' -f1 <<<"$output" | tr '\n' ' ')" "0 1 2 " descriptors
}

# bats test_tags=ci
@test "closed standard descriptors become /dev/null, not the next file that is opened" {
  requires tamis
  script 'ls /bin/sh'
  TAMIS_TEST_MARK=$MARK "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID" <&- >&- 2>&- 3>&-
  TAMIS_TEST_MARK=$MARK "$RUNTIME" --root "$ROOT" --log "$T/log" create --bundle "$BUNDLE" \
    --pid-file "$T/pid" "$ID" <&- >&- 2>&- 3>&-
  for fd in 0 1 2; do
    equals "$(readlink "/proc/$(cat "$T/pid")/fd/$fd")" /dev/null "descriptor $fd"
  done
  rt delete "$ID" # init does not hold the lock
}
