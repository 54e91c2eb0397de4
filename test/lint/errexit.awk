# SPDX-License-Identifier: Apache-2.0
# Prints lines of bats tests and of their functions whose failure bash ignores: "! command" that is
# not the last command of its function, and a function as an argument ("$@") before || or &&, in
# which no command ends the function.
FNR == 1 { held = "" }
held != "" && !/^[ \t]*(#|$)/ {
  if (!/^[ \t]*}/)
    print held
  held = ""
}
/^[ \t]*! / && !/(\|\||&&|\\$|\|$)/ { held = FILENAME ":" FNR ": expected \"run ! ...\": " $0 }
/^[ \t]*"\$@" (\|\||&&)/ { print FILENAME ":" FNR ": expected \"$@\" alone: " $0 }
