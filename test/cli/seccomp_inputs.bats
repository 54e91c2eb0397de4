# SPDX-License-Identifier: Apache-2.0
# tamis seccomp: what a PROFILE on the command line may be.
load ../lib

setup()
{
  requires tamis
  prepare
  facts=(--arch x86_64 --kernel 6.1)
}

ask()
{
  rc=0
  output=$("$RUNTIME" seccomp "$@" 2>&1) || rc=$?
}

# bats test_tags=ci
@test "docker, containerd, podman, crio: built in, with their source and date" {
  local pattern='^built-in profile [a-z/-]+ [0-9a-f]{8} (on [a-z/-]+ [0-9a-f]{8} )?20[0-9-]{8}$'
  for engine in docker containerd podman crio; do
    ask show "${facts[@]}" --json "$engine"
    equals "$rc" 0 "$engine"
    [[ $(jq -r '.form, .source, .date' <<<"$output" | xargs) =~ $pattern ]]
  done
  ask show "${facts[@]}" docker
  expect_line 'moby/profiles [0-9a-f]{8}, the newest of 20[0-9]{2}-[0-9]{2}-[0-9]{2}'
  ask explain "${facts[@]}" podman keyctl
  expect_line 'keyctl\(\) on x86_64, i386, x32: ALLOW'
  ask explain "${facts[@]}" crio unshare
  expect_line 'unshare\(\) on x86_64, i386, x32: ERRNO\(ENOSYS\)'
  expect_line '  with CAP_SYS_ADMIN: ALLOW'
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

spo() # NAME [BASE]: a SeccompProfile that allows the call of its name
{
  cat <<END
{ "apiVersion": "security-profiles-operator.x-k8s.io/v1", "kind": "SeccompProfile",
  "metadata": { "name": "$1" },
  "spec": { ${2:+\"baseProfileName\": \"$2\",} "defaultAction": "SCMP_ACT_ERRNO",
    "architectures": ["SCMP_ARCH_X86_64"],
    "syscalls": [{ "action": "SCMP_ACT_ALLOW", "names": ["$1"] }] } }
END
}

@test "SeccompProfile: base profiles are found in further files, one upon the other" {
  spo read write >"$T/a.json"
  spo write close >"$T/b.json"
  spo close >"$T/c.json"
  ask explain "${facts[@]}" "$T/a.json" read
  equals "$rc" 2 "without the base"
  expect_line '.*a.json:3: spec.baseProfileName: no SeccompProfile .*write.* is among the files given'
  ask explain "${facts[@]}" --base "$T/b.json" --base "$T/c.json" "$T/a.json" close
  expect_line 'close\(\) on x86_64: ALLOW'
  ask diff --within "${facts[@]}" --base "$T/b.json" --base "$T/c.json" "$T/b.json" "$T/a.json"
  equals "$rc $output" "0 yes" "a base within what is made of it"
  ask show --base "$T/a.json" --base "$T/none.json" "$T/a.json"
  expect_line '.*--base .*none.json: cannot be read.*'
  echo '{ "defaultAction": "SCMP_ACT_ALLOW" }' >"$T/p.json"
  ask show --base "$T/p.json" "$T/a.json"
  expect_line '.*--base .*p.json: expected a SeccompProfile, found a profile'
}

pod() # SECURITY_CONTEXT_OF_WEB [CONTEXT_OF_POD]
{
  cat <<END
{ "kind": "Deployment", "apiVersion": "apps/v1", "metadata": { "name": "shop" },
  "spec": { "template": { "spec": { "securityContext": ${2:-{\}},
    "containers": [{ "name": "web", "securityContext": $1 }, { "name": "log" }] } } } }
END
}

@test "a workload: the profile of each container" {
  mkdir -p "$T/kubelet/p"
  echo '{ "defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{ "names": ["read"], "action": "SCMP_ACT_ALLOW" }] }' \
    >"$T/kubelet/p/web.json"
  pod '{ "seccompProfile": { "type": "Localhost", "localhostProfile": "p/web.json" } }' \
    '{ "seccompProfile": { "type": "RuntimeDefault" } }' >"$T/w.json"
  ask show "$T/w.json"
  equals "$rc" 2 "two profiles"
  expect_line '.*expected --container with one of web \(Localhost p/web.json\), log \(RuntimeDefault\)'
  ask explain "${facts[@]}" --profile-root "$T/kubelet" --container web "$T/w.json" read
  expect_line 'read\(\) on x86_64: ALLOW'
  expect_line '.*kubelet/p/web.json:1: syscalls\[0\]: ALLOW'
  ask show "${facts[@]}" --json --container log --runtime-default docker "$T/w.json"
  equals "$(jq -r .origin <<<"$output")" "container log: RuntimeDefault, for which docker stands" origin
  # whose default it is, is a guess unless it is said
  ask diff "${facts[@]}" --equal --container log "$T/w.json" containerd
  expect_line ".*RuntimeDefault depends on the engine of the node; containerd's is taken .*"
  expect_line yes
  ask diff "${facts[@]}" --equal --container log --runtime-default "$T/kubelet/p/web.json" "$T/w.json" \
    "$T/kubelet/p/web.json"
  equals "$rc $output" "0 yes" "a file as the default"
  ask show --container none "$T/w.json"
  expect_line '.*there is no container none; expected --container with one of web .*'
}

@test "a workload: unconfined, privileged, no profile named" {
  for context in '{ "seccompProfile": { "type": "Unconfined" } }' '{ "privileged": true }' '{}'; do
    pod "$context" >"$T/w.json"
    ask show --container web "$T/w.json"
    equals "$rc" 0 "$context"
    expect_line '.*w.json: no filter'
    expect_line 'container web.*'
  done
  pod '{}' >"$T/w.json" # both name nothing, so either is meant
  ask explain "${facts[@]}" "$T/w.json" reboot
  expect_line 'reboot\(\) on x86_64.*: ALLOW'
  # as kubectl prints several; what has no containers is passed over
  jq '{ kind: "List", apiVersion: "v1", items: [{ kind: "Service", apiVersion: "v1" }, .] }' \
    "$T/w.json" >"$T/list.json"
  ask show "$T/list.json"
  equals "$rc" 0 "a list"
}

@test "minijail: @include, relative to the file, not in a circle" {
  mkdir "$T/sub"
  printf '@include ./sub/more.policy\nread: 1\n' >"$T/main.policy"
  printf '@include ./most.policy\nwrite: 1\n' >"$T/sub/more.policy"
  printf 'close: return EBADF\n' >"$T/sub/most.policy"
  ask explain "${facts[@]}" "$T/main.policy" close
  expect_line 'close\(\) on x86_64: ERRNO\(EBADF\)'
  expect_line '.*/sub/most.policy:1: ERRNO\(EBADF\)'
  printf '# again\n@include ./most.policy\n' >"$T/sub/most.policy"
  ask show "$T/main.policy"
  equals "$rc" 2 "exit code"
  expect_line '.*most.policy:2: @include: .*most.policy includes itself'
  printf 'read: 1\n@include ./none\n' >"$T/main.policy"
  ask show "$T/main.policy"
  expect_line '.*main.policy:2: @include: .*/none: cannot be read; expected a regular file.*'
}

@test "systemd: a list alone, as SystemCallFilter= has it" {
  printf '@system-service\n~@mount\n' >"$T/list"
  ask explain "${facts[@]}" "$T/list" read
  expect_line 'read\(\) on x86_64.*: ALLOW'
  ask explain "${facts[@]}" "$T/list" mount
  expect_line 'mount\(\) on x86_64.*: KILL_PROCESS'
  printf '@default kill-process\nread: 1\n' >"$T/policy"
  ask show "$T/policy"
  expect_line '.*: policy of minijail, .*'
}

# bats test_tags=ci
@test "forms of other programs: what they do not name gets their default, whatever its number" {
  printf 'read: 1\n' >"$T/minijail"
  printf 'SystemCallFilter=read\nSystemCallErrorNumber=EPERM\nSystemCallArchitectures=native\n' >"$T/systemd"
  echo '{"main": {"mismatch_action": "trap", "match_action": "allow", "filter": [{"syscall": "read"}]}}' >"$T/seccompiler"
  for pair in minijail:KILL_THREAD 'systemd:ERRNO\(EPERM\)' seccompiler:TRAP; do
    ask explain "${facts[@]}" "$T/${pair%%:*}" openat2
    expect_line "openat2\(\) on x86_64.*: ${pair#*:}" # not ENOSYS
    ask explain "${facts[@]}" "$T/${pair%%:*}" 400
    expect_line "400\(\) on x86_64.*: ${pair#*:}"
  done
  # a runtime would answer otherwise: rules say so, or it is said what is lost
  ask resolve "${facts[@]}" "$T/minijail"
  expect_line '.*a runtime answers calls that are newer .* with ENOSYS; .*'
}

# bats test_tags=ci
@test "mistakes in files: one line with the place and what was expected" {
  printf 'read: 1\nwrite: alow\n' >"$T/1"
  printf '[Service]\nSystemCallFilter=@system-servce\n' >"$T/2"
  echo '{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": "read" }] }' >"$T/3"
  printf 'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image: x\n' >"$T/4"
  printf 'apiVersion: v1\nkind: Service\nmetadata:\n  name: x\n' >"$T/5"
  printf '{\n  "defaultAction": "SCMP_ACT_ALLOW",\n}\n' >"$T/6"
  printf '\001\002\003\004\005\006\007\010' >"$T/7"
  : >"$T/8"
  printf '# nothing\n\nhello\n' >"$T/9"
  expected=('.*/1:2: expected allow, .*found "alow"' '.*/2:2: unknown group "@system-servce"; did you mean "@system-service"\?'
    '.*/3:1: .*names: expected an array, found .*' '.*/4:5: .*expected the container.s name'
    '.*/5:2: kind: expected SeccompProfile, Pod or .*, found string "Service"' '.*/6:3:.*'
    '.*/7: instruction 0: the kernel would refuse it, or this is no BPF program' '.*/8: is empty; expected .*'
    '.*/9:3: expected a profile .*, found "hello"')
  for i in 1 2 3 4 5 6 7 8 9; do
    ask show "$T/$i"
    equals "$rc $(wc -l <<<"$output")" "2 1" "$i: $output"
    expect_line "${expected[i - 1]}"
  done
}
