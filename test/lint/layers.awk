# SPDX-License-Identifier: Apache-2.0
# cmd -> observe -> runtime -> process -> fs -> channel -> plan -> seccomp -> oci -> base, and
# runtime -> cgroup -> plan. cgroup and process, fs, channel do not include each other's headers.
BEGIN {
	rank["base"] = 1; rank["oci"] = 2; rank["seccomp"] = 3; rank["plan"] = 4
	rank["channel"] = 5; rank["fs"] = 6; rank["process"] = 7
	rank["cgroup"] = 7
	rank["runtime"] = 8; rank["observe"] = 9; rank["cmd"] = 10
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
	beside = mine == "cgroup" && theirs ~ /^(channel|fs|process)$/ ||
		theirs == "cgroup" && mine ~ /^(channel|fs|process)$/
	if (rank[theirs] > rank[mine] || beside) {
		print FILENAME ":" FNR ": " mine " must not include " $2
		bad = 1
	}
}
END { exit bad }
