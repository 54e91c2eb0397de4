# SPDX-License-Identifier: Apache-2.0
# cmd -> runtime -> box | cgroup | observe -> plan -> seccomp -> oci -> base
BEGIN {
	rank["base"] = 1; rank["oci"] = 2; rank["seccomp"] = 3; rank["plan"] = 4
	rank["box"] = rank["cgroup"] = rank["observe"] = 5
	rank["runtime"] = 6; rank["cmd"] = 7
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
