# SPDX-License-Identifier: Apache-2.0
# Files have at most 600 lines, functions at most 70 from brace to brace. A file with "lint: table"
# in its first 20 lines contains only data and has no limit.
function finish() { if (file && !table && lines > 600) { print file ": " lines " lines"; bad = 1 } }
FNR == 1 { finish(); file = FILENAME; table = 0; start = 0 }
{ lines = FNR }
FNR <= 20 && /lint: table/ { table = 1 }
/^\{/ { start = FNR; name = previous }
/^\}/ {
	if (start && FNR - start - 1 > 70) {
		print FILENAME ":" start ": " FNR - start - 1 " lines in: " name
		bad = 1
	}
	start = 0
}
{ if ($0 !~ /^[ \t{]/ && $0 != "") previous = $0 }
END { finish(); exit bad }
