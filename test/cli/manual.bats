# SPDX-License-Identifier: Apache-2.0
# Checks that the commands and options in the examples of the manual pages exist.
load ../lib

setup()
{
  requires tamis
  prepare
}

# Prints the lines of examples that call tamis: ".Dl ..." and those between .Bd and .Ed.
examples()
{
  awk '/^\.Bd/ { block = 1; next } /^\.Ed/ { block = 0 }
    /^\.Dl / { sub(/^\.Dl /, ""); print FILENAME ": " $0; next }
    block && !/^\./ { print FILENAME ": " $0 }' "$TAMIS_SRCDIR"/doc/*.[78] |
    grep -E '(^|[ (|;])tamis ' | sed 's/\\(dq/"/g; s/\\-/-/g; s/\\e/\\/g'
}

known_options()
{
  {
    "$RUNTIME" "$@" --help | sed -n 's/^ .*--\([a-z-]*\).*/--\1/p; s/^ *-\([a-z]\),.*/-\1/p'
    echo --help
  }
}

takes_value()
{
  "$RUNTIME" "${@:2}" --help | grep -qE -- "^ .*$1 [A-Z\[a-z]+( |\$)"
}

# check WORD...: checks the words after "tamis" in an example.
check()
{
  local command=() word
  while [ $# -gt 0 ]; do
    word=${1%%=*}
    case $1 in
    --) break ;;
    -*)
      known_options "${command[@]}" | grep -qx -- "$word" || {
        echo "no option $word: tamis ${command[*]}"
        return 1
      }
      if [[ $1 != *=* ]] && takes_value "$word" "${command[@]}"; then shift; fi
      ;;
    *)
      [ ${#command[@]} = 0 ] || break # the id and its arguments
      command=("$1")
      "$RUNTIME" "$1" --help >/dev/null || return 1
      # the profile tools are a separate program with its own commands
      [ "$1" != seccomp ] || break
      ;;
    esac
    shift
  done
  [ ${#command[@]} -gt 0 ] || [[ $word = --* ]]
}

# bats test_tags=ci
@test "manual: the commands and options in examples exist" {
  local line call bad=0 n=0
  while read -r line; do
    call=$(grep -oE '(^|[ (|;])tamis [^|);>]*' <<<"${line#*: }" | head -n1)
    n=$((n + 1))
    # shellcheck disable=SC2086 # words, on purpose
    set -f -- ${call#*tamis }
    check "$@" || {
      echo "$line"
      bad=1
    }
  done < <(examples)
  [ "$n" -ge 8 ] || { echo "only $n examples were found"; false; }
  [ $bad = 0 ]
}

@test "manual: a wrong command and a wrong option are found" {
  ! check creat --bundle x id || false
  ! check create --bundel x id || false
  ! check create --no-such=1 id || false
  check create --bundle x id --anything
}

# bats test_tags=ci
@test "switching: the script for --seccomp-compat=runc works" {
  requires root
  bundle
  sed -n '/^    #!\/bin\/sh/,/^    exec/s/^    //p' "$TAMIS_SRCDIR/doc/switching.md" |
    sed "s#/usr/bin/tamis#$RUNTIME#" >"$T/compat"
  chmod 755 "$T/compat"
  # garbage in the bits above the 32 that the kernel reads
  args /bin/payload syscall getpriority 0x100000000 0
  config '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["getpriority"],
    action: "SCMP_ACT_ERRNO", errnoRet: 5, args: [{index: 0, value: 0, op: "SCMP_CMP_EQ"}]}]}'
  run rt run --bundle "$BUNDLE" "$ID"
  expect_output 'getpriority: EIO'
  RUNTIME=$T/compat
  run rt run --bundle "$BUNDLE" "$ID"
  expect_no_output 'EIO'
  expect_line 'getpriority: [0-9]+' # 20 less the nice value
  create
  start
}

@test "switching: the statements about JSON are true" {
  requires root
  bundle
  args /bin/true
  config '.Process = {args: "nonsense"}'
  run rt run --bundle "$BUNDLE" "$ID"
  expect_status 0
  sed -i '1s/{/{ "hostname": "twice", /' "$BUNDLE/config.json"
  config_text=$(cat "$BUNDLE/config.json")
  grep -q '"hostname".*twice' <<<"$config_text"
  refused hostname
}

# bats test_tags=ci
@test "engines: the tables are up to date with the tests" {
  # to update them: test/engine/matrix --update
  diff <(sed -n '/^<!-- from the tests/,$p' "$TAMIS_SRCDIR/doc/engines.md") \
    <("$TAMIS_SRCDIR/test/engine/matrix")
}

@test "manual: SECURITY.md lists each environment variable that is read" {
  local name
  cd "$TAMIS_SRCDIR"
  # two places read a variable through a parameter; their callers have the names
  equals "$(grep -rnE 'getenv\([^"]' lib cmd --include=*.c | cut -d: -f1 | sort | tr '\n' ' ')" \
    'lib/base/fault.c lib/cgroup/systemd.c ' 'getenv of a parameter'
  for name in $(grep -rhoE '\b(getenv|variable|asked)\("[A-Z_]+"' lib cmd --include=*.c |
    sed 's/.*"\(.*\)"/\1/' | sort -u); do
    [[ $name != TAMIS_* ]] || continue # of lib/base/fault.c, in test builds
    grep -qF "\`$name\`" SECURITY.md || {
      echo "$name"
      return 1
    }
  done
}

@test "manual: tamis-create(8) describes each annotation that features lists as unsafe" {
  local key found=0
  for key in $("$RUNTIME" features | jq -r '.potentiallyUnsafeConfigAnnotations[]'); do
    grep -qF "${key%.}" "${BATS_TEST_DIRNAME}/../../doc/tamis-create.8" || { echo "$key"; false; }
    found=$((found + 1))
  done
  [ $found -ge 5 ]
}
