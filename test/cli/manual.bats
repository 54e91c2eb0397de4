# SPDX-License-Identifier: Apache-2.0
# The examples of the manual pages, so that they cannot rot: their commands and options exist.
load ../lib

setup()
{
  requires tamis
  T=$BATS_TEST_TMPDIR IDS=() UNMOUNT=() HELPERS=() ROOT=$T MARK=none MOUNTS_BEFORE=$(host_mounts)
}

# The lines of examples that have a call of tamis: ".Dl ..." and those between .Bd and .Ed.
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

# check WORD...: the words behind "tamis" of one example.
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
      [ ${#command[@]} = 0 ] || break # the id and what is behind it
      command=("$1")
      "$RUNTIME" "$1" --help >/dev/null || return 1
      # the profile tools are a program with commands of its own
      [ "$1" != seccomp ] || break
      ;;
    esac
    shift
  done
  [ ${#command[@]} -gt 0 ] || [[ $word = --* ]]
}

@test "manual: each example's command and options exist" {
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

@test "manual: a wrong command and a wrong option would be seen" {
  ! check creat --bundle x id || false
  ! check create --bundel x id || false
  ! check create --no-such=1 id || false
  check create --bundle x id --anything
}
