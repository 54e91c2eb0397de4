# SPDX-License-Identifier: Apache-2.0
# Annotations that change the container: crun's names, as Podman and its users write them. An image
# can set annotations, too.
load ../lib

annotate()
{
  config '.annotations[$k] = $v' --arg k "$1" --arg v "$2"
}

# allow NAME: from now on the caller allows that annotation. A script replaces the runtime, as for
# engines without runtime arguments.
allow()
{
  [ $KIND = tamis ] || return 0
  printf '#!/bin/sh\nexec "%s" --allow-annotation="%s" "$@"\n' "$RUNTIME" "$1" >"$T/allows-$1"
  chmod 755 "$T/allows-$1"
  RUNTIME=$T/allows-$1
}

# filter NAME ERRNO: sets a linux.seccomp that allows everything except NAME.
filter()
{
  config '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: [$n],
    action: "SCMP_ACT_ERRNO", errnoRet: ($e | tonumber)}]}' --arg n "$1" --arg e "$2"
}

# compiled NAME ERRNO: prints the program of such a filter in base64.
compiled()
{
  filter "$@"
  create >/dev/null
  base64 -w0 "$ROOT/$ID/filter.bpf"
  rt delete --force "$ID"
}

# ins CODE JT JF K: prints one instruction as bytes.
ins()
{
  printf "$(printf '\\x%02x\\x%02x\\x%02x\\x%02x\\x%02x\\x%02x\\x%02x\\x%02x' $(($1 & 255)) $(($1 >> 8)) \
    "$2" "$3" $(($4 & 255)) $(($4 >> 8 & 255)) $(($4 >> 16 & 255)) $(($4 >> 24 & 255)))"
}

LD=0x20 JEQ=0x15 JGE=0x35 RET=0x06 AND=0x54 ST=0x02
ALLOW=0x7fff0000 EPERM=0x00050001 KILL=0x80000000
NATIVE=$([ "$(uname -m)" = aarch64 ] && echo 0xc00000b7 || echo 0xc000003e)

# bats test_tags=ci
@test "features: the honoured annotations are listed as unsafe" {
  requires tamis
  run "$RUNTIME" features
  for key in run.oci.keep_original_groups run.oci.mount_context_type run.oci.seccomp.receiver \
    run.oci.seccomp_bpf_data run.oci.seccomp_fail_unknown_syscall; do
    jq -e --arg k $key '.potentiallyUnsafeConfigAnnotations | index($k) != null' <<<"$output"
    grep -qF "$key" "$TAMIS_SRCDIR/doc/tamis-create.8"
  done
}

@test "unknown annotations are kept and have no effect" {
  annotate run.oci.of_the_future 1
  annotate io.kubernetes.cri.container-type sandbox
  create
  rt state "$ID" | jq -e '.annotations["run.oci.of_the_future"] == "1"'
}

# bats test_tags=ci
@test "refused: annotations that tamis does not implement and must not ignore" {
  requires tamis
  local key n=0
  for key in run.oci.seccomp.plugins run.oci.handler run.oci.hooks.stdout run.oci.hooks.stderr \
    run.oci.pidfd_receiver run.oci.timens_offset run.oci.systemd.force_cgroup_v1 \
    run.oci.systemd.subgroup run.oci.delegate-cgroup; do
    annotate $key x
    refused "annotations[\"$key\"]: not offered" || n=1
    config 'del(.annotations)'
    grep -qF "$key" "$TAMIS_SRCDIR/doc/tamis-create.8"
  done
  equals $n 0 "not refused by name"
}

@test "refused: invalid values" {
  requires tamis
  local pair n=0
  for pair in run.oci.keep_original_groups=maybe run.oci.seccomp_fail_unknown_syscall=2 \
    run.oci.mount_context_type=text run.oci.seccomp.receiver=relative/path; do
    annotate "${pair%%=*}" "${pair#*=}"
    refused "annotations[\"${pair%%=*}\"]: expected" || n=1
    config 'del(.annotations)'
  done
  equals $n 0 "not refused"
}

# bats test_tags=ci
@test "annotations that weaken the confinement need --allow-annotation, before the command" {
  requires tamis
  local pair n=0
  for pair in run.oci.keep_original_groups=1 run.oci.keep_original_groups=true \
    run.oci.mount_context_type=rootcontext run.oci.seccomp.receiver=/run/agent; do
    annotate "${pair%%=*}" "${pair#*=}"
    refused "annotations[\"${pair%%=*}\"]:" || n=1
    grep -qF "expected --allow-annotation=${pair%%=*} before the command" <<<"$output" || n=1
    config 'del(.annotations)'
  done
  equals $n 0 "not refused"
  annotate run.oci.keep_original_groups 0
  annotate run.oci.mount_context_type context
  view 'echo in'
  expect_line in
  annotate run.oci.keep_original_groups 1
  annotate run.oci.mount_context_type rootcontext
  run rt --allow-annotation run.oci.keep_original_groups,run.oci.mount_context_type run \
    --bundle "$BUNDLE" "$ID"
  expect_line in
  run rt --allow-annotation=run.oci.keep_original_groups \
    --allow-annotation=run.oci.mount_context_type run --bundle "$BUNDLE" "$ID"
  expect_line in
  run rt --allow-annotation=run.oci.keep_original_groups run --bundle "$BUNDLE" "$ID"
  expect_status 1
  expect_output mount_context_type
}

@test "--allow-annotation: a name that cannot be allowed is an error" {
  requires tamis
  local name
  for name in run.oci.seccomp_bpf_data run.oci.keep_original_group org.systemd.property run.oci. \*; do
    run rt --allow-annotation="$name" create --bundle "$BUNDLE" "$ID"
    expect_status 1
    expect_output "found '$name'"
  done
}

# bats test_tags=ci
@test "keep_original_groups: init and exec have the groups of the caller" {
  unlike runc "does not know it"
  local plain=$RUNTIME
  annotate run.oci.keep_original_groups 1
  allow run.oci.keep_original_groups
  config '.process.user.uid = 1000'
  script 'grep Groups: /proc/self/status; exec payload pause'
  TAMIS_TEST_MARK=$MARK setpriv --groups 4242,77 "$RUNTIME" --root "$ROOT" create \
    --bundle "$BUNDLE" "$ID" </dev/null >"$T/out" 2>&1 3>&-
  start
  until_true 5 grep -qE '^Groups:.77 4242 *$' "$T/out"
  # the permission is stored with the container
  run setpriv --groups 4243 "$plain" --root "$ROOT" exec "$ID" /bin/grep Groups: /proc/self/status
  expect_line 'Groups:.4243 *'
  rt delete --force "$ID"
  annotate run.oci.keep_original_groups 0
  script 'grep Groups: /proc/self/status'
  TAMIS_TEST_MARK=$MARK run setpriv --groups 4242 "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
  expect_line 'Groups:. *'
}

@test "keep_original_groups: groups that a user namespace does not map" {
  requires tamis
  allow run.oci.keep_original_groups
  annotate run.oci.keep_original_groups 1
  chmod 755 "$T" "$BUNDLE" "$ROOTFS"
  config '.linux.namespaces += [{"type": "user"}] |
    .linux.uidMappings = [{"containerID": 0, "hostID": 100000, "size": 65536}] |
    .linux.gidMappings = .linux.uidMappings'
  script 'exec payload pause'
  TAMIS_TEST_MARK=$MARK setpriv --groups 4242 "$RUNTIME" --root "$ROOT" create \
    --bundle "$BUNDLE" --pid-file "$T/pid" "$ID" </dev/null >"$T/out" 2>&1 3>&-
  start
  grep -qE '^Groups:.4242 *$' "/proc/$(cat "$T/pid")/status"
}

@test "seccomp_fail_unknown_syscall: an unknown call in the profile is an error with its place" {
  requires tamis
  filter call_of_the_future 1
  annotate run.oci.seccomp_fail_unknown_syscall 1
  refused 'linux.seccomp.syscalls[0].names[0]: no architecture has a call "call_of_the_future"'
  annotate run.oci.seccomp_fail_unknown_syscall 0
  args /bin/true
  view
  expect_status 0
  filter sethostname 1
  annotate run.oci.seccomp_fail_unknown_syscall 1
  view
  expect_status 0
}

@test "seccomp_bpf_data: added to linux.seccomp, the stricter result applies, for init and exec" {
  requires tamis
  local data own
  data=$(compiled sethostname 77)
  annotate run.oci.seccomp_bpf_data "$data"
  filter swapoff 78
  script 'payload syscall sethostname s:x 1; payload syscall swapoff s:x; exec payload pause'
  create
  start
  until_true 5 grep -q swapoff "$T/out"
  grep -qx 'sethostname: EBADFD' "$T/out"
  grep -qx 'swapoff: EREMCHG' "$T/out"
  run rt exec "$ID" /bin/sh -c 'payload syscall sethostname s:x 1; payload syscall swapoff s:x'
  expect_line 'sethostname: EBADFD'
  expect_line 'swapoff: EREMCHG'
}

# bats test_tags=ci
@test "seccomp_bpf_data: a filter that allows all calls does not weaken the profile" {
  requires tamis
  # An image's annotations become part of the config: this one once replaced the profile.
  annotate run.oci.seccomp_bpf_data "$({
    ins $LD 0 0 4; ins $JEQ 1 0 $NATIVE; ins $RET 0 0 $KILL; ins $RET 0 0 $ALLOW
  } | base64 -w0)"
  filter sethostname 77
  args /bin/payload syscall sethostname s:x 1
  view
  expect_line 'sethostname: EBADFD'
  annotate run.oci.seccomp_bpf_data "$(ins $RET 0 0 $ALLOW | base64 -w0)"
  view
  expect_line 'sethostname: EBADFD'
  # also not the profile of the command line
  config '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW"}'
  jq -n '{defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["sethostname"], action: "SCMP_ACT_ERRNO"}]}' \
    >"$T/profile"
  run rt run --seccomp "$T/profile" --bundle "$BUNDLE" "$ID"
  expect_line 'sethostname: EPERM'
}

@test "seccomp_bpf_data: an agent still gets its calls; an image's filter cannot notify one" {
  requires tamis
  config '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", listenerPath: $p, syscalls: [
    {names: ["sethostname", "swapoff"], action: "SCMP_ACT_NOTIFY"}]}' --arg p "$T/agent.sock"
  cp "$BUNDLE/config.json" "$T/saved"
  local data nr
  data=$(compiled swapoff 78)
  nr=$([ "$(uname -m)" = aarch64 ] && echo 161 || echo 170)
  cp "$T/saved" "$BUNDLE/config.json"
  annotate run.oci.seccomp_bpf_data "$data"
  background agent "$SYS/agent" "$T/agent.sock" "$T/agent.ready" "$T/agent.state" "$nr=value:77"
  until_true 5 test -e "$T/agent.ready"
  view 'payload syscall sethostname s:x 1; payload syscall swapoff s:x'
  expect_line 'sethostname: 77'
  expect_line 'swapoff: EREMCHG'
  annotate run.oci.seccomp_bpf_data "$({
    ins $LD 0 0 4; ins $JEQ 1 0 $NATIVE; ins $RET 0 0 $KILL; ins $RET 0 0 0x7fc00000
  } | base64 -w0)"
  refused SCMP_ACT_NOTIFY
}

@test "seccomp_bpf_data: without linux.seccomp, and as a hand-written program" {
  requires tamis
  local nr
  nr=$([ "$(uname -m)" = aarch64 ] && echo 161 || echo 170)
  annotate run.oci.seccomp_bpf_data "$({
    ins $LD 0 0 4; ins $JEQ 1 0 $NATIVE; ins $RET 0 0 $KILL
    ins $LD 0 0 0; ins $JEQ 0 1 "$nr"; ins $RET 0 0 $EPERM; ins $RET 0 0 $ALLOW
  } | base64 -w0)"
  args /bin/payload syscall sethostname s:x 1
  view
  expect_line 'sethostname: EPERM'
}

# bats test_tags=ci
@test "seccomp_bpf_data: refused if invalid, unreadable, or if it allows everything" {
  requires tamis
  local execve
  execve=$([ "$(uname -m)" = aarch64 ] && echo 221 || echo 59)
  bad() # NAME WORDS, bytes on standard input
  {
    annotate run.oci.seccomp_bpf_data "$(base64 -w0)"
    refused "$2" || { echo "$1"; false; }
  }
  annotate run.oci.seccomp_bpf_data 'AAA'
  refused 'expected base64'
  annotate run.oci.seccomp_bpf_data 'AAAA AAA='
  refused 'expected base64'
  annotate run.oci.seccomp_bpf_data ''
  refused 'expected 1 to 4096 instructions'
  printf 'seven b' | bad "half an instruction" 'expected 1 to 4096 instructions'
  ins $LD 0 0 4 | bad "no return" 'the kernel would refuse it'
  { ins $JEQ 9 0 1; ins $RET 0 0 $ALLOW; } | bad "a jump out" 'the kernel would refuse it'
  { ins $LD 0 0 0; ins $AND 0 0 1; ins $JEQ 0 1 1; ins $RET 0 0 $ALLOW; ins $RET 0 0 $KILL; } |
    bad "bits of the number" 'too complex to be read'
  { ins $LD 0 0 0; ins $ST 0 0 0; ins $RET 0 0 $ALLOW; } | bad "memory" 'instruction 1'
  { ins $LD 0 0 0; ins $JEQ 0 1 999; ins $RET 0 0 $EPERM; ins $RET 0 0 $ALLOW; } |
    bad "any architecture" 'checks the architecture'
  { ins $LD 0 0 4; ins $JEQ 1 0 $NATIVE; ins $RET 0 0 $KILL; ins $LD 0 0 0; ins $JEQ 0 1 "$execve"
    ins $RET 0 0 $EPERM; ins $RET 0 0 $ALLOW; } | bad "no execve" 'execve is answered with ERRNO(1)'
  head -c $((8 * 4097)) /dev/zero >"$T/long"
  config '.annotations["run.oci.seccomp_bpf_data"] = $v' --rawfile v <(base64 -w0 "$T/long")
  refused 'expected 1 to 4096 instructions'
}

# bats test_tags=ci
@test "seccomp.receiver: the agent of a profile that names none, if the caller allows it" {
  unlike runc "does not know it"
  unlike crun "1.8.1 waits for ever on some kernels"
  requires program gcc
  local nr how
  nr=$(printf '#include <sys/syscall.h>\nSYS_sethostname\n' | gcc -E -P - | tail -n1)
  config '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["sethostname"],
    action: "SCMP_ACT_NOTIFY"}]}'
  args /bin/payload syscall sethostname s:x 1
  refused listenerPath
  RUN_OCI_SECCOMP_RECEIVER=$T/agent.sock refused listenerPath
  annotate run.oci.seccomp.receiver "$T/agent.sock"
  refused allow-annotation
  allow run.oci.seccomp.receiver
  for how in annotation member; do
    rm -f "$T/agent."*
    background agent-$how "$SYS/agent" "$T/agent.sock" "$T/agent.ready" "$T/agent.state" "$nr=value:77"
    until_true 5 test -e "$T/agent.ready"
    if [ $how = member ]; then # has precedence
      annotate run.oci.seccomp.receiver /nowhere
      config '.linux.seccomp.listenerPath = $p' --arg p "$T/agent.sock"
    fi
    view
    expect_line 'sethostname: 77' || { echo "$how"; false; }
    jq -e --arg id "$ID" '.fds == ["seccompFd"] and .state.id == $id' "$T/agent.state"
  done
}
