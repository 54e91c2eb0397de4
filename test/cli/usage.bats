# SPDX-License-Identifier: Apache-2.0
# Usage and versions. These tests need no container.
load ../lib

setup()
{
  bundle
}

@test "--version: three words, then commit and spec; the word version occurs once" {
  requires tamis
  run "$RUNTIME" --version
  expect_status 0
  [[ ${lines[0]} =~ ^tamis\ version\ [0-9]+\.[0-9]+\.[0-9]+ ]]
  equals "$(grep -c version <<<"$output")" 1 "lines with the word version"
  expect_line 'commit: .+'
  expect_line 'spec: 1\.[0-9]+\.[0-9]+.*'
}

@test "-v and -version are --version" {
  requires tamis
  run "$RUNTIME" --version
  local long=$output
  run "$RUNTIME" -v
  expect_status 0
  equals "$output" "$long" "-v"
  run "$RUNTIME" -version
  equals "$output" "$long" "-version"
}

@test "--version, help and features work without root, HOME or PATH" {
  local what
  chmod 755 "$T" "$BATS_RUN_TMPDIR"
  for what in --version --help; do
    run env -i setpriv --reuid 65534 --clear-groups --no-new-privs "$RUNTIME" $what
    expect_status 0
  done
  unlike runc "features of 1.1.5 wants cgroups"
  run env -i setpriv --reuid 65534 --clear-groups --no-new-privs "$RUNTIME" features
  expect_status 0
}

@test "--version works where /run is missing" {
  run unshare -m sh -c 'mount -t tmpfs -o ro none /run && exec "$0" --version' "$RUNTIME"
  expect_status 0
}

@test "help names every command" {
  run "$RUNTIME" help
  expect_status 0
  for c in create exec start run state kill delete spec features list ps pause resume update events; do
    expect_output "$c"
  done
}

@test "help and --help print on standard output" {
  for c in help --help; do
    equals "$("$RUNTIME" $c 2>"$T/err" | grep -c create)" "$("$RUNTIME" $c 2>&1 | grep -c create)" "$c"
    [ ! -s "$T/err" ]
  done
}

@test "an unknown command is named in the error" {
  run "$RUNTIME" frobnicate
  [ "$status" != 0 ]
  requires tamis
  expect_output frobnicate
}

@test "an unknown option is named in the error" {
  run "$RUNTIME" --frobnicate state x
  [ "$status" != 0 ]
  expect_output frobnicate
  run rt create --frobnicate --bundle "$BUNDLE" "$ID"
  [ "$status" != 0 ]
  expect_output frobnicate
}

@test "a wrong option: one message that names the command and where to look, also in the log" {
  requires tamis
  run "$RUNTIME" --log "$T/log" --log-format json --frobnicate state x
  equals "$output" "tamis: unknown option '--frobnicate'; see 'tamis --help'" message
  equals "$(jq -r .msg "$T/log")" "unknown option '--frobnicate'; see 'tamis --help'" log
  run "$RUNTIME" kill --frobnicate x
  equals "$output" "tamis: kill: unknown option '--frobnicate'; see 'tamis kill --help'" message
}

# bats test_tags=ci
@test "options after the id, for every command except exec and ps" {
  requires root
  unlike crun "1.8.1 takes none there"
  rt create "$ID" --bundle "$BUNDLE" --pid-file "$T/pid"
  rt update "$ID" --pids-limit 50
  local file
  file=$(controller_file pids pids.max) && equals "$(cat "$file")" 50 "pids.max"
  unlike runc "1.1.5 takes a command's first argument for the value of -a"
  rt events "$ID" --stats | grep -q '"type":"stats"'
  rt kill "$ID" KILL -a
  rt delete "$ID" --force
  [ ! -e "$ROOT/$ID" ]
  args sleep 100
  rt run "$ID" --detach -b "$BUNDLE"
  equals "$(rt exec "$ID" echo -a --detach -- -d)" "-a --detach -- -d" "arguments of the program of exec"
  rt ps "$ID" -o pid | grep -q '[0-9]'
  run rt kill "$ID" -- -9
  [ "$status" != 0 ]
  expect_output "unknown signal '-9'"
  run rt delete "$ID" --forse
  [ "$status" != 0 ]
  expect_output "did you mean '--force'"
  rt delete "$ID" -f
}

@test "help: as h, after a command, and after an id" {
  requires tamis
  equals "$("$RUNTIME" h)" "$("$RUNTIME" help)" "h"
  equals "$("$RUNTIME" kill x --help)" "$("$RUNTIME" help kill)" "kill x --help"
  equals "$("$RUNTIME" kill -h x)" "$("$RUNTIME" help kill)" "kill -h"
}

@test "an option without its value is an error" {
  run rt create --bundle
  [ "$status" != 0 ]
}

@test "a missing or superfluous ID is an error" {
  for c in create start state kill delete run ps pause resume; do
    run rt $c
    [ "$status" != 0 ]
  done
  requires tamis
  run rt start a b
  [ "$status" != 0 ]
}

@test "--preserve-fds: at most 4096" {
  requires tamis
  for n in 4097 4294967293 -1 x; do
    run rt create --preserve-fds $n --bundle "$BUNDLE" "$ID"
    [ "$status" != 0 ]
    expect_output "--preserve-fds: expected a number from 0 to 4096"
  done
}

# bats test_tags=ci
@test "ids: valid and invalid names" {
  unlike crun "1.8.1 does not look"
  local id
  unlike runc "takes -x"
  for id in '../x' . .. 'a/b' 'a b' '' $'a\nb' -x 'é' "$(printf 'x%.0s' {1..256})"; do
    run rt create --bundle "$BUNDLE" -- "$id"
    [ "$status" != 0 ] || { echo "accepted: $id"; rt delete --force -- "$id"; false; }
  done
  equals "$(ls -A "$ROOT" 2>/dev/null)" "" "state directory"
}

@test "ids: letters, digits, _ + . - and length 128" {
  requires root
  local long
  long=$(printf 'l%.0s' {1..128})
  for id in "A_b+c.d-9" "$long"; do
    use "$BUNDLE" "$id"
    rt create --bundle "$BUNDLE" "$id" >/dev/null
    equals "$(state_of "$id")" created "$id"
  done
}

@test "errors: one line in lower case that begins with the name of the program" {
  requires tamis
  run rt state nothing-here
  equals "${#lines[@]}" 1 lines
  [[ $output =~ ^tamis:\ [a-z\"\'] ]]
}

@test "checkpoint --help fails: engines detect by it whether checkpoint is supported" {
  requires tamis
  run "$RUNTIME" checkpoint --help
  [ "$status" != 0 ]
}
