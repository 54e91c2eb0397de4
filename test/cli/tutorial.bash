# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Runs the commands of a page as they are written, and compares what they print.

setup()
{
  requires tamis
  requires root
  requires program busybox
  [ "$(uname -m)" = x86_64 ] || skip "the page shows what x86_64 answers"
  prepare
  ROOT=$T/state MARK=tutorial
  # containers of the pages have the same ids, and so the same cgroups
  exec 8>"$TAMIS_BUILDDIR/test/tutorial.lock"
  flock --timeout 120 8
}

# shellcheck disable=SC2317 # both are called by the commands of the pages
tamis()
{
  TAMIS_TEST_MARK=$MARK "$RUNTIME" --root "$ROOT" "$@" 3>&- 8>&-
}

sudo()
{
  "$@"
}

# said_in_order FILE: the expected lines (stdin) are in FILE in this order; "..." is any text.
said_in_order()
{
  local want got pattern
  mapfile -t got <"$1"
  local i=0
  while IFS= read -r want; do
    [ "$want" != ... ] || continue
    printf -v pattern %q "$want"
    pattern=${pattern//.../*}
    while [ $i -lt ${#got[@]} ]; do
      # shellcheck disable=SC2053 # a pattern
      [[ ${got[i++]} != $pattern ]] || continue 2
    done
    echo "expected: $want"
    echo "in:"
    printf '  %s\n' "${got[@]}"
    return 1
  done
}

# tutorial PAGE MIN: the commands of doc/PAGE, at least MIN, print what it says. A command of tamis
# seccomp may exit with 1.
tutorial()
{
  local line lines n=0 i=0
  cd "$T" || return 1
  mapfile -t lines < <(sed -n 's/^    //p' "$TAMIS_SRCDIR/doc/$1")
  while [ $i -lt ${#lines[@]} ]; do
    line=${lines[i++]}
    [[ $line == '$ '* ]] || { echo "no command: $line"; return 1; }
    line=${line#'$ '}
    if [[ $line == *"<<'EOF'" ]]; then
      while [ "${lines[i]}" != EOF ]; do line+=$'\n'${lines[i++]}; done
      line+=$'\n'EOF i=$((i + 1))
    fi
    eval "$line" >out 2>&1 || [[ $? = 1 && $line == *seccomp* ]] || { echo "$line:"; cat out; return 1; }
    : >want
    while [ $i -lt ${#lines[@]} ] && [[ ${lines[i]} != '$ '* ]]; do echo "${lines[i++]}" >>want; done
    said_in_order out <want || { echo "of: $line"; return 1; }
    n=$((n + 1))
  done
  [ $n -ge "$2" ]
}
