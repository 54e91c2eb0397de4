# SPDX-License-Identifier: Apache-2.0
# Attributes of a process: execution domain, CPU affinity.
load ../lib

running()
{
  args /bin/payload pause
  create
  start
}

# process FILTER: writes $T/process.json, the container's process changed by a jq filter.
process()
{
  jq ".process | $1" "$BUNDLE/config.json" >"$T/process.json"
}

cpus_inside()
{
  sed -n 's/^Cpus_allowed_list:\t//p'
}

all_cpus()
{
  local file
  if file=$(controller_file cpuset cpuset.effective_cpus); then cat "$file"; else
    cat "/sys/fs/cgroup$CGROUP/cpuset.cpus.effective" 2>/dev/null || cat /sys/devices/system/cpu/online
  fi
}

# bats test_tags=ci
@test "personality: LINUX32 for the program and for exec; the default is LINUX" {
  unlike runc "1.1.5 does not know it"
  requires program gcc
  config '.linux.personality = {domain: "LINUX32"}'
  script 'payload syscall personality 0xffffffff; exec payload pause'
  create
  start
  until_true 5 grep -qx 'personality: 8' "$T/out"
  run rt exec "$ID" /bin/payload syscall personality 0xffffffff
  expect_line 'personality: 8'
  rt delete --force "$ID"
  config '.linux.personality = {domain: "LINUX"}'
  args /bin/payload syscall personality 0xffffffff
  view
  expect_line 'personality: 0'
  requires tamis
  config '.linux.personality = {domain: "LINUX32", flags: ["ADDR_NO_RANDOMIZE"]}'
  refused 'linux.personality.flags'
}

@test "personality: is set although the filter denies changing it" {
  unlike runc "1.1.5 does not know it"
  unlike crun "sets it behind the filter"
  config '.linux.personality = {domain: "LINUX32"} | .linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW",
    syscalls: [{names: ["personality"], action: "SCMP_ACT_ERRNO"}]}'
  script 'cat /proc/self/personality'
  view
  expect_line 00000008
}

@test "affinity: the caller's CPU mask is inherited neither by the container nor by exec" {
  unlike runc "1.1.5 hands it on"
  unlike crun "1.8.1 hands it on"
  [ "$(nproc)" -gt 1 ] || skip "one CPU"
  args /bin/payload pause
  TAMIS_TEST_MARK=$MARK taskset -c 0 "$RUNTIME" --root "$ROOT" create --bundle "$BUNDLE" \
    --pid-file "$T/pid" "$ID" </dev/null >"$T/out" 2>&1 3>&-
  start
  equals "$(cpus_inside <"/proc/$(cat "$T/pid")/status")" "$(all_cpus)" "CPUs of init"
  run taskset -c 0 "$RUNTIME" --root "$ROOT" exec "$ID" /bin/cat /proc/self/status
  equals "$(cpus_inside <<<"$output")" "$(all_cpus)" "CPUs of exec"
}

# bats test_tags=ci
@test "execCPUAffinity: final applies to the program; from the file, otherwise from the config" {
  unlike runc "1.1.5 does not know it"
  unlike crun "1.8.1 does not know it"
  [ "$(nproc)" -gt 1 ] || skip "one CPU"
  config '.process.execCPUAffinity = {initial: "0", final: "1"}'
  running
  equals "$(cpus_inside <"/proc/$PID/status")" "$(all_cpus)" "CPUs of init"
  run rt exec "$ID" /bin/cat /proc/self/status
  equals "$(cpus_inside <<<"$output")" 1 "by the config"
  process '.args = ["/bin/cat", "/proc/self/status"] | .execCPUAffinity = {final: "0-1,0"}'
  run rt exec --process "$T/process.json" "$ID"
  equals "$(cpus_inside <<<"$output")" 0-1 "by the file"
  process '.args = ["/bin/cat", "/proc/self/status"] | .execCPUAffinity = {initial: "1"}'
  run rt exec --process "$T/process.json" "$ID"
  equals "$(cpus_inside <<<"$output")" "$(all_cpus)" "without final"
}

# bats test_tags=ci
@test "execCPUAffinity: initial applies until the cgroup is joined; the caller's mask is kept" {
  requires tamis
  requires program strace
  config '.process.execCPUAffinity = {initial: "0", final: "0"}'
  running
  strace -f -qq -o "$T/trace" -e trace=sched_setaffinity,clone3,execve "$RUNTIME" --root "$ROOT" \
    exec "$ID" /bin/true 3>&-
  # the runtime sets initial, clones, and restores its mask; the child sets final in the cgroup
  equals "$(grep -cE 'sched_setaffinity\(.*= 0$' "$T/trace")" 3 "calls"
  [ "$(grep -n 'sched_setaffinity' "$T/trace" | head -n1 | cut -d: -f1)" -lt \
    "$(grep -n 'clone3' "$T/trace" | head -n1 | cut -d: -f1)" ]
}

# bats test_tags=ci
@test "execCPUAffinity: an invalid list or a missing CPU is refused, by create and by exec" {
  unlike runc "1.1.5 does not know it"
  unlike crun "1.8.1 does not know it"
  local list
  running
  for list in x 1- - 3-1 0,,1 8192 -1 99999999999999999999 '0 1'; do
    process ".args = [\"/bin/true\"] | .execCPUAffinity = {final: \"$list\"}"
    run rt exec --process "$T/process.json" "$ID"
    expect_status 255
    expect_output final
    config ".process.execCPUAffinity = {initial: \"$list\"}"
    use "$BUNDLE" "$ID-2"
    refused initial
    use "$BUNDLE" "${ID%-2}"
  done
  process '.args = ["/bin/true"] | .execCPUAffinity = {final: "8191"}'
  run rt exec --process "$T/process.json" "$ID"
  expect_status 255
  expect_output 'process.execCPUAffinity.final'
}
