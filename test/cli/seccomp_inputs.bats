# SPDX-License-Identifier: Apache-2.0
# tamis seccomp: what a PROFILE on the command line may be.
load ../lib

setup()
{
  requires tamis
  T=$BATS_TEST_TMPDIR IDS=() UNMOUNT=() HELPERS=() ROOT=$T MARK=none MOUNTS_BEFORE=$(host_mounts)
  facts=(--arch x86_64 --kernel 6.1)
}

ask()
{
  rc=0
  output=$("$RUNTIME" seccomp "$@" 2>&1) || rc=$?
}

@test "docker, containerd, podman: built in, with their source and date" {
  for engine in docker containerd podman; do
    ask show "${facts[@]}" --json "$engine"
    equals "$rc" 0 "$engine"
    [[ $(jq -r '.form, .source, .date' <<<"$output" | xargs) =~ ^"built-in profile "[a-z/-]+" "[0-9a-f]{8}" 20"[0-9-]{8}$ ]]
  done
  ask show "${facts[@]}" docker
  expect_line 'moby/profiles [0-9a-f]{8}, the newest of 20[0-9]{2}-[0-9]{2}-[0-9]{2}'
  ask explain "${facts[@]}" podman keyctl
  expect_line 'keyctl\(\) on x86_64, i386, x32: ALLOW'
  ask explain "${facts[@]}" docker mkdir
  expect_line ' *docker: rule 1: ALLOW'
  ask diff "${facts[@]}" --within docker containerd
  equals "$rc" 0 "docker within containerd"
  ask diff "${facts[@]}" --within podman docker
  equals "$rc" 1 "podman within docker"
}

@test "a file with the name of a built-in profile is given with its directory" {
  echo '{ "defaultAction": "SCMP_ACT_ALLOW" }' >"$T/docker"
  cd "$T"
  ask show ./docker
  equals "$rc" 0 "exit code"
  expect_line 'default action ALLOW, 0 rules in force, .*'
}
