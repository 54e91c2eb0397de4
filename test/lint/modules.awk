# SPDX-License-Identifier: Apache-2.0
# Edges "module module" for tsort: who includes whom, X.c and X.h being one.
FNR == 1 {
	mine = FILENAME
	sub(/^lib\//, "", mine)
	sub(/\.[ch]$/, "", mine)
	print mine, mine
}
/^#include "/ {
	theirs = $2
	gsub(/"/, "", theirs)
	sub(/\.h$/, "", theirs)
	if (theirs != mine && theirs ~ /^[a-z]+\/[a-z_0-9]+$/)
		print mine, theirs
}
