# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Shared by the tests of explained denials. Variables: LOG, the log of denials.

# profile DEFAULT [NAMES ACTION]...: linux.seccomp
profile()
{
  config '.linux.seccomp = {defaultAction: $d, syscalls: []}' --arg d "$1"
  shift
  while [ $# -gt 0 ]; do
    config '.linux.seccomp.syscalls += [{names: ($n | split(",")), action: $a}]' --arg n "$1" \
      --arg a "$2"
    shift 2
  done
}

program()
{
  cp "$SYS/denied" "$ROOTFS/bin/denied.new" && mv "$ROOTFS/bin/denied.new" "$ROOTFS/bin/denied"
  args /bin/denied "$@"
}

run_explained()
{
  run rt run --explain-denials="$LOG" --bundle "$BUNDLE" "$ID"
}

# logged FILTER: a value of the only denial in the log
logged()
{
  jq -r "select(.schema == \"tamis-denial/1\") | $1" "$LOG"
}

last_counts()
{
  jq -rs "[.[] | select(.schema == \"tamis-denial-counts/1\")] | last | $1" "$LOG"
}

is_gone()
{
  ! agents >/dev/null
}

# the processes of tamis-agent, the oldest first: one that waits, one that serves, one that reads
agents()
{
  pgrep -f "^tamis-agent $ID "
}

# The process that serves; it is waited for, as `create` does not wait for it.
server()
{
  local first
  until_true 5 agents || return 1
  first=$(agents | head -n 1)
  until_true 5 pgrep -f "^tamis-agent $ID " -P "$first" || return 1
  pgrep -f "^tamis-agent $ID " -P "$first"
}

has_agents()
{
  [ "$(agents | wc -l)" = "$1" ]
}
