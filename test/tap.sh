# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# TAP for suites that are shell scripts: source this file, call point or skip, end with finish.
n=0 failed=0

# point NAME COMMAND...: runs a test; the output of the command is shown if it fails.
point() {
  local name=$1 text rc=0
  shift
  text=$("$@" 2>&1) || rc=$?
  n=$((n + 1))
  if [ $rc -eq 0 ]; then
    echo "ok $n - $name"
  else
    echo "not ok $n - $name"
    printf '%s\n' "rc $rc:" "$text" | tail -n 15 | sed 's/^/# /'
    failed=1
  fi
  return $rc
}

# skip NAME REASON
skip() {
  n=$((n + 1))
  echo "ok $n - $1 # SKIP $2"
}

# skip_all NAME REASON: skips the whole suite.
skip_all() {
  skip "$1" "$2"
  finish
}

finish() {
  echo "1..$n"
  exit $failed
}
