# SPDX-License-Identifier: Apache-2.0
# The cost of configs with very many elements (test/golden/growth.c): four times the elements must
# not take much more than four times the memory or instructions.
load ../lib

setup()
{
  prepare
  GROWTH=$TAMIS_BUILDDIR/test/golden/growth
}

# instructions KIND N
instructions()
{
  valgrind --tool=callgrind --callgrind-out-file=/dev/null "$GROWTH" "$1" "$2" 2>&1 >/dev/null |
    sed -n 's/.*Collected : //p'
}

# bats test_tags=all
@test "growth: memory, with many elements of each kind" {
  local kind n small large kinds=0
  for kind in $("$GROWTH"); do
    n=4000
    [ "$kind" != seccomp-conditions ] || n=400 # the limit for one call is 4096
    small=$("$GROWTH" "$kind" $n)
    large=$("$GROWTH" "$kind" $((4 * n)))
    [ "$large" -lt $((5 * small)) ] || {
      echo "$kind: $n take $small bytes, $((4 * n)) take $large"
      return 1
    }
    kinds=$((kinds + 1))
  done
  [ $kinds -ge 20 ]
}

# grows KIND
grows()
{
  local one small large
  one=$(instructions "$1" 1) small=$(instructions "$1" 250) large=$(instructions "$1" 1000)
  [ $((large - one)) -lt $((5 * (small - one))) ] || {
    echo "$1: 1 takes $one instructions, 250 take $small, 1000 take $large"
    return 1
  }
}

# bats test_tags=all
@test "growth: instructions, with many variables, devices and rules" {
  requires program valgrind
  grows env
  grows devices
  grows device-rules
  grows device-rules-dropped
  grows seccomp-conditions
}

# bats test_tags=all
@test "growth: instructions, with many elements of each kind" {
  requires program valgrind
  local kind
  for kind in $("$GROWTH"); do
    grows "$kind"
  done
}

# bats test_tags=all
@test "growth: very many options of exec" {
  requires program valgrind
  local n counts=()
  for n in 1 500 2000; do
    mapfile -t many < <(seq "$n" | sed 's/.*/--env\nA&=b/')
    counts+=("$(valgrind --tool=callgrind --callgrind-out-file=/dev/null "$RUNTIME" --root "$T" exec "${many[@]}" 2>&1 |
      sed -n 's/.*Collected : //p' | tail -n1)")
  done
  [ $((counts[2] - counts[0])) -lt $((5 * (counts[1] - counts[0]))) ] || {
    echo "instructions: ${counts[*]}"
    return 1
  }
}
