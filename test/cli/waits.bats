# SPDX-License-Identifier: Apache-2.0
# Checks test/waits.index: every call that can wait has a row that says what ends the wait.
load ../lib

setup()
{
  prepare
}

# in_source FILE...: prints "FILE FUNCTION: CALL CALL" for each function with such calls.
in_source()
{
  awk -f "$TAMIS_SRCDIR/test/lint/waits.awk" "$@" | LC_ALL=C sort -u | awk '
    $1 " " $2 != last { if (last) print last ": " calls; last = $1 " " $2; calls = $3; next }
    { calls = calls " " $3 }
    END { if (last) print last ": " calls }'
}

# bats test_tags=ci
@test "waits: the index lists every function that can wait, with its calls" {
  cd "$TAMIS_SRCDIR"
  in_source $(find lib cmd -name '*.c') >"$T/source"
  grep -v '^#' test/waits.index | grep . >"$T/index"
  [ "$(wc -l <"$T/source")" -gt 100 ]
  equals "$(grep -cvE '^[^ ]+\.c [a-z0-9_]+: [a-z0-9_ ]+: .{5,}$' "$T/index")" 0 "rows of another form"
  run diff <(sed 's/^\([^:]*: [^:]*\): .*/\1/' "$T/index" | LC_ALL=C sort) <(LC_ALL=C sort "$T/source")
  equals "$output" "" "index (<) and source (>)"
}

@test "waits: a new call is found, but not comments and strings" {
  printf '%s\n' 'static int new(int fd)' '{' '	/* poll(fd) */' '	say("poll(2)");' \
    '	return f(recvmsg(fd, NULL, 0));' '}' 'int old(int fd)' '{' '	return 0;' '}' >"$T/x.c"
  run in_source "$T/x.c"
  equals "$output" "$T/x.c new: recvmsg" "what is found"
}
