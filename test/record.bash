# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# For suites that record programs, beside lib.bash: compares recordings with strace, and runs programs
# under the profiles that are generated from them.

prepare_recording()
{
  prepare
  MARK=programs-$$-$BATS_TEST_NUMBER
  cd "$T" || return 1
  chmod 755 "$BATS_RUN_TMPDIR" "$T/../.." "$T/.." "$T"
}

# traced COMMAND...: in a mount namespace that has tracefs, which the engine perf needs.
traced()
{
  TAMIS_TEST_MARK=$MARK unshare -m sh -c 'mount -t tracefs tracefs /sys/kernel/tracing && exec "$@"' sh "$@" \
    3>&- </dev/null
}

# seen FILE: the calls of all programs but strace.
seen()
{
  jq -r 'select(.number != null and .assumed != true and (.program | endswith("/strace") | not)) | .call' "$1" | sort -u
}

# Records strace and what it runs, and compares both.
as_strace()
{
  traced "$RUNTIME" seccomp record -q --exact --engine "$1" -o "$1.both" -- \
    strace -qq -f -n -o "$1.strace" sh ./script >"$1.out" 2>&1 || { cat "$1.out"; return 1; }
  # The first line is the execve by which it begins. strace shows calls by socketcall of i386, which
  # has the number 102, under other names.
  sed -nE '/\[ 102\] getuid/! s/\[ 102\] [a-z]+/socketcall/; s/^[0-9]+ +(\[ *[0-9]+\] )?([a-z_0-9]+)\(.*/\2/p' \
    "$1.strace" | sed 1d | sort -u >"$1.want"
  [ "$(wc -l <"$1.want")" -gt 5 ]
  run diff "$1.want" <(seen "$1.both")
  equals "$output" "" "strace (<) and $1 (>)"
  equals "$(jq -r 'select(.end).end | .lost, .dropped' "$1.both" | xargs)" "0 0" "$1: losses"
}

# watch PROFILE LOG: rc
watch()
{
  rc=0
  traced "$RUNTIME" seccomp record -q --enforce-and-watch "$1" -o "$2" -- sh ./script >"$2.out" 2>&1 || rc=$?
}

# program CALL: reads a script from standard input. What is recorded of it is what strace sees; it passes
# under the profile that is generated, and fails without CALL (one call, or several by commas), which a
# denial names.
program()
{
  local engine i
  { echo 'set -e'; cat; } >script
  for engine in perf notify; do
    as_strace $engine
    # twice: programs with threads do not behave alike each time
    for i in 1 2; do
      traced "$RUNTIME" seccomp record -q --engine $engine -o $engine.rec -- sh ./script >$engine.out 2>&1
    done
    "$RUNTIME" seccomp generate -o $engine.json $engine.rec 2>said
    watch $engine.json $engine.log
    equals "$rc" 0 "$engine: $(cat $engine.log.out)"
    equals "$(jq -r 'select(.call).call' $engine.log | xargs)" "" "$engine: denied"
    "$RUNTIME" seccomp edit --inexact --deny "$1" -o less.json $engine.json 2>said
    watch less.json $engine.less
    [ $rc != 0 ] || { echo "$engine: passes without $1"; return 1; }
    jq -r 'select(.call).call' $engine.less | grep -qxE "${1//,/|}" ||
      { echo "$engine: no denial names $1"; cat $engine.less.out; return 1; }
  done
}
