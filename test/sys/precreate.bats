# SPDX-License-Identifier: Apache-2.0
# tamis-precreate before runtimes: containers whose denials notify an agent, or that are limited by a
# baseline. The same tests with runc and crun as they are in Debian.
load ../lib

setup()
{
  requires root
  requires tamis
  bundle
  PROGRAM=$TAMIS_BUILDDIR/tamis-precreate
  "$RUNTIME" seccomp show --as oci --caps none docker >"$T/docker.json"
}

teardown() { clean; }

# Puts a file into linux.seccomp as it is: jq would change numbers of 64 bits.
use_profile()
{
  local text
  config '.linux.seccomp = "@PROFILE@"'
  text=$(<"$BUNDLE/config.json")
  printf '%s\n' "${text/\"@PROFILE@\"/$(<"$1")}" >"$BUNDLE/config.json"
}

# filter OPTION...: the bundle's config passes through the program.
filter()
{
  "$PROGRAM" "$@" <"$BUNDLE/config.json" >"$T/new.json" || return $?
  mv "$T/new.json" "$BUNDLE/config.json"
}

# Denied calls notify, permitted ones work; `mount` is call 165, answered with error 13, not 1.
explain_docker()
{
  local nnp
  for nnp in true false; do
    use "$T/b" "$ID$nnp"
    config '.process.noNewPrivileges = $n' --argjson n $nnp
    script 'mount -t tmpfs x /tmp 2>&1; echo a >/dev/null && cat /proc/self/comm; exit 7'
    use_profile "$T/docker.json"
    background "agent.$nnp" "$SYS/agent" "$T/$nnp.sock" "$T/$nnp.ready" "$T/$nnp.state" 165=errno:13
    until_true 5 test -e "$T/$nnp.ready"
    filter --explain "$T/$nnp.sock"
    view
    expect_status 7
    expect_output 'ermission denied'
    expect_output cat
    # busybox tries mount(2) again
    equals "$(grep notified "$T/agent.$nnp" | sort -u)" 'notified: 165' "notifications"
    jq -r .metadata "$T/$nnp.state" >"$T/metadata"
    equals "$(jq -r .schema "$T/metadata")" tamis-explain/1 "what the agent gets"
    jq .seccomp "$T/metadata" >"$T/original.json"
    equals "$("$TAMIS" seccomp diff --equal "$T/original.json" "$T/docker.json")" yes "the original profile"
  done
}

# tamis-agent explains denials of the container's program and of `exec`, with the errors of the
# original profile; calls of other actions and permitted ones are not its business.
explain_by_agent()
{
  background agent "$TAMIS_BUILDDIR/tamis-agent" --listen "$T/a.sock" --log "$T/log"
  until_true 5 test -e "$T/a.sock"
  script 'mount -t tmpfs x /tmp; sleep 100'
  use_profile "$T/docker.json"
  filter --explain "$T/a.sock"
  rt run --detach --bundle "$BUNDLE" "$ID"
  run rt exec "$ID" /bin/sh -c 'hostname x; echo $?; cat /proc/self/comm'
  expect_line 1
  expect_line cat
  until_true 5 grep -q '"call":"mount"' "$T/log"
  jq -rc 'select(.schema == "tamis-denial/1") | [.container, .call, .errno]' "$T/log" | sort -u >"$T/calls"
  equals "$(<"$T/calls")" "[\"$ID\",\"mount\",\"EPERM\"]
[\"$ID\",\"sethostname\",\"EPERM\"]" "denials"
  rt kill "$ID" KILL
  until_true 5 grep -q '"ended":true' "$T/log"
}

# A profile that permits mkdir under a baseline that does not.
limit()
{
  sed 's/"mkdir",*//' "$T/docker.json" >"$T/base.json"
  run ! grep -q '"mkdir"' "$T/base.json"
  script 'mkdir /tmp/x; echo $?; ls -d /proc'
  config '.root.readonly = false'
  use_profile "$T/docker.json"
  view
  expect_output 0
  filter --baseline "$T/base.json"
  use "$T/b" "$ID-limited"
  rm -r "$ROOTFS/tmp/x"
  view
  expect_output 1
  expect_output /proc
}

# bats test_tags=ci
@test "precreate: Docker's default profile, explained by an agent" {
  TAMIS=$RUNTIME
  explain_docker
}

# bats test_tags=all
@test "precreate: the same under runc 1.1.5" {
  TAMIS=$RUNTIME
  control runc 1.1.5
  explain_docker
}

# bats test_tags=all
@test "precreate: the same under crun 1.8.1" {
  TAMIS=$RUNTIME
  control crun 1.8.1
  explain_docker
}

# bats test_tags=ci
@test "precreate: tamis-agent explains what is denied" {
  explain_by_agent
}

# bats test_tags=all
@test "precreate: tamis-agent explains what is denied under runc 1.1.5" {
  control runc 1.1.5
  explain_by_agent
}

# bats test_tags=all
@test "precreate: tamis-agent explains what is denied under crun 1.8.1" {
  control crun 1.8.1
  explain_by_agent
}

@test "precreate: a baseline holds" {
  limit
}

# bats test_tags=all
@test "precreate: a baseline holds under runc 1.1.5" {
  control runc 1.1.5
  limit
}

# bats test_tags=all
@test "precreate: a baseline holds under crun 1.8.1" {
  control crun 1.8.1
  limit
}
