# SPDX-License-Identifier: Apache-2.0
# ps: the output for docker top, ctr task ps and the CRI.
load ../lib

three()
{
	args /bin/payload tree 3
	create
	start
	until_true 5 grep -q ready "$T/out"
}

# bats test_tags=ci
@test "ps --format json: an array of the pids in the caller's PID namespace" {
	three
	run rt ps --format json "$ID"
	expect_status 0
	[[ $output =~ ^\[[0-9]+(,[0-9]+)*\]$ ]]
	jq -e --argjson pid "$PID" 'index($pid) != null' <<<"$output"
	local inside
	inside=$(sort -n "$(cgroup_dirs "$ID" | head -n1)/cgroup.procs" | paste -sd,)
	equals "$output" "[$inside]" pids
}

@test "ps --format json: a created container has its init, a stopped one no process" {
	create
	equals "$(rt ps --format json "$ID")" "[$PID]" created
	kill -9 "$PID"
	wait_status stopped
	requires tamis
	equals "$(rt ps --format=json "$ID")" "[]" stopped
}

@test "ps: the table of ps -ef with only the container's rows" {
	three
	run rt ps "$ID"
	expect_status 0
	[[ ${lines[0]} == *PID* ]]
	equals "$((${#lines[@]} - 1))" "$(rt ps -f json "$ID" | jq length)" rows
	expect_no_output "bats"
}

@test "ps: words after the ID are arguments of ps(1), including options" {
	create
	run rt ps "$ID" -o pid,ppid
	expect_status 0
	expect_line ' *PID +PPID'
	expect_line " *$PID +[0-9]+"
	equals "${#lines[@]}" 2 lines
	run rt ps --format table "$ID" -aux
	expect_status 0
	[[ ${lines[0]} == *PID* ]]
}

@test "ps: a table without a PID column and a failing ps(1) are errors" {
	create
	run rt ps "$ID" -o ppid
	[ "$status" != 0 ]
	expect_output PID
	run rt ps "$ID" --frobnicate
	[ "$status" != 0 ]
	requires tamis
	equals "${#lines[@]}" 1 lines
}

@test "ps: neither a relative PATH nor the caller's environment reaches ps(1)" {
	requires tamis
	create
	printf '#!/bin/sh\necho PID\n' >"$T/ps"
	chmod 755 "$T/ps"
	cd "$T"
	PATH=.:$PATH PS_FORMAT=ppid run rt ps "$ID" -p "$PID"
	expect_status 0
	[[ ${lines[1]} == *"$PID"* ]]
	run env -i "$RUNTIME" --root "$ROOT" ps "$ID"
	expect_status 0
}

@test "ps: includes the processes in cgroups below" {
	requires v1
	three
	local dir pid
	dir=$(controller_file pids .)
	mkdir "$dir/below"
	pid=$(rt ps -f json "$ID" | jq 'max')
	echo "$pid" >"$dir/below/cgroup.procs"
	run rt ps -f json "$ID"
	rt kill --all "$ID" KILL
	jq -e --argjson pid "$pid" 'index($pid) != null' <<<"$output"
}

@test "ps: unknown ID and format" {
	run rt ps --format json nothing
	expect_status 1
	expect_output "does not exist"
	create
	run rt ps --format xml "$ID"
	[ "$status" != 0 ]
}
