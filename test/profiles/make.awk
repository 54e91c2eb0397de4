# SPDX-License-Identifier: Apache-2.0
# Writes the profiles of a table as JSON: DIR/NAME.json in the engine's form, and, if the profile
# names architectures, also DIR/NAME.oci.json: the rules in force as linux.seccomp of a container on
# amd64 under Linux 6.18 with Docker's capabilities. Prints their names. It shares no code with
# tamis, so that the tests compare two implementations of the conditions.
# usage: awk -v dir=DIR -f make.awk profiles.table

BEGIN {
	split("EPERM 1 ENXIO 6 EINVAL 22 ENOSYS 38", pair, " ")
	for (i = 1; i in pair; i += 2)
		number[pair[i]] = pair[i + 1]
	split("= EQ != NE < LT <= LE > GT >= GE", pair, " ")
	for (i = 1; i in pair; i += 2)
		op_name[pair[i]] = "SCMP_CMP_" pair[i + 1]
	n = split("AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE NET_RAW " \
		  "SETFCAP SETGID SETPCAP SETUID SYS_CHROOT", pair, " ")
	for (i = 1; i <= n; i++)
		has_cap[pair[i]] = 1
}

{ sub(/#.*/, "") }
/^[ \t]*$/ { next }
/^      / { statement = statement $0; next } # continues the statement
{ take(); statement = $0 }
END {
	take()
	finish()
	exit failed
}

function fail(text)
{
	print FILENAME ": " text ": " statement >"/dev/stderr"
	failed = 1
}

# --- the table ------------------------------------------------------------------------------

function take(    word, n, i, head, names)
{
	if (statement == "")
		return
	n = split(statement, word, " ")
	if (word[1] == "part" || word[1] == "profile") {
		finish()
		p = word[2]
		known[p] = 1
		is_part = word[1] == "part"
		for (i = 4; i <= n; i++)
			inherit(word[i])
	} else if (word[1] == "default") {
		def[p] = word[2]
	} else if (word[1] == "style") {
		style[p] = word[2]
	} else if (word[1] == "map") {
		maps[p] = maps[p] substr(statement, index(statement, "map") + 4) "\n"
	} else if (word[1] == "architectures") {
		archs[p] = substr(statement, index(statement, word[2]))
	} else if ((i = index(statement, ":"))) {
		head = substr(statement, 1, i - 1)
		gsub(/^ +/, "", head)
		names = substr(statement, i + 1)
		if (head == "forget")
			forget(names)
		else
			add(head, names)
	} else {
		fail("no such statement")
	}
	statement = ""
}

function inherit(from,    i)
{
	if (!(from in known))
		fail("no such part or profile before it")
	for (i = 1; i <= n_heads[from]; i++)
		add(heads[from, i], calls[from, heads[from, i]])
	def[p] = from in def ? def[from] : def[p]
	maps[p] = maps[p] maps[from]
}

function add(head, names,    word, n, i)
{
	if (!((p, head) in calls)) {
		heads[p, ++n_heads[p]] = head
		calls[p, head] = " "
	}
	n = split(names, word, " ")
	for (i = 1; i <= n; i++) {
		if (index(calls[p, head], " " word[i] " "))
			fail(word[i] " is there already")
		calls[p, head] = calls[p, head] word[i] " "
	}
}

function forget(names,    word, n, i, j, k, head, found)
{
	n = split(names, word, " ")
	for (i = 1; i <= n; i++) {
		found = 0
		for (j = 1; j <= n_heads[p]; j++) {
			head = heads[p, j]
			k = index(calls[p, head], " " word[i] " ")
			if (!k)
				continue
			calls[p, head] = substr(calls[p, head], 1, k) \
				substr(calls[p, head], k + length(word[i]) + 2)
			found = 1
		}
		if (!found)
			fail(word[i] " is not there")
	}
}

# --- JSON -----------------------------------------------------------------------------------

function quoted(s)
{
	return "\"" s "\""
}

# list("CAP_", "A B", " "): ["CAP_A", "CAP_B"]
function list(prefix, text, by,    word, n, i, s)
{
	n = split(text, word, by)
	for (i = 1; i <= n; i++)
		s = s (i > 1 ? ", " : "") quoted(prefix word[i])
	return "[" s "]"
}

function value(text,    n, i)
{
	if (text !~ /^0x/)
		return text
	for (i = 3; i <= length(text); i++)
		n = n * 16 + index("0123456789abcdef", substr(text, i, 1)) - 1
	return sprintf("%.0f", n)
}

# arg1&0xf0=16, arg0<38
function arg(text,    op, rest, two)
{
	rest = substr(text, 5)
	match(rest, /^[&=!<>]+/)
	op = substr(rest, 1, RLENGTH)
	rest = substr(rest, RLENGTH + 1)
	if (op == "&") {
		two = substr(rest, index(rest, "=") + 1)
		rest = substr(rest, 1, index(rest, "=") - 1)
	}
	return "{\"index\": " substr(text, 4, 1) ", \"value\": " value(rest) \
		(op == "&" ? ", \"valueTwo\": " value(two) : "") ", \"op\": " \
		quoted(op == "&" ? "SCMP_CMP_MASKED_EQ" : op_name[op]) "}"
}

# "errno=EPERM": members of the JSON. errno_key: the name of the member for the number.
function action(text, action_key, errno_key,    part, n, s)
{
	n = split(text, part, "=")
	s = quoted(action_key) ": " quoted("SCMP_ACT_" toupper(part[1]))
	if (n == 1)
		return s
	if (!(part[2] in number) && part[2] !~ /^[0-9]+$/)
		fail("the number is not known: " part[2])
	s = s ", " quoted(errno_key) ": " (part[2] in number ? number[part[2]] : part[2])
	if (style_now == "errno-words")
		s = s ", " quoted(errno_key == "errnoRet" ? "errno" : "defaultErrno") ": " quoted(part[2])
	return s
}

# Splits a head into with, without (capabilities), on, off (architectures), since, before
# (kernels) and args.
function read_head(head,    word, n, i, w, rest)
{
	with = without = on = off = since = before = args = ""
	n = split(head, word, " ")
	for (i = 2; i <= n; i++) {
		w = substr(word[i], 1, 1)
		rest = substr(word[i], 2)
		if (w == "+")
			with = with (with ? " " : "") rest
		else if (w == "-")
			without = without (without ? " " : "") rest
		else if (w == "@")
			on = rest
		else if (w == "!")
			off = rest
		else if (word[i] ~ /^kernel>=/)
			since = substr(word[i], 9)
		else if (word[i] ~ /^kernel</)
			before = substr(word[i], 8)
		else if (word[i] ~ /^arg[0-5][&=!<>]/)
			args = args (args ? ", " : "") arg(word[i])
		else
			fail("unknown word " word[i] " in " head)
	}
	return word[1]
}

function filter(caps, arches, kernel,    s)
{
	if (caps)
		s = "\"caps\": " list("CAP_", caps, " ")
	if (arches)
		s = s (s ? ", " : "") "\"arches\": " list("", arches, ",")
	if (kernel)
		s = s (s ? ", " : "") "\"minKernel\": " quoted(kernel)
	return s
}

function kernel_number(text,    part)
{
	split(text, part, ".")
	return part[1] * 1000 + part[2]
}

# Whether the last head that was read is in force in that container (see above).
function in_force(    word, n, i)
{
	n = split(with, word, " ")
	for (i = 1; i <= n; i++)
		if (!(word[i] in has_cap))
			return 0
	n = split(without, word, " ")
	for (i = 1; i <= n; i++)
		if (word[i] in has_cap)
			return 0
	return (!on || ("," on ",") ~ /,amd64,/) && ("," off ",") !~ /,amd64,/ &&
		(!since || kernel_number(since) <= 6018) && (!before || kernel_number(before) > 6018)
}

function rule(which, names,    s, in_, out)
{
	s = action(which, "action", "errnoRet")
	if (args || style_now == "single" || style_now == "empty-members")
		s = s ", \"args\": [" args "]"
	if (!resolving) {
		in_ = filter(with, on, since)
		out = filter(without, off, before)
		if (style_now == "empty-members")
			s = s ", \"comment\": \"\""
		if (in_ || style_now == "empty-members")
			s = s ", \"includes\": {" in_ "}"
		if (out || style_now == "empty-members")
			s = s ", \"excludes\": {" out "}"
	}
	return sep "\n    {" names ", " s "}"
}

function rules(    i, j, n, word, head, which, s)
{
	sep = ""
	for (i = 1; i <= n_heads[p]; i++) {
		head = heads[p, i]
		which = read_head(head)
		n = split(calls[p, head], word, " ")
		if (!n || (resolving && !in_force()))
			continue
		if (style_now == "single")
			for (j = 1; j <= n; j++) {
				s = s rule(which, "\"name\": " quoted(word[j]))
				sep = ","
			}
		else
			s = s rule(which, "\"names\": " list("", substr(calls[p, head], 2), " "))
		sep = ","
	}
	return s
}

# One row for each line of "map": X86_64: X86 X32
function arch_map(    row, n, i, part, s)
{
	n = split(maps[p], row, "\n") - 1
	for (i = 1; i <= n; i++) {
		split(row[i], part, ":")
		gsub(/ /, "", part[1])
		sub(/^ +/, "", part[2])
		if (resolving && part[1] == "X86_64")
			return list("SCMP_ARCH_", part[1] " " part[2], " ")
		s = s (i > 1 ? "," : "") "\n    {\"architecture\": " quoted("SCMP_ARCH_" part[1]) \
			", \"subArchitectures\": " \
			(part[2] ? list("SCMP_ARCH_", part[2], " ") : "null") "}"
	}
	return "[" s "]"
}

function document(    s)
{
	style_now = resolving ? "names" : style[p]
	s = "{\n  " action(def[p], "defaultAction", "defaultErrnoRet")
	if (archs[p])
		s = s ",\n  \"architectures\": " list("SCMP_ARCH_", archs[p], " ")
	else if (maps[p])
		s = s ",\n  " (resolving ? "\"architectures\": " : "\"archMap\": ") arch_map()
	s = s (n_heads[p] ? ",\n  \"syscalls\": [" rules() "]" : "") "\n}"
	return style_now == "config" ? \
		"{\"ociVersion\": \"1.0.2\", \"linux\": {\"seccomp\": " s "}}" : s
}

function finish()
{
	if (p == "" || is_part)
		return
	print p
	resolving = 0
	print document() >(dir "/" p ".json")
	close(dir "/" p ".json")
	if (!maps[p] && !archs[p])
		return
	resolving = 1
	print document() >(dir "/" p ".oci.json")
	close(dir "/" p ".oci.json")
}
