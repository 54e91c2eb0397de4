# SPDX-License-Identifier: Apache-2.0
# Trees of cgroups that a container makes in its own cgroup: with any depth, breadth and state they
# are listed, killed and removed. runc 1.1.5 fails with most of them (see each test).
load ../lib

setup()
{
  requires root
  requires cgroupfs
  bundle
  rm -f "$ROOTFS/bin/cgtree"
  cp "$SYS/cgtree" "$ROOTFS/bin/cgtree"
  config '.linux.namespaces += [{type: "cgroup"}] | .mounts += [{destination: "/sys/fs/cgroup",
    type: "cgroup", source: "cgroup", options: ["rw", "nosuid", "nodev", "noexec"]}]'
}

# grow DEPTH NAME BREADTH [STATE]...: starts a container that makes these cgroups.
grow()
{
  args /bin/cgtree "$@"
  create
  start
  until_true 120 grep -qE 'ready|cannot' "$T/out"
  grep ready "$T/out" || cat "$T/out"
  echo "# $* $(cat "$T/out")" >&3
  grep -q ready "$T/out"
}

processes()
{
  sed -n 's/.*, \([0-9]*\) processes/\1/p' "$T/out"
}

listed()
{
  rt ps -f json "$ID" | jq length
}

gone_after_kill()
{
  run rt "$@"
  expect_status 0
  wait_status stopped
}

removed()
{
  rt delete "$@" "$ID"
  equals "$(cgroup_dirs "$ID")" "" "cgroups after delete"
}

# bats test_tags=ci
@test "a deep tree with processes in each state: ps, kill --all, delete" {
  unlike runc "fails because the paths are too long"
  grow 100 255 100 frozen threads
  equals "$(listed)" "$(processes)" "processes in ps"
  gone_after_kill kill --all "$ID" KILL
  removed
}

# bats test_tags=ci
@test "a deep tree with a process that forks and one that changes the tree: delete --force" {
  unlike runc "fails because the paths are too long"
  grow 100 255 100 frozen threads forks changes
  [ "$(listed)" -ge 3 ]
  removed --force
}

# bats test_tags=ci
@test "a deep tree with a low limit of descriptors" {
  requires tamis
  grow 100 20 20 frozen threads
  (
    ulimit -n 32
    equals "$(listed)" "$(processes)" "processes in ps"
    removed --force
  )
}

# bats test_tags=ci
@test "a signal to all reaches each process once, with any number of hierarchies" {
  requires tamis
  grow 60 100 20 tells
  rt kill --all "$ID" TERM
  until_true 5 told 2
  gone_after_kill kill --all "$ID" KILL
  told 2
  removed
}

# told N: SIGTERM was received N times.
told()
{
  [ "$(grep -c TERM "$T/out")" = "$1" ]
}

@test "init that froze itself in a cgroup below: kill KILL ends it" {
  unlike runc "1.1.5 thaws the container's own cgroup only"
  grow 3 10 0 self
  gone_after_kill kill "$ID" KILL
  removed
}

# bats test_tags=ci
@test "init that is frozen again and again: kill KILL ends it" {
  unlike runc "1.1.5 thaws the container's own cgroup only"
  grow 3 10 0 again
  gone_after_kill kill "$ID" KILL
  removed
}

# bats test_tags=ci
@test "init that is frozen again and again: delete --force" {
  unlike runc "1.1.5 thaws the container's own cgroup only"
  grow 3 10 0 again frozen
  removed --force
}

@test "v2: a threaded cgroup, a process whose first thread ended: ps, kill --all, delete" {
  requires v2
  grow 0 20 5 leaf
  equals "$(listed)" "$(processes)" "processes in ps"
  gone_after_kill kill --all "$ID" KILL
  removed
}

# bats test_tags=all
@test "slow: 700 levels, names of 255 bytes, 5000 side by side, changed during the command" {
  unlike runc "fails because the paths are too long"
  RT_TIMEOUT=600
  grow 700 255 5000 frozen threads forks changes
  [ "$(listed)" -ge 3 ]
  gone_after_kill kill --all "$ID" KILL
  removed
}
