# SPDX-License-Identifier: Apache-2.0
# pause and resume; other commands on a paused container.
load ../lib

# A container that prints a counter.
counting()
{
	script 'while :; do echo x; usleep 5000; done'
	create
	start
	until_true 5 test -s "$T/out"
}

count()
{
	wc -c <"$T/out"
}

grows()
{
	local before
	before=$(count)
	until_true 5 sh -c "[ \$(wc -c <'$T/out') -gt $before ]"
}

# bats test_tags=ci
@test "pause: no process runs; resume: they continue; both without output" {
	counting
	run rt pause "$ID"
	expect_status 0
	equals "$output" "" pause
	equals "$(state_of)" paused state
	local before
	before=$(count)
	sleep 0.2
	equals "$(count)" "$before" "count while paused"
	run rt resume "$ID"
	expect_status 0
	equals "$output" "" resume
	equals "$(state_of)" running state
	grows
}

@test "pause: all processes of the container" {
	args /bin/payload tree 3
	create
	start
	until_true 5 grep -q ready "$T/out"
	rt pause "$ID"
	equals "$(rt ps -f json "$ID" | jq length)" 4 processes
	rt resume "$ID"
	equals "$(state_of)" running state
}

@test "pause: a created container, which can be resumed and started" {
	create
	rt pause "$ID"
	equals "$(state_of)" paused state
	run start
	[ "$status" != 0 ]
	rt resume "$ID"
	equals "$(state_of)" created state
	start
}

@test "pause: a stopped or paused container is an error, container not running" {
	create
	rt pause "$ID"
	run rt pause "$ID"
	expect_status 1
	unlike crun "does it again"
	expect_output "not running"
	rt resume "$ID"
	kill -9 "$PID"
	wait_status stopped
	run rt pause "$ID"
	expect_status 1
	expect_output "not running"
}

# bats test_tags=ci
@test "resume: a container that is not paused is an error, container not paused" {
	counting
	run rt resume "$ID"
	expect_status 1
	expect_output "not paused"
	grows
	rt kill "$ID" KILL
	wait_status stopped
	run rt resume "$ID"
	expect_status 1
}

@test "pause, resume: an unknown ID does not exist" {
	run rt pause nothing
	expect_status 1
	expect_output "does not exist"
	run rt resume nothing
	expect_status 1
	expect_output "does not exist"
}

@test "kill: SIGKILL ends a paused container" {
	counting
	rt pause "$ID"
	rt kill "$ID" KILL
	unlike runc "1.1.5 leaves it frozen"
	wait_status stopped
}

@test "kill --all: SIGKILL ends a paused container" {
	counting
	rt pause "$ID"
	rt kill --all "$ID" 9
	wait_status stopped
}

@test "kill: other signals are delivered after the resume" {
	script 'trap "exit 0" TERM; while :; do usleep 5000; done'
	create
	start
	rt pause "$ID"
	run rt kill "$ID" TERM
	equals "$(state_of)" paused state
	rt resume "$ID"
	wait_status stopped
}

# bats test_tags=ci
@test "delete: a paused container is an error without --force, and deleted with it" {
	counting
	rt pause "$ID"
	run rt delete "$ID"
	[ "$status" != 0 ]
	equals "$(state_of)" paused state
	run rt delete --force "$ID"
	expect_status 0
	nothing_left || { leftovers; false; }
}
