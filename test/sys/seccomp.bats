# SPDX-License-Identifier: Apache-2.0
# The effect of the filter on programs: actions, profiles, the smallest profiles, notification.
load ../lib

# filter DEFAULT [NAME ACTION [ERRNO]]...: sets linux.seccomp, with a rule for each NAME.
profile()
{
  config '.linux.seccomp = {"defaultAction": $d, "architectures": $a, "syscalls": []}' \
    --arg d "$1" --argjson a "$(native)"
  shift
  while [ $# -gt 0 ]; do
    config '.linux.seccomp.syscalls += [{"names": ($n | split(",")), "action": $a} +
      if $e == "" then {} else {"errnoRet": ($e | tonumber)} end]' \
      --arg n "$1" --arg a "$2" --arg e "${3-}"
    shift $(($# < 3 ? $# : 3))
  done
}

native()
{
  case $(uname -m) in
  x86_64) echo '["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"]' ;;
  aarch64) echo '["SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM"]' ;;
  esac
}

# The profile that /bin/tiny needs: its two calls and execve.
smallest()
{
  profile SCMP_ACT_KILL_PROCESS execve,write,exit_group SCMP_ACT_ALLOW ''
  args /bin/tiny
}

@test "without linux.seccomp there is no filter" {
  view 'grep Seccomp /proc/self/status'
  expect_line 'Seccomp:.0'
  expect_line 'Seccomp_filters:.0'
}

# bats test_tags=ci
@test "ERRNO with a number, without a number, with 0" {
  profile SCMP_ACT_ALLOW mkdirat,mkdir SCMP_ACT_ERRNO 95 swapoff SCMP_ACT_ERRNO '' \
    sethostname SCMP_ACT_ERRNO 0
  view 'payload syscall mkdirat -100 s:/tmp/x 0755; payload syscall swapoff s:x
    payload syscall sethostname s:other 5; hostname; grep Seccomp /proc/self/status'
  expect_line 'mkdirat: EOPNOTSUPP'
  expect_line 'swapoff: EPERM'
  expect_line 'sethostname: 0'
  expect_line box
  expect_line 'Seccomp:.2'
  expect_line 'Seccomp_filters:.1'
}

# bats test_tags=ci
@test "KILL_PROCESS, KILL_THREAD, TRAP kill the program with SIGSYS" {
  local a
  for a in SCMP_ACT_KILL_PROCESS SCMP_ACT_KILL_THREAD SCMP_ACT_KILL SCMP_ACT_TRAP; do
    profile SCMP_ACT_ALLOW sethostname $a ''
    view 'payload syscall sethostname s:x 1; echo rc $?'
    expect_line 'rc 159'
    args /bin/payload syscall sethostname s:x 1
    view
    expect_status 159
  done
}

# bats test_tags=ci
@test "TRACE without a tracer is ENOSYS; LOG allows" {
  profile SCMP_ACT_ALLOW sethostname SCMP_ACT_TRACE '' swapoff SCMP_ACT_LOG ''
  view 'payload syscall sethostname s:x 1; payload syscall swapoff s:nothing'
  expect_line 'sethostname: ENOSYS'
  unlike runc "1.1.5: as the capabilities say"
  expect_line 'swapoff: EPERM'
}

# bats test_tags=ci
@test "conditions on arguments" {
  profile SCMP_ACT_ALLOW
  config '.linux.seccomp.syscalls = [{"names": ["personality"], "action": "SCMP_ACT_ERRNO",
    "errnoRet": 99, "args": [{"index": 0, "value": 8, "op": "SCMP_CMP_EQ"}]},
    {"names": ["getpriority"], "action": "SCMP_ACT_ERRNO", "errnoRet": 98,
    "args": [{"index": 0, "value": 4, "valueTwo": 4, "op": "SCMP_CMP_MASKED_EQ"}]}]'
  view 'payload syscall personality 8; payload syscall personality 0xffffffff
    payload syscall getpriority 6 0;  payload syscall getpriority 0 0'
  expect_line 'personality: E.*99|personality: EADDRNOTAVAIL'
  expect_line 'personality: 0'
  expect_line 'getpriority: EADDRINUSE'
  expect_line "getpriority: $((20 - $(nice)))"
}

# bats test_tags=ci
@test "smallest profile: execve and the program's calls, with and without NNP, uid 0 and 1000" {
  unlike runc "its own calls must be allowed"
  unlike crun "its own calls must be allowed"
  local nnp uid
  smallest
  for nnp in true false; do
    for uid in 0 1000; do
      config ".process.noNewPrivileges = $nnp | .process.user.uid = $uid |
        .process.user.gid = $uid"
      view
      echo "noNewPrivileges $nnp, uid $uid"
      expect_status 7
      equals "$output" "tiny ran" output
    done
  done
}

# bats test_tags=ci
@test "smallest profile inside a user namespace" {
  unlike runc "its own calls must be allowed"
  unlike crun "its own calls must be allowed"
  local nnp uid
  smallest
  chmod 755 "$T" "$T/.." "$BATS_RUN_TMPDIR" "$BUNDLE"
  config '.linux.namespaces += [{"type": "user"}] |
    .linux.uidMappings = [{"containerID": 0, "hostID": 100000, "size": 65536}] |
    .linux.gidMappings = [{"containerID": 0, "hostID": 100000, "size": 65536}]'
  for nnp in true false; do
    for uid in 0 1000; do
      config ".process.noNewPrivileges = $nnp | .process.user.uid = $uid"
      view
      echo "noNewPrivileges $nnp, uid $uid"
      expect_status 7
      equals "$output" "tiny ran" output
    done
  done
}

@test "smallest profile: a program that makes other calls is killed, not init" {
  unlike runc "its own calls must be allowed"
  unlike crun "its own calls must be allowed"
  smallest
  args /bin/payload uids
  view
  expect_status 159
}

@test "smallest profile: start returns the errno of a failed execve" {
  unlike runc "its own calls must be allowed"
  unlike crun "its own calls must be allowed"
  smallest
  printf '#!/nowhere/interpreter\n' >"$ROOTFS/script"
  chmod 755 "$ROOTFS/script"
  args /script
  create
  run start
  [ "$status" != 0 ]
  expect_output "no such file or directory"
}

@test "a profile that denies exit_group: after a failed execve init still ends at once" {
  requires tamis
  profile SCMP_ACT_ALLOW exit_group,exit,kill,tgkill SCMP_ACT_ERRNO 1
  printf '#!/nowhere/interpreter\n' >"$ROOTFS/script"
  chmod 755 "$ROOTFS/script"
  args /script
  create
  run start
  [ "$status" != 0 ]
  expect_output "no such file or directory"
  wait_status stopped
}

@test "a profile that denies execve is refused before anything is made" {
  requires tamis
  profile SCMP_ACT_KILL_PROCESS write,exit_group SCMP_ACT_ALLOW ''
  args /bin/tiny
  refused execve
}

@test "capabilities and ids are the config's under a filter without NNP" {
  profile SCMP_ACT_ALLOW swapoff SCMP_ACT_ERRNO ''
  config '.process.noNewPrivileges = false | .process.user.uid = 1000'
  args /bin/cat /proc/self/status
  view
  equals "$(field CapPrm)" 0000000000000000 CapPrm
  equals "$(field CapEff)" 0000000000000000 CapEff
  equals "$(field NoNewPrivs)" 0 NoNewPrivs
  equals "$(field Seccomp)" 2 Seccomp
}

# bats test_tags=ci
@test "unknown calls are skipped; unknown actions, operators, architectures, flags refused" {
  profile SCMP_ACT_ALLOW call_of_the_future SCMP_ACT_ERRNO ''
  view 'echo in'
  expect_line in
  cp "$BUNDLE/config.json" "$T/saved"
  for f in '.defaultAction = "SCMP_ACT_DANCE"' '.architectures = ["SCMP_ARCH_Z80"]' \
    '.flags = ["SECCOMP_FILTER_FLAG_DANCE"]' \
    '.syscalls = [{"names": ["read"], "action": "SCMP_ACT_DANCE"}]' \
    '.syscalls = [{"names": ["read"], "action": "SCMP_ACT_ERRNO", "args":
      [{"index": 0, "value": 1, "op": "SCMP_CMP_DANCE"}]}]' \
    '.syscalls = [{"names": ["read"], "action": "SCMP_ACT_ERRNO", "args":
      [{"index": 6, "value": 1, "op": "SCMP_CMP_EQ"}]}]'; do
    config ".linux.seccomp |= ($f)"
    [ "$KIND-${f:0:6}" = runc-.flags ] || refused || {
      echo "$f"
      false
    }
    cp "$T/saved" "$BUNDLE/config.json"
  done
}

@test "errnoRet on an action without an errno is refused" {
  unlike runc "takes it"
  profile SCMP_ACT_ALLOW read SCMP_ACT_LOG 5
  refused
}

@test "flags: LOG and SPEC_ALLOW and an empty list are accepted" {
  profile SCMP_ACT_ALLOW swapoff SCMP_ACT_ERRNO ''
  config '.linux.seccomp.flags = []'
  view 'echo in'
  expect_line in
  unlike runc "1.1.5 lacks SPEC_ALLOW"
  config '.linux.seccomp.flags = ["SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_SPEC_ALLOW"]'
  view 'echo in'
  expect_line in
}

# of_engine PROFILE: prints a profile of test/profiles/profiles.table as linux.seccomp.
of_engine()
{
  config '.linux.seccomp = $p[0]' --slurpfile p "$TAMIS_BUILDDIR/test/profiles/made/$1.oci.json"
}

# bats test_tags=ci
@test "a C library newer than the profile falls back, with profiles of 2016 to 2023" {
  unlike crun "has no ENOSYS of its own"
  local profile n=0
  cp "$SYS/fallbacks" "$ROOTFS/bin/"
  config ".root.readonly = false"
  args /bin/fallbacks
  for profile in docker-2016 docker-2018 docker-2019 docker-2023 podman-2020 podman-2022; do
    of_engine "$profile"
    view
    [ "$status" = 0 ] && [ "$(grep -c ': 0$' <<<"$output")" = 7 ] || {
      echo "$profile: $output"
      n=1
    }
  done
  equals $n 0 "number of profiles that fail"
}

@test "a call below the highest one of the profile gets the profile's default, not ENOSYS" {
  # Docker 20.10.0 to 20.10.9 (moby/moby 42680): has faccessat2 (439), but not clone3 (435).
  cp "$SYS/fallbacks" "$ROOTFS/bin/"
  config ".root.readonly = false"
  args /bin/fallbacks
  of_engine docker-20.10.0
  view
  expect_line 'threads: EPERM'
  expect_line 'statx: 0'
}

@test "unknown numbers get ENOSYS under a default that denies" {
  unlike runc "1.1.5 for the newest only"
  unlike crun "has none"
  profile SCMP_ACT_ERRNO \
    "$(jq -r '[.syscalls[].names[]] | unique | map(select(. != "swapoff")) | join(",")' \
      "$TAMIS_BUILDDIR/test/profiles/made/docker-2026.json")" SCMP_ACT_ALLOW ''
  view 'payload syscall 999; payload syscall 400; payload syscall swapoff s:x'
  expect_line '999: ENOSYS'
  expect_line '400: ENOSYS'
  expect_line 'swapoff: EPERM'
}

@test "--seccomp=default, FILE, unconfined" {
  requires tamis
  script 'payload syscall unshare 0x10000000; grep Seccomp: /proc/self/status'
  run rt run --seccomp=default --bundle "$BUNDLE" "$ID"
  expect_line 'unshare: EPERM'
  expect_line 'Seccomp:.2'
  run rt run --seccomp=unconfined --bundle "$BUNDLE" "$ID"
  expect_line 'unshare: 0'
  expect_line 'Seccomp:.0'
  cat >"$T/profile.json" <<-'END'
		{"defaultAction": "SCMP_ACT_ALLOW", "archMap": [{"architecture": "SCMP_ARCH_X86_64",
		"subArchitectures": ["SCMP_ARCH_X86"]}], "syscalls": [{"names": ["unshare"],
		"action": "SCMP_ACT_ERRNO", "errnoRet": 95, "excludes": {"caps": ["CAP_SYS_ADMIN"]}}]}
	END
  run rt run --seccomp="$T/profile.json" --bundle "$BUNDLE" "$ID"
  expect_line 'unshare: EOPNOTSUPP'
  run rt run --seccomp=/nowhere/profile --bundle "$BUNDLE" "$ID"
  [ "$status" != 0 ]
}

@test "--seccomp FILE --seccomp-compat=runc: an errno on ALLOW is ignored" {
  requires tamis
  jq -n '{defaultAction: "SCMP_ACT_ALLOW", defaultErrnoRet: 1, syscalls: [{names: ["swapoff"],
    action: "SCMP_ACT_ALLOW", errnoRet: 1}]}' >"$T/profile.json"
  run rt run --seccomp "$T/profile.json" --bundle "$BUNDLE" "$ID"
  expect_status 1
  expect_output 'found an errno for action SCMP_ACT_ALLOW'
  script 'echo in'
  run rt run --seccomp "$T/profile.json" --seccomp-compat=runc --bundle "$BUNDLE" "$ID"
  expect_line in
}

@test "--debug prints which names of the profile were skipped, and where" {
  requires tamis
  profile SCMP_ACT_ALLOW 'read ,__NR_read,swapoff' SCMP_ACT_ERRNO ''
  args /bin/true
  run rt --debug run --bundle "$BUNDLE" "$ID"
  expect_status 0
  expect_output 'linux.seccomp.syscalls[0].names[0]: ignored: no architecture has a call "read "'
  expect_output 'linux.seccomp.syscalls[0].names[1]: ignored: no architecture has a call "__NR_read"'
  [[ $output != *swapoff* ]]
  jq .linux.seccomp "$BUNDLE/config.json" >"$T/profile.json"
  run rt --debug run --seccomp "$T/profile.json" --bundle "$BUNDLE" "$ID"
  expect_output "$T/profile.json:13: syscalls[0].names[1]: ignored: no architecture has a call \"__NR_read\""
}

@test "--seccomp=unconfined overrides the config's profile" {
  requires tamis
  profile SCMP_ACT_ALLOW sethostname SCMP_ACT_ERRNO 95
  script 'grep Seccomp: /proc/self/status'
  run rt run --seccomp=unconfined --bundle "$BUNDLE" "$ID"
  expect_line 'Seccomp:.0'
}

@test "other ABIs: i386 calls are filtered by the same names" {
  [ "$(uname -m)" = x86_64 ] || skip "x86_64 only"
  requires program gcc
  echo 'void _start(void) { int r; __asm__ volatile("int $0x80" : "=a"(r) : "0"(74), "b"(0), "c"(0));
    __asm__ volatile("int $0x80" :: "a"(1), "b"(-r & 0xff)); }' >"$T/ia32.c"
  gcc -w -O1 -static -nostdlib -fno-pie -no-pie -ffreestanding -fno-stack-protector \
    -o "$ROOTFS/bin/ia32" "$T/ia32.c"
  local rc=0
  "$ROOTFS/bin/ia32" 2>/dev/null || rc=$?
  [ $rc != 139 ] || skip "the kernel has no 32-bit calls"
  profile SCMP_ACT_ALLOW sethostname SCMP_ACT_ERRNO 95
  args /bin/ia32
  view
  expect_status 95
}

# --- notification ---------------------------------------------------------------------------

agent()
{
  background agent "$SYS/agent" "$T/agent.sock" "$T/agent.ready" "$T/agent.state" "$@"
  until_true 5 test -e "$T/agent.ready"
  config '.linux.seccomp.listenerPath = $p | .linux.seccomp.listenerMetadata = "meta data"' \
    --arg p "$T/agent.sock"
}

nr()
{
  printf '#include <sys/syscall.h>\nSYS_%s\n' "$1" | gcc -E -P - | tail -n1
}

@test "NOTIFY: the agent gets one descriptor and the state, and answers" {
  requires program gcc
  profile SCMP_ACT_ALLOW sethostname,swapoff SCMP_ACT_NOTIFY ''
  agent "$(nr sethostname)=value:77" "$(nr swapoff)=errno:95"
  script 'payload syscall sethostname s:x 1; payload syscall swapoff s:x; exec sleep 100'
  create
  start
  until_true 5 grep -q 'swapoff' "$T/out"
  equals "$(tr '\n' ' ' <"$T/out")" "sethostname: 77 swapoff: EOPNOTSUPP " answers
  jq -e --arg id "$ID" --arg b "$BUNDLE" --argjson pid "$PID" '.fds == ["seccompFd"] and
    .pid == $pid and .metadata == "meta data" and .state.id == $id and
    .state.bundle == $b and (.ociVersion | length > 0)' "$T/agent.state"
  unlike runc "1.1.5 reports created"
  unlike crun "reports another status"
  jq -e '.state.status == "creating"' "$T/agent.state"
}

# bats test_tags=ci
@test "NOTIFY works with execve, write, sendmsg, close and without NNP as uid 1000" {
  unlike runc "refuses write"
  unlike crun "hangs on some"
  local nnp
  for nnp in true false; do
    rm -f "$T/agent."*
    profile SCMP_ACT_ALLOW execve,write,sendmsg,close,openat,fcntl SCMP_ACT_NOTIFY ''
    agent
    config ".process.noNewPrivileges = $nnp | .process.user.uid = 1000"
    view 'echo through'
    expect_status 0
    expect_line through
  done
}

@test "NOTIFY without listenerPath, and without a listening agent, is refused" {
  profile SCMP_ACT_ALLOW sethostname SCMP_ACT_NOTIFY ''
  refused
  [ $KIND != tamis ] || {
    jq .linux.seccomp "$BUNDLE/config.json" >"$T/profile.json"
    run create --seccomp "$T/profile.json"
    expect_status 1
    expect_output "SCMP_ACT_NOTIFY needs listenerPath"
  }
  config '.linux.seccomp.listenerPath = "/nowhere/agent.sock"'
  run rt run --bundle "$BUNDLE" "$ID"
  [ "$status" != 0 ]
}
