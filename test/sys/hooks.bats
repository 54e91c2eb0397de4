# SPDX-License-Identifier: Apache-2.0
# Hooks of all six kinds: when and where they run, what they receive, how failures are handled.
load ../lib

KINDS=(prestart createRuntime createContainer startContainer poststart poststop)

# hook KIND SHELL-TEXT [MORE]: appends a hook that runs the text with only PATH in its environment.
# MORE is merged into the hook.
hook()
{
  config '.hooks[$k] += [{"path": "/bin/sh", "args": ["sh", "-c", $t],
    "env": ["PATH=/usr/bin:/bin"]} + $m]' --arg k "$1" --arg t "$2" --argjson m "${3:-{\}}"
}

@test "order: prestart, createRuntime, createContainer, startContainer, poststart, poststop" {
  config '.mounts += [{"destination": "/tmp", "type": "bind", "source": $t,
    "options": ["bind"]}]' --arg t "$T"
  for k in "${KINDS[@]}"; do
    case $k in
    startContainer) hook $k 'echo startContainer >>/tmp/order' ;;
    *) hook $k "echo $k >>$T/order" ;;
    esac
  done
  script 'echo program >>/tmp/order; exec sleep 100'
  create
  unlike runc "1.1.5 runs poststart in create"
  equals "$(tr '\n' ' ' <"$T/order")" "prestart createRuntime createContainer " "after create"
  start
  until_true 5 grep -q program "$T/order"
  until_true 5 grep -q poststart "$T/order"
  equals "$(sed -n 4p "$T/order")" startContainer "before the program"
  rt delete --force "$ID"
  equals "$(tail -n1 "$T/order")" poststop last
}

@test "hooks of a kind run in order; the first failure stops them" {
  hook prestart "echo 1 >>$T/order"
  hook prestart "echo 2 >>$T/order; exit 1"
  hook prestart "echo 3 >>$T/order"
  run create
  [ "$status" != 0 ]
  equals "$(tr '\n' ' ' <"$T/order")" "1 2 " "hooks that ran"
}

@test "environment: exactly the hook's, also if it is empty" {
  hook prestart "tr '\\0' '\\n' </proc/self/environ >$T/env0" \
    '{"env": ["PATH=/usr/bin:/bin", "ONLY=this"]}'
  hook createContainer "/usr/bin/tr '\\0' '\\n' </proc/self/environ >$T/env1" '{"env": []}'
  hook startContainer "/bin/tr '\\0' '\\n' </proc/self/environ >/env2" '{"env": []}'
  config '.process.env += ["LD_PRELOAD=./evil.so"] | .root.readonly = false'
  export CALLERS=1
  script 'cat /env2'
  view
  equals "$(sort "$T/env0" | tr '\n' ' ')" "ONLY=this PATH=/usr/bin:/bin " "environment given"
  unlike runc "1.1.5 takes an empty one for none"
  unlike crun "likewise"
  equals "$(cat "$T/env1")" "" "environment empty"
  equals "$output" "" "environment empty, startContainer"
}

# Writes what a hook sees to $T/KIND: working directory, namespaces and variables, one in each line,
# then the state.
WHERE='{ echo "cwd $(pwd -P)"; for n in mnt net pid; do readlink /proc/self/ns/$n; done; env; cat; }'

# where KIND NAMESPACES CWD ENVIRONMENT PID STATUS
where()
{
  local file=$T/$1 pid=$5 n
  for n in mnt net; do
    equals "$(grep -c "^$(readlink /proc/self/ns/$n | sed 's/[][]/\\&/g')$" "$file")" \
      "$([ "$2" = host ] && echo 1 || echo 0)" "$1: $n namespace of the $2" || return 1
  done
  equals "$(sed -n 's/^cwd //p' "$file")" "$3" "$1: working directory" || return 1
  equals "$(grep -E '^(IMAGES|CALLERS|LD_PRELOAD)=' "$file" | sort | tr '\n' ' ')" "$4" \
    "$1: environment" || return 1
  jq -e --arg id "$ID" --arg b "$BUNDLE" --argjson pid "$pid" --arg s "$6" '.id == $id and
    .bundle == $b and (.pid // 0) == $pid and .status == $s and (.ociVersion | length > 0) and
    .annotations["net.example/a"] == "b"' <<<"$(sed -n '/^{/,$p' "$file")" >/dev/null || {
    echo "$1: state, expected pid $pid and status $6: $(sed -n '/^{/,$p' "$file")"
    return 1
  }
}

# bats test_tags=ci
@test "each kind: namespaces, working directory, environment, state" {
  unlike crun "1.8.1 is otherwise"
  local k pid bundle
  config '.mounts += [{"destination": "/seen", "type": "bind", "source": $t,
    "options": ["bind"]}] | .annotations = {"net.example/a": "b"} | .process.cwd = "/var" |
    .process.env += ["LD_PRELOAD=./evil.so", "IMAGES=1"]' --arg t "$T"
  for k in "${KINDS[@]}"; do
    case $k in
    startContainer) hook $k "$WHERE >/seen/$k 2>/dev/null" ;;
    *) hook $k "$WHERE >$T/$k" ;;
    esac
    config 'del(.hooks[$k][].env)' --arg k $k
  done
  args sleep 100
  export CALLERS=1
  create
  pid=$PID
  start
  until_true 5 test -s "$T/poststart"
  cd "$BUNDLE"
  rt delete --force "$ID"
  bundle=$(pwd -P)
  where prestart host "$bundle" "CALLERS=1 " "$pid" creating
  where createRuntime host "$bundle" "CALLERS=1 " "$pid" creating
  where startContainer container /var "IMAGES=1 LD_PRELOAD=./evil.so " 1 created
  where poststop host "$bundle" "CALLERS=1 " 0 stopped
  # before the pivot, in the container's mount namespace, the hook is a program of the host
  unlike runc "1.1.5 gives createContainer hooks the image's environment (CVE-2025-23266)"
  where createContainer container "$bundle/rootfs" "CALLERS=1 " 1 creating
  where poststart host "$bundle" "CALLERS=1 " "$pid" running
}

@test "createContainer: runs in the container's mount namespace, before the pivot" {
  hook createContainer "cat /proc/self/mountinfo >$T/seen"
  create
  grep -qF "$ROOTFS" "$T/seen"
}

@test "startContainer: runs in the container, under the filter" {
  config '.root.readonly = false | .linux.seccomp = {"defaultAction": "SCMP_ACT_ALLOW",
    "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 95}]}'
  hook startContainer 'grep Seccomp: /proc/self/status >/hook; mkdir /made 2>>/hook; true'
  view 'cat /hook'
  expect_line 'Seccomp:.2'
  expect_output "not supported"
  [ ! -d "$ROOTFS/made" ]
}

# bats test_tags=ci
@test "hooks have only the descriptors 0, 1, 2" {
  unlike runc "1.1.5 leaks three"
  for k in prestart createContainer; do
    config '.hooks[$k] = [{"path": $p, "args": ["payload", "fds"]}]' --arg k $k \
      --arg p "$SYS/payload"
    config '.hooks[$k][0] = {"path": "/bin/sh", "env": [],
      "args": ["sh", "-c", ($p + " fds >" + $t)]}' --arg k $k --arg p "$SYS/payload" \
      --arg t "$T/fds.$k"
  done
  create
  for k in prestart createContainer; do
    equals "$(cut -d' ' -f1 "$T/fds.$k" | tr '\n' ' ')" "0 1 2 " "descriptors in $k"
  done
}

# bats test_tags=ci
@test "a failing hook before start makes the command fail, is named, and nothing is left behind" {
  local k
  for k in prestart createRuntime createContainer; do
    config 'del(.hooks)'
    hook $k 'echo oh dear >&2; exit 3'
    run create
    [ "$status" != 0 ]
    nothing_left || {
      leftovers
      false
    }
    [ $KIND = tamis ] || continue
    expect_output $k
    expect_output "oh dear"
  done
}

# bats test_tags=ci
@test "a failing startContainer hook makes start fail; the program does not run" {
  requires tamis
  config '.hooks.startContainer = [{"path": "/bin/false"}]'
  script 'echo ran'
  create
  run start
  [ "$status" != 0 ]
  expect_output startContainer
  equals "$(cat "$T/out")" "" "output of the program"
}

# bats test_tags=ci
@test "failing poststop hooks are warnings: the other hooks run, delete succeeds" {
  unlike runc "stops at the first, and says 1"
  hook poststop "echo 1 >>$T/order; echo oh dear; exit 3"
  config '.hooks.poststop += [{"path": "/nowhere/hook"}]'
  hook poststop "echo 2 >>$T/order; sleep 77" '{"timeout": 1}'
  hook poststop "echo 3 >>$T/order"
  create
  run rt --log "$T/log" --log-format json delete --force "$ID"
  expect_status 0
  equals "$(tr '\n' ' ' <"$T/order")" "1 2 3 " "hooks that ran"
  [ ! -e "$ROOT/$ID" ]
  requires tamis
  equals "$output" "" "what is written"
  equals "$(jq -r .level "$T/log" | tr '\n' ' ')" "warning warning warning " levels
  output=$(jq -r .msg "$T/log")
  expect_output "hooks.poststop[0] /bin/sh: exited with 3: oh dear"
  expect_output "hooks.poststop[1] /nowhere/hook: cannot be executed"
  expect_output "hooks.poststop[2] /bin/sh: did not end within 1 s"
}

# bats test_tags=ci
@test "failing poststop hooks while a create is undone do not hide its error" {
  requires tamis
  hook createRuntime 'exit 4'
  config '.hooks.poststop = [{"path": "/bin/false"}]'
  hook poststop "echo 2 >>$T/order"
  run rt --log "$T/log" --log-format json create --bundle "$BUNDLE" "$ID"
  expect_status 1
  expect_output "hooks.createRuntime[0] /bin/sh: exited with 4"
  equals "$(jq -r .level "$T/log")" error "the one record"
  equals "$(cat "$T/order")" 2 "hooks that ran"
}

# bats test_tags=ci
@test "timeout: the hook and its children are killed in time" {
  unlike runc "waits for the hook's children"
  unlike crun "leaves the hook's children"
  hook prestart 'sleep 77 & sleep 77' '{"timeout": 1}'
  local before=$SECONDS
  run create
  [ "$status" != 0 ]
  [ $((SECONDS - before)) -lt 10 ]
  run pgrep -fx 'sleep 77'
  [ "$status" != 0 ]
}

# bats test_tags=ci
@test "hooks that read nothing, that write much, that leave a child process without descriptors" {
  hook prestart 'exec </dev/null; true'
  hook prestart 'head -c 1000000 /dev/zero | tr "\0" x >&2'
  hook createRuntime 'sleep 1 >/dev/null 2>&1 </dev/null & exit 0'
  create >/dev/null
  until_true 5 sh -c '! pgrep -fx "sleep 1"'
}

@test "refused: a relative path, a missing program" {
  config '.hooks.prestart = [{"path": "bin/true"}]'
  refused
  config '.hooks.prestart = [{"path": "/nowhere/hook"}]'
  refused
}

@test "refused: a timeout of 0 or less" {
  unlike runc "1.1.5 takes it"
  unlike crun "1.8.1 takes it"
  config '.hooks.prestart = [{"path": "/bin/true", "timeout": 0}]'
  refused
  config '.hooks.prestart = [{"path": "/bin/true", "timeout": -1}]'
  refused
}

@test "poststart runs only after the program has started" {
  requires tamis
  printf '#!/nowhere\n' >"$ROOTFS/script"
  chmod 755 "$ROOTFS/script"
  hook poststart "echo x >$T/poststart"
  args /script
  create
  run start
  [ "$status" != 0 ]
  [ ! -e "$T/poststart" ]
}

# interrupted SIGNAL: sends it to run in the foreground while a hook hangs; sets status.
interrupted()
{
  local pid
  rm -f "$T/hangs" "$T/poststop"
  TAMIS_TEST_MARK=$MARK "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID" \
    </dev/null >"$T/run" 2>&1 3>&- &
  pid=$!
  HELPERS+=($pid)
  until_true 5 test -e "$T/hangs"
  kill "-$1" $pid
  status=0
  wait $pid || status=$?
}

# bats test_tags=ci
@test "run: SIGINT and SIGTERM kill a hook that hangs, undo everything and give the exit code" {
  unlike runc "waits"
  unlike crun "waits"
  local kind sig
  config '.mounts += [{"destination": "/tmp", "type": "bind", "source": $t,
    "options": ["bind"]}]' --arg t "$T"
  cp "$BUNDLE/config.json" "$T/saved"
  for kind in prestart createRuntime createContainer startContainer poststart; do
    cp "$T/saved" "$BUNDLE/config.json"
    case $kind in
    startContainer) hook $kind '>/tmp/hangs; sleep 66 & sleep 66' ;;
    *) hook $kind ">$T/hangs; sleep 66 & sleep 66" ;;
    esac
    hook poststop "cat >$T/poststop"
    for sig in INT TERM; do
      interrupted $sig
      equals "$status" $((128 + $(kill -l $sig))) "$kind: exit code after SIG$sig"
      equals "$(cat "$T/run")" "" "$kind: what it says"
      until_true 3 nothing_left || {
        leftovers
        false
      }
      until_true 3 sh -c '! pgrep -fx "sleep 66"'
      jq -e '.status == "stopped"' "$T/poststop"
    done
  done
}

@test "run: a second signal kills a poststop hook that hangs while everything is undone" {
  unlike runc "waits"
  unlike crun "waits"
  hook createRuntime ">$T/hangs; sleep 66"
  hook poststop ">$T/poststop; sleep 66"
  TAMIS_TEST_MARK=$MARK "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID" \
    </dev/null >"$T/run" 2>&1 3>&- &
  local pid=$!
  HELPERS+=($pid)
  until_true 5 test -e "$T/hangs"
  kill -TERM $pid
  until_true 5 test -e "$T/poststop"
  kill -INT $pid
  status=0
  wait $pid || status=$?
  expect_status 130
  nothing_left
}
