# SPDX-License-Identifier: Apache-2.0
# events: the same documents as runc, as go-runc decodes them.
load ../lib

# Waits until the background process has found its cgroup.
watching()
{
	until_true 5 sh -c "ls -l /proc/${HELPERS[0]}/fd | grep -qE 'eventfd|memory.events'"
}

@test "events --stats: one object with the members that go-runc reads" {
	requires controller memory
	requires controller pids
	script 'sleep 100'
	create
	start
	run rt events --stats "$ID"
	expect_status 0
	equals "${#lines[@]}" 1 lines
	jq -e --arg id "$ID" '.type == "stats" and .id == $id and (.data |
		(.cpu.usage | .total > 0 and has("kernel") and has("user")) and
		(.cpu.throttling | type == "object") and (.pids.current >= 1) and
		(.memory.usage | .usage > 0 and .limit > 0 and has("failcnt")) and
		(.memory | has("swap") and has("kernel") and has("kernelTCP")) and
		(.memory.raw | .pgfault > 0) and (.blkio | type == "object") and
		(.hugetlb | type == "object") and has("network_interfaces"))' <<<"$output"
}

@test "events --stats: limits are shown" {
	requires controller memory
	requires controller pids
	config '.linux.resources.memory.limit = 67108864 | .linux.resources.pids.limit = 77'
	create
	rt events --stats "$ID" |
		jq -e '.data.memory.usage.limit == 67108864 and .data.pids.limit == 77'
}

# bats test_tags=ci
@test "events --stats: the same keys as runc's" {
	requires tamis
	requires program runc
	requires v1
	local old=$RUNTIME first
	keys()
	{
		script 'sleep 100'
		create
		start
		# runc omits members that are 0
		rt events --stats "$ID" | jq -r 'paths | map(select(type == "string")) | join(".")' |
			grep -vE 'blkio|hugetlb|cache$|(usage|max)$|percpu|throttl' | sort -u
		rt delete --force "$ID"
	}
	first=$(keys)
	[ "$(wc -l <<<"$first")" -gt 60 ]
	RUNTIME=$(command -v runc) ROOT=$T/runc
	equals "$first" "$(keys)" keys
	RUNTIME=$old ROOT=$T/state
}

# bats test_tags=ci
@test "events: statistics in every interval until the container ends" {
	script 'sleep 100'
	create
	start
	background events "$RUNTIME" --root "$ROOT" events --interval=50ms "$ID"
	until_true 5 sh -c "[ \$(grep -c stats '$T/events') -ge 3 ]"
	jq -es 'all(.type == "stats")' "$T/events"
	rt kill "$ID" KILL
	until_true 5 sh -c "! kill -0 ${HELPERS[0]} 2>/dev/null"
	wait "${HELPERS[0]}"
	[ ! -s "$T/events.err" ]
}

# bats test_tags=ci
@test "events: OOM kills are reported" {
	requires controller memory
	config '.linux.resources.memory.limit = 16777216'
	script 'trap : USR1; usleep 300000; (head -c 64m /dev/zero | tail >/dev/null); sleep 100'
	create
	background events "$RUNTIME" --root "$ROOT" events --interval 1h "$ID"
	watching
	start
	until_true 10 grep -q '"oom"' "$T/events"
	jq -es --arg id "$ID" 'all(.type == "oom" and .id == $id)' "$T/events"
	rt delete --force "$ID"
	until_true 5 sh -c "! kill -0 ${HELPERS[0]} 2>/dev/null"
}

# bats test_tags=ci
@test "events: an OOM kill of init is reported before the end" {
	requires tamis
	requires controller memory
	config '.linux.resources.memory.limit = 16777216'
	args /bin/sh -c 'x=xxxxxxxxxxxxxxxx; while :; do x=$x$x; done'
	create
	background events "$RUNTIME" --root "$ROOT" events "$ID"
	watching
	start
	until_true 10 sh -c "! kill -0 ${HELPERS[0]} 2>/dev/null"
	jq -es 'any(.type == "oom")' "$T/events"
}

@test "events: deleting the container is not reported as OOM" {
	requires controller memory
	script 'sleep 100'
	create
	start
	background events "$RUNTIME" --root "$ROOT" events --interval 1h "$ID"
	watching
	rt delete --force "$ID"
	until_true 5 sh -c "! kill -0 ${HELPERS[0]} 2>/dev/null"
	equals "$(cat "$T/events")" "" events
}

# bats test_tags=ci
@test "events --interval: durations in Go's format, above 0" {
	create
	local word
	for word in 5s 1m 500ms 1h30m 1.5s 10us 100ns 0.5h 1m0.5s; do
		run rt events --stats --interval $word "$ID"
		expect_status 0
	done
	requires tamis
	for word in '' 0 0s 5 s 5x -5s 5s5 1..5s ' 5s' 9999999999h 1e3s; do
		run rt events --stats --interval "$word" "$ID"
		[ "$status" != 0 ] || { echo "accepted: '$word'"; false; }
	done
}

@test "events: a stopped container is not running, an unknown one does not exist" {
	run rt events --stats nothing
	expect_status 1
	expect_output "does not exist"
	create
	kill -9 "$PID"
	wait_status stopped
	run rt events --interval 1s "$ID"
	expect_status 1
	expect_output "not running"
}
