# SPDX-License-Identifier: Apache-2.0
# Finds calls and strings that the design forbids. "lint: allow" on a line marks one of the
# exceptions that the design names, with the reason in a comment nearby. Fewer rules apply to test
# programs.
BEGIN {
	ban["mount"] = "the mount API works on descriptors"
	ban["umount"] = ban["umount2"] = "only after pivot_root"
	ban["atoi"] = ban["atol"] = ban["atoll"] = ban["strtol"] = ban["strtoul"] = "base/num.h"
	ban["strtoll"] = ban["strtoull"] = ban["sscanf"] = "base/num.h"
	ban["strcpy"] = ban["strcat"] = ban["strncpy"] = ban["sprintf"] = ban["vsprintf"] = "arena_printf"
	ban["gets"] = ban["system"] = ban["popen"] = ban["realpath"] = ban["alloca"] = "not here"
	ban["dlopen"] = ban["getpwnam"] = ban["getpwuid"] = ban["getgrnam"] = "no plugins, no NSS"
	ban["sleep"] = ban["usleep"] = "wait for the event"
	ban["setuid"] = ban["setgid"] = ban["setreuid"] = ban["seteuid"] = "sys_setresuid"
	ban["pthread_create"] = "one thread"
	ban["tmpnam"] = ban["mktemp"] = ban["tempnam"] = "a race"
	ban["creat"] = "open with O_CLOEXEC"
}
FNR == 1 { test = FILENAME ~ /^test\//; comment = 0 }
/lint: allow/ { next }
{
	line = $0
	if (comment) {
		if (!sub(/^.*\*\//, "", line))
			next
		comment = 0
	}
	gsub(/\/\*[^*]*(\*[^\/*][^*]*)*\*\//, "", line)
	if (sub(/\/\*.*$/, "", line))
		comment = 1
	if (!test && line ~ /"\/proc\/self\/fd/) {
		print FILENAME ":" FNR ": /proc/self/fd as a string"
		bad = 1
	}
	if (test)
		next
	code = line
	gsub(/"([^"\\]|\\.)*"/, "\"\"", code)
	if (code ~ /(^|[^a-z_0-9])(open|openat)\(/ && code ~ /O_(RDONLY|WRONLY|RDWR|PATH)/ &&
	    code !~ /O_CLOEXEC/ && code !~ /path_open/) {
		print FILENAME ":" FNR ": open without O_CLOEXEC"
		bad = 1
	}
	while (match(code, /[a-zA-Z_][a-zA-Z_0-9]*[ ]?\(/)) {
		name = substr(code, RSTART, RLENGTH - 1)
		sub(/ $/, "", name)
		before = RSTART > 1 ? substr(code, RSTART - 1, 1) : ""
		if ((name in ban) && before != "." && before != ">") {
			print FILENAME ":" FNR ": " name ": " ban[name]
			bad = 1
		}
		code = substr(code, RSTART + RLENGTH)
	}
}
END { exit bad }
