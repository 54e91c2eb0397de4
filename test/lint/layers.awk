# SPDX-License-Identifier: Apache-2.0
# cmd -> observe -> runtime -> box | cgroup -> plan -> seccomp -> oci -> base
BEGIN {
	rank["base"] = 1; rank["oci"] = 2; rank["seccomp"] = 3; rank["plan"] = 4
	rank["box"] = rank["cgroup"] = 5
	rank["runtime"] = 6; rank["observe"] = 7; rank["cmd"] = 8
}
FNR == 1 {
	split(FILENAME, part, "/")
	mine = part[1] == "lib" ? part[2] : part[1]
}
/^#include "/ {
	split($2, path, /[\/"]/)
	theirs = path[2]
	if (!(theirs in rank))
		next
	same_row = rank[theirs] == rank[mine] && theirs != mine
	if (rank[theirs] > rank[mine] || same_row) {
		print FILENAME ":" FNR ": " mine " must not include " $2
		bad = 1
	}
}
END { exit bad }
