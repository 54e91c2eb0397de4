# SPDX-License-Identifier: Apache-2.0
# Every function in a header has a comment: its own comment above it, the comment above its group of
# lines (which ends at an empty line), or a comment at the end of its line.
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
