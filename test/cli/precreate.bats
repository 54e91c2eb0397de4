# SPDX-License-Identifier: Apache-2.0
# tamis-precreate: config.json from standard input to standard output. What must hold: all but
# linux.seccomp stays byte by byte, and nothing is printed if it fails.
load ../lib

setup()
{
  requires tamis
  T=$BATS_TEST_TMPDIR IDS=() UNMOUNT=() HELPERS=() ROOT=$T MARK=none MOUNTS_BEFORE=$(host_mounts)
  PROGRAM=$TAMIS_BUILDDIR/tamis-precreate
  facts=(--caps none)
}

# filter INPUT OPTION...: sets rc, output (without its last line break) and errors.
filter()
{
  rc=0
  "$PROGRAM" "${@:2}" <<<"$1" >"$T/out" 2>"$T/errors" || rc=$?
  output=$(<"$T/out") errors=$(<"$T/errors")
}

# refuses WORDS INPUT OPTION...: exit code 1, nothing on standard output, one line with the words.
refuses()
{
  filter "${@:2}"
  equals "$rc" 1 "exit code" || return 1
  [ ! -s "$T/out" ] || {
    echo "something was printed"
    return 1
  }
  [[ $errors == *"$1"* ]] || {
    echo "expected '$1', got: $errors"
    return 1
  }
}

# A profile of names with one action under a default of EPERM.
profile()
{
  printf '{"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":1,"architectures":["SCMP_ARCH_X86_64"],'
  printf '"syscalls":[{"names":[%s],"action":"SCMP_ACT_ALLOW"}%s]}' "$1" "${2:+,$2}"
}

# A random JSON value of some depth, with blanks.
random_json()
{
  local i n text
  case $((RANDOM % ($1 > 0 ? 7 : 5))) in
  0) printf '%s' "$((RANDOM * RANDOM * RANDOM * RANDOM))$RANDOM" ;;
  1) printf '%s' "-0.$RANDOM"e+7 ;;
  2) printf '"\\u00e4\\/ä %s\\n"' $RANDOM ;;
  3) printf 'null' ;;
  4) printf 'true' ;;
  5)
    n=$((RANDOM % 4))
    printf '[ '
    for ((i = 0; i < n; i++)); do
      [ $i = 0 ] || printf ' ,'
      random_json $(($1 - 1))
    done
    printf ']'
    ;;
  6)
    n=$((RANDOM % 4))
    printf '{'
    for ((i = 0; i < n; i++)); do
      [ $i = 0 ] || printf ', '
      printf '\n\t"k%s.%s" : ' $i $RANDOM
      random_json $(($1 - 1))
    done
    printf '\n}'
    ;;
  esac
}

@test "precreate: what it has no business with passes byte by byte" {
  local i front back seccomp new
  seccomp=$(profile '"read","execve","exit_group","rt_sigreturn","mount"')
  profile '"read","execve","exit_group","rt_sigreturn"' >"$T/base.json"
  for ((i = $(many 2 200); i > 0; i--)); do
    front="{ \"unknown\" : $(random_json 3),\"linux\": {\"x\":$(random_json 2), \"seccomp\" :"
    back=", \"y\":$(random_json 2)},
      \"process\":{\"capabilities\":null, \"z\":$(random_json 3)}, \"w\" : $(random_json 3) }"
    filter "$front$seccomp$back"
    equals "$rc $output" "0 $front$seccomp$back" "without options"
    filter "$front null$back" --resolve --check --explain /nowhere
    equals "$rc $output" "0 $front null$back" "nothing to do"
    filter "$front$seccomp$back" --baseline "$T/base.json"
    equals "$rc $errors" "0 " "exit code"
    new=${output#"$front"}
    new=${new%"$back"}
    equals "$output" "$front$new$back" "all but linux.seccomp"
    equals "$(jq -c '[.syscalls[].names[]]|sort' <<<"$new")" '["execve","exit_group","read","rt_sigreturn"]' "the intersection"
  done
}

# bats test_tags=ci
@test "precreate --baseline: never looser than either; what is within it stays as it is" {
  "$RUNTIME" seccomp show "${facts[@]}" --as oci docker >"$T/docker.json"
  "$RUNTIME" seccomp show "${facts[@]}" --as oci podman >"$T/podman.json"
  filter "{\"linux\":{\"seccomp\": $(<"$T/podman.json")}}" --baseline podman
  equals "$rc $output" "0 {\"linux\":{\"seccomp\": $(<"$T/podman.json")}}" "within"
  filter "{\"linux\":{\"seccomp\":$(<"$T/podman.json")}}" --baseline docker
  equals "$rc $errors" "0 " "exit code"
  printf '%s' "${output:20:-2}" >"$T/both.json" # jq 1.6 and gojq change numbers of 64 bits
  for one in docker podman; do
    equals "$("$RUNTIME" seccomp diff --within "${facts[@]}" "$T/both.json" "$T/$one.json")" yes "within $one"
  done
  filter '{"process":{"capabilities":{"bounding":["CAP_SYS_ADMIN"]}},"linux":{}}' --baseline docker
  jq -e '[.linux.seccomp.syscalls[] | select(.args | not) | .names[]] | index("mount")' <<<"$output"
  equals "$(jq -c .process <<<"$output")" '{"capabilities":{"bounding":["CAP_SYS_ADMIN"]}}' process
}

@test "precreate --baseline: a container without a filter gets the baseline, wherever it is not" {
  local input
  profile '"read","execve"' >"$T/base.json"
  for input in '{}' '{"linux":null}' '{"linux":{}}' '{"linux":{"seccomp":null}}' \
    '{"linux":{"seccomp":{"defaultAction":""}}}' '{"linux":{"seccomp":{"defaultAction":"","syscalls":[]}}}'; do
    filter "$input" --baseline "$T/base.json"
    equals "$rc" 0 "$input"
    equals "$(jq -c '.linux.seccomp.syscalls[] | [.names, .action]' <<<"$output")" '[["read","execve"],"SCMP_ACT_ALLOW"]' "$input"
  done
}

@test "precreate --baseline: who is excepted, and only he" {
  local all
  profile '"read","execve"' >"$T/base.json"
  all=$(capsh --decode="$(printf '%x' $(((1 << ($(</proc/sys/kernel/cap_last_cap) + 1)) - 1)))" |
    sed 's/.*=//; s/[a-z0-9_]*/"\U&"/g')
  local privileged="{\"process\":{\"capabilities\":{\"bounding\":[$all]}}}"
  filter "$privileged" --baseline "$T/base.json"
  equals "$(jq -r .linux.seccomp.defaultAction <<<"$output")" SCMP_ACT_ERRNO "privileged"
  filter "$privileged" --baseline "$T/base.json" --baseline-except-privileged
  equals "$output" "$privileged" "excepted"
  filter "{\"process\":{\"capabilities\":{\"bounding\":[${all#*,}]}}}" --baseline "$T/base.json" --baseline-except-privileged
  equals "$(jq -r .linux.seccomp.defaultAction <<<"$output")" SCMP_ACT_ERRNO "one capability less"
  filter '{"annotations":{"a":"b"}}' --baseline "$T/base.json" --baseline-except-annotation a=b
  equals "$output" '{"annotations":{"a":"b"}}' "annotation"
  filter '{"annotations":{"a":"bc"}}' --baseline "$T/base.json" --baseline-except-annotation a=b
  equals "$(jq -r .linux.seccomp.defaultAction <<<"$output")" SCMP_ACT_ERRNO "another value"
}

@test "precreate: ways around it are refused" {
  profile '"read","execve"' >"$T/base.json"
  refuses 'take for "seccomp"' '{"linux":{"seccomp":null,"Seccomp":{}}}' --baseline "$T/base.json"
  refuses 'take for "seccomp"' $'{"linux":{"\u017feccomp":{}}}' --baseline "$T/base.json"
  refuses 'take for "linux"' '{"LINUX":{"seccomp":{}}}' --baseline "$T/base.json"
  refuses 'take for "defaultAction"' '{"linux":{"seccomp":{"defaultAction":"SCMP_ACT_ERRNO","DefaultAction":"SCMP_ACT_ALLOW"}}}' --baseline "$T/base.json"
  refuses 'run.oci.seccomp_bpf_data' '{"annotations":{"run.oci.seccomp_bpf_data":"AA=="}}' --baseline "$T/base.json"
  refuses 'includes' "{\"linux\":{\"seccomp\":$(profile '"read"' '{"names":["mount"],"action":"SCMP_ACT_ALLOW","includes":{"caps":["CAP_SYS_ADMIN"]}}')}}" \
    --baseline "$T/base.json"
  refuses 'key' '{"linux":{},"linux":{}}' --baseline "$T/base.json"
}

@test "precreate --baseline: rules that overlap are written so that libseccomp has no choice" {
  # libseccomp asks for the greater value first, so it would permit lseek from 5 on
  local rules seccomp
  rules='{"names":["lseek"],"action":"SCMP_ACT_ALLOW","args":[{"index":1,"value":5,"op":"SCMP_CMP_GE"}]},{"names":["lseek"],"action":"SCMP_ACT_ERRNO","errnoRet":13,"args":[{"index":1,"value":3,"op":"SCMP_CMP_GE"}]}'
  seccomp=$(profile '"read","prctl"' "$rules")
  profile '"read","prctl"' >"$T/base.json"
  filter "{\"linux\":{\"seccomp\":$seccomp}}" --baseline "$T/base.json"
  equals "$rc $errors" "0 " "exit code"
  equals "$(jq -c '[.linux.seccomp.syscalls[] | select(.action == "SCMP_ACT_ALLOW").names[]]' <<<"$output")" '["prctl","read"]' "permitted"
}

@test "precreate --resolve: by the config's own capabilities" {
  local seccomp
  seccomp=$(profile '"read"' '{"names":["mount"],"action":"SCMP_ACT_ALLOW","includes":{"caps":["CAP_SYS_ADMIN"]}}')
  filter "{\"linux\":{\"seccomp\":$seccomp}}" --resolve
  equals "$(jq -c '[.linux.seccomp.syscalls[].names[]]' <<<"$output")" '["read"]' "without"
  filter "{\"process\":{\"capabilities\":{\"bounding\":[\"CAP_SYS_ADMIN\"]}},\"linux\":{\"seccomp\":$seccomp}}" --resolve
  equals "$(jq -c '[.linux.seccomp.syscalls[] | .names[], has("includes")]' <<<"$output")" '["read",false,"mount",false]' "with it"
}

# bats test_tags=ci
@test "precreate --check: findings refuse, by severity; the log has them" {
  refuses '[missing-execve]' "{\"hostname\":\"web\",\"linux\":{\"seccomp\":$(profile '"read","exit_group","rt_sigreturn"')}}" \
    --check --log "$T/log"
  grep -q '^[0-9T:-]*Z web: config.json:1: linux.seccomp: error: .*\[missing-execve\]$' "$T/log"
  equals "$(stat -c %a "$T/log")" 600 mode
  local small
  small="{\"linux\":{\"seccomp\":$(profile '"read","execve","exit","exit_group","rt_sigreturn"' '{"names":["no_such_call"],"action":"SCMP_ACT_ALLOW"}')}}"
  filter "$small" --check
  equals "$rc $output" "0 $small" "warnings only"
  refuses warning "$small" --check=warning
  for one in docker containerd podman crio; do
    filter "{\"linux\":{\"seccomp\":$("$RUNTIME" seccomp show --as oci $one)}}" --check
    equals "$rc $errors" "0 " "$one"
  done
}

@test "precreate --explain: without an agent it is refused, or nothing is explained" {
  local config="{\"linux\":{\"seccomp\":$(profile '"read","execve"')}}"
  refuses "no agent accepts connections at $T/none" "$config" --explain "$T/none"
  : >"$T/file"
  refuses "no agent accepts connections at $T/file" "$config" --explain "$T/file"
  filter "$config" --explain "$T/none" --explain-if-there
  equals "$rc $output" "0 $config" "--explain-if-there"
  [[ $errors == *"denials are not explained: no agent"* ]]
}

# explained JSON-CONFIG: with an agent at $T/agent.sock.
explained()
{
  [ -e "$T/agent.ready" ] || {
    background agent "$SYS/agent" "$T/agent.sock" "$T/agent.ready" "$T/agent.state"
    until_true 5 test -e "$T/agent.ready"
  }
  filter "$1" --explain "$T/agent.sock"
}

@test "precreate --explain: denials notify, with the original profile for the agent" {
  local seccomp
  seccomp=$(profile '"read","execve","prctl"' '{"names":["socket"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":2,"op":"SCMP_CMP_EQ"}]},{"names":["mount"],"action":"SCMP_ACT_KILL_PROCESS"}')
  explained "{\"process\":{\"capabilities\":{\"bounding\":[\"CAP_KILL\"]}},\"linux\":{\"seccomp\":$seccomp}}"
  equals "$rc $errors" "0 " "exit code"
  jq -e --arg path "$T/agent.sock" '.linux.seccomp | .listenerPath == $path and .defaultAction == "SCMP_ACT_ERRNO" and
    .defaultErrnoRet == 1 and ([.syscalls[] | select(.action == "SCMP_ACT_NOTIFY" and (.args | not)) | .names[]] |
    index("mkdir") and index("setns") == null and index("write") == null and index("mount") == null)' <<<"$output"
  jq -r .linux.seccomp.listenerMetadata <<<"$output" >"$T/metadata"
  equals "$(jq -c '[.schema, .name, .caps]' "$T/metadata")" '["tamis-explain/1","linux.seccomp","20"]' metadata
  equals "$(jq -c .seccomp "$T/metadata")" "$(jq -c . <<<"$seccomp")" "the original"
  jq .linux.seccomp <<<"$output" >"$T/new.json"
  for one in "read ALLOW" "mkdir NOTIFY" "mount KILL_PROCESS" "write ERRNO(EPERM)" "socket family=2 ALLOW" \
    "socket family=3 NOTIFY"; do
    # shellcheck disable=SC2086 # a call and its arguments
    "$RUNTIME" seccomp explain "$T/new.json" ${one% *} >"$T/explained" || [ $? = 1 ]
    grep -qF "${one##* }" "$T/explained" || {
      echo "${one% *}: expected ${one##* }:"
      cat "$T/explained"
      return 1
    }
  done
}

# bats test_tags=ci
@test "precreate --explain: what has a listener of its own is left alone" {
  local one
  for one in '.linux.seccomp.listenerPath = "/x"' '.linux.seccomp.flags = ["SECCOMP_FILTER_FLAG_TSYNC"]' \
    '.annotations["io.tamis.explain-denials"] = ""' '.annotations["run.oci.seccomp.receiver"] = "/x"' \
    '.linux.seccomp.listenerPath = "/x" | .linux.seccomp.syscalls[0].action = "SCMP_ACT_NOTIFY"'; do
    config=$(jq -c "$one" <<<"{\"linux\":{\"seccomp\":$(profile '"read","execve"')}}")
    filter "$config" --explain "$T/none"
    equals "$rc $output" "0 $config" "$one"
    equals "$(wc -l <"$T/errors")" 1 "one line: $errors"
  done
}

@test "precreate: wrong usage and wrong input are told in one line" {
  refuses 'did you mean' '{}' --baselin x
  refuses 'expected options only' '{}' x
  refuses 'expected an absolute path' '{}' --explain x
  refuses '--check: expected error or warning' '{}' --check=note
  refuses 'expected --baseline' '{}' --baseline-except-privileged
  refuses 'NAME=VALUE' '{}' --baseline default --baseline-except-annotation x
  refuses 'cannot be read' '{}' --baseline "$T/none"
  refuses 'expected an object' '[]'
  refuses 'config.json:1' '{"a":1}x'
  refuses 'expected an object' '{"linux":[]}' --check
  refuses 'defaultAction' '{"linux":{"seccomp":{"syscalls":[{"names":["read"],"action":"SCMP_ACT_ALLOW"}]}}}' --check
}
