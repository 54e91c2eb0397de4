# SPDX-License-Identifier: Apache-2.0
# Checks test/contract.index: each row has tests, and these tests exist.
load ../lib

setup()
{
  prepare
}

# has FILE TEXT: whether the file below test/ has the text. Each file is read once.
declare -gA text=()
has()
{
  [ -n "${text[$1]:-}" ] || text[$1]=$(cat "$TAMIS_SRCDIR/test/$1")
  [[ ${text[$1]} == *"$2"* ]]
}

# check INDEX: prints the errors in an index.
check()
{
  local line row='' tests=0 file name
  declare -A seen=()
  while IFS= read -r line; do
    case $line in
    '' | '#'*) continue ;;
    '  '*)
      file=${line%%: *} file=${file#  } name=${line#*: }
      tests=$((tests + 1))
      case $file in
      golden) [ -d "$TAMIS_SRCDIR/test/golden/cases/$name" ] || echo "$row: no case $name" ;;
      unit/*) has "$file.c" "$name" || echo "$row: $file has no $name" ;;
      *) has "$file.bats" "@test \"$name\"" || echo "$row: $file has no test $name" ;;
      esac
      continue
      ;;
    esac
    [ -z "$row" ] || [ $tests -gt 0 ] || echo "$row: has no test"
    row=${line%%  *} tests=0
    [[ $row =~ ^[a-z0-9-]+$ && $line == "$row  "?* ]] || echo "not a row: $line"
    [ -z "${seen[$row]:-}" ] || echo "$row: twice"
    seen[$row]=1
  done <"$1"
  [ $tests -gt 0 ] || echo "$row: has no test"
}

# bats test_tags=ci
@test "contract: each row of the index has tests, and each of them exists" {
  run check "$TAMIS_SRCDIR/test/contract.index"
  equals "$output" "" "wrong rows"
  [ "$(grep -cE '^[a-z]' "$TAMIS_SRCDIR/test/contract.index")" -gt 100 ]
  for n in $(seq 16); do
    grep -q "^pitfall-$n  " "$TAMIS_SRCDIR/test/contract.index"
  done
}

@test "contract: a row without tests and a test that does not exist are reported" {
  printf 'a  one\n  cli/engine: start: exit code 0, no output\nb  two\na  three\n  cli/engine: no such test\n  golden: nowhere\n  unit/process_lsm_test: xyzzy\nlast  four\n' >"$T/index"
  run check "$T/index"
  equals "${#lines[@]}" 6 "complaints"
}
