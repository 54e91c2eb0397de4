# SPDX-License-Identifier: Apache-2.0
# Every function that a header offers has a comment above it, its own or that of the group it
# stands in (lines without an empty one between), or at the end of its line.
FNR == 1 { said = comment = open = 0 }
/^$/ { said = 0; next }
comment { if (/\*\//) { comment = 0; said = 1 } next }
/^\/\*/ { if (/\*\//) said = 1; else comment = 1; next }
/^#/ || /^[ \t}]/ || open { if (/;|\{/) open = 0; next }
/^(typedef|struct|enum|union) [a-z_0-9]*( \{|;)?$/ || /^extern / { next }
/^[a-z_].*\(/ {
	if (!said && !/\/\*.*\*\/$/) {
		print FILENAME ":" FNR ": no comment: " $0
		bad = 1
	}
	if (!/;|\{/)
		open = 1
}
END { exit bad }
