# SPDX-License-Identifier: Apache-2.0
# A public function or table of DIR/FILE.c is called FILE_x or DIR_FILE_x, so that its name leads to
# its file. In lib/runtime and lib/observe the word for DIR is "container". A file with a variant
# x_none.c may use the names of x.c there. Reads lines "FILE.o NAME" and prints the wrong names.
BEGIN {
  # the vocabulary of base/err.h
  free["fail"] = free["fail_note"] = free["fail_received"] = free["wrap"] = 1
  # tamis-systemd has its own main
  free["main"] = 1
}
{
  n = split($1, part, "/")
  file = part[n]
  dir = part[n - 1]
  sub(/\.o$/, "", file)
  sub(/_none$/, "", file)
  if (dir == "runtime" || dir == "observe")
    dir = "container"
  name = $2 "_"
  if (!($2 in free) && index(name, file "_") != 1 && index(name, dir "_" file "_") != 1)
    print $1 ": " $2 " is not called " file "_... or " dir "_" file "_..."
}
