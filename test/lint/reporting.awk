# SPDX-License-Identifier: Apache-2.0
# Every function in a header of lib that returns an int says whether it reports its errors by fail()
# (base/err.h) or is silent: by the word "Reporting" or "Silent" in its own comment, in the comment
# of its group, or at the end of its line, or by "All reporting" or "All silent" in the comment at
# the top of the file.
function says(text) { return tolower(text) ~ /(^|[^a-z])(reporting|silent)([^a-z]|$)/ }
FNR == 1 { head = says_all = comment = open = 0; own = "" }
/^$/ { own = ""; next }
comment { line = $0; sub(/^ \* ?/, "", line); own = own " " line; if (/\*\//) comment = 0; else next }
!comment && /^\/\*/ { own = $0; if (!/\*\//) { comment = 1; next } }
/\*\/$/ && !/^[a-z]/ {
	if (!head && own !~ /SPDX/) {
		head = 1
		says_all = tolower(own) ~ /all (of them )?(are )?(reporting|silent)/
	}
	next
}
open { if (/;|\{/) open = 0; next }
/^(must_check )?(static inline )?int [a-z_0-9]+\(/ {
	if (!says_all && !says(own) && !says($0)) {
		print FILENAME ":" FNR ": neither Reporting nor Silent: " $0
		bad = 1
	}
	if (!/;|\{/)
		open = 1
}
END { exit bad }
