# SPDX-License-Identifier: Apache-2.0
# update: docker update, resize by the kubelet. Limits are read from the kernel.
load ../lib

# limit CONTROLLER V1-FILE V2-FILE: prints the contents of the file.
limit()
{
	local file=$2
	[ "$(stat -fc %T /sys/fs/cgroup)" != cgroup2fs ] || file=$3
	cat "$(controller_file "$1" "$file")"
}

pids_max()
{
	limit pids pids.max pids.max
}

@test "update --resources=-, --resources - and a file: no output, and the limits are set" {
	requires controller pids
	create
	local n=20
	for how in --resources=- "--resources -" "-r $T/file" "--resources $T/file"; do
		n=$((n + 1))
		echo "{\"pids\":{\"limit\":$n}}" >"$T/file"
		# shellcheck disable=SC2086
		equals "$("$RUNTIME" --root "$ROOT" update $how "$ID" <"$T/file" 2>&1)" "" output
		equals "$(pids_max)" $n "pids after $how"
	done
}

@test "update: a running and a paused container" {
	requires controller pids
	script 'sleep 100'
	create
	start
	rt update --pids-limit 31 "$ID"
	equals "$(pids_max)" 31 running
	rt pause "$ID"
	rt update --pids-limit -1 "$ID"
	equals "$(pids_max)" max paused
}

# bats test_tags=ci
@test "update: memory in each format of byte counts" {
	requires controller memory
	create
	local word
	for word in 64m 64M 64mb 64MiB 65536k 67108864; do
		rt update --memory 32m "$ID"
		rt update --memory $word "$ID"
		equals "$(limit memory memory.limit_in_bytes memory.max)" 67108864 "$word"
	done
	for word in '' 1x 1.2.3 m 9999999999999999999 -2 '1 m'; do
		run rt update --memory "$word" "$ID"
		[ "$status" != 0 ] || { echo "accepted: $word"; false; }
	done
	equals "$(limit memory memory.limit_in_bytes memory.max)" 67108864 "after errors"
}

# bats test_tags=ci
@test "update: memory and swap are raised and lowered together" {
	requires v1
	create
	for n in 32 64 16; do
		rt update --memory ${n}m --memory-swap $((2 * n))m "$ID"
		equals "$(limit memory memory.limit_in_bytes -)" $((n << 20)) memory
		equals "$(limit memory memory.memsw.limit_in_bytes -)" $((n << 21)) swap
	done
	requires tamis
	rt update --memory-swap 128m "$ID"
	equals "$(limit memory memory.memsw.limit_in_bytes -)" $((128 << 20)) "swap alone"
	equals "$(limit memory memory.limit_in_bytes -)" $((16 << 20)) "memory stays"
}

# bats test_tags=ci
@test "update: every CPU option" {
	requires controller cpu
	create
	rt update --cpu-period 50000 --cpu-quota 25000 --cpu-burst 5000 --cpu-share 512 "$ID" ||
		unlike runc "1.1.5 has no burst"
	if [ "$(stat -fc %T /sys/fs/cgroup)" = cgroup2fs ]; then
		equals "$(limit cpu - cpu.max)" "25000 50000" cpu.max
		rt update --cpu-quota 30000 "$ID"
		equals "$(limit cpu - cpu.max)" "30000 50000" "the period stays"
		rt update --cpu-period 60000 "$ID"
		equals "$(limit cpu - cpu.max)" "30000 60000" "the quota stays"
		equals "$(limit cpu - cpu.max.burst)" 5000 burst
	else
		equals "$(limit cpu cpu.cfs_period_us -)" 50000 period
		equals "$(limit cpu cpu.cfs_quota_us -)" 25000 quota
		equals "$(limit cpu cpu.cfs_burst_us -)" 5000 burst
		equals "$(limit cpu cpu.shares -)" 512 shares
		rt update --cpu-quota 4000 --cpu-burst 1000 "$ID"
		equals "$(limit cpu cpu.cfs_quota_us -)" 4000 "quota below the old burst"
		rt update --cpu-quota -1 "$ID"
		equals "$(limit cpu cpu.cfs_quota_us -)" -1 "no quota"
	fi
	rt update --cpu-idle 1 "$ID"
	equals "$(limit cpu cpu.idle cpu.idle)" 1 idle
}

# bats test_tags=ci
@test "update: cpusets and weights" {
	requires controller cpuset
	create
	rt update --cpuset-cpus 0 --cpuset-mems 0 "$ID"
	equals "$(limit cpuset cpuset.cpus cpuset.cpus)" 0 cpus
	run rt update --cpuset-cpus x "$ID"
	[ "$status" != 0 ]
}

# bats test_tags=ci
@test "update: all or nothing: values that were written before an error are restored" {
	requires tamis
	requires controller memory
	create
	rt update --memory 64m --pids-limit 40 --cpu-share 300 --cpuset-cpus 0-1 "$ID"
	local before after
	state_now()
	{
		limit memory memory.limit_in_bytes memory.max
		limit cpu cpu.shares cpu.weight
		limit cpuset cpuset.cpus cpuset.cpus
		pids_max
	}
	before=$(state_now)
	# the kernel has no such CPU and no such number of pids; cpusets are written first, pids
	# after memory
	for bad in '"cpu":{"cpus":"0","shares":700},"pids":{"limit":9223372036854775807}' \
		'"cpu":{"cpus":"4000"},"pids":{"limit":50}'; do
		run "$RUNTIME" --root "$ROOT" update --resources - "$ID" \
			<<<"{\"memory\":{\"limit\":33554432},$bad}"
		[ "$status" != 0 ]
		after=$(state_now)
		equals "$after" "$before" "limits after $bad"
	done
}

@test "update: checkBeforeUpdate refuses a limit below the current use" {
	requires controller memory
	requires tamis
	script 'sleep 100'
	create
	start
	run "$RUNTIME" --root "$ROOT" update --resources - "$ID" \
		<<<'{"memory":{"limit":4096,"checkBeforeUpdate":true}}'
	expect_status 1
	expect_output "in use"
	equals "$(state_of)" running state
}

@test "update: kernel memory is ignored, Intel RDT refused by name" {
	requires controller pids
	create
	run rt update --kernel-memory 10m --kernel-memory-tcp 10m --pids-limit 22 "$ID"
	expect_status 0
	requires tamis
	equals "$(pids_max)" 22 pids
	run rt update --l3-cache-schema x "$ID"
	expect_status 1
	expect_output "l3-cache-schema"
}

@test "update: errors are reported with their place, and nothing is changed" {
	requires controller pids
	requires controller memory
	requires tamis
	create
	rt update --pids-limit 44 "$ID"
	echo '{"pids":{"limit":50},"memory":{"limit":"10G"}}' >"$T/file"
	run rt update --resources "$T/file" "$ID"
	expect_status 1
	expect_output "$T/file:1: memory.limit: expected an integer"
	for bad in '' '{' '[]' '{"pids":{"limit":50},"memory":{"limit":2000000,"swap":1000000}}'; do
		echo "$bad" >"$T/file"
		run rt update --resources "$T/file" "$ID"
		expect_status 1
	done
	run rt update --resources "$T/file" --pids-limit 3 "$ID"
	expect_status 1
	run rt update --resources "$T/missing" "$ID"
	expect_status 1
	equals "$(pids_max)" 44 pids
}

@test "update: an empty update is no error; device rules are kept" {
	create
	run rt update "$ID"
	expect_status 0
	run "$RUNTIME" --root "$ROOT" update --resources - "$ID" <<<'{}'
	expect_status 0
	requires v1
	local before
	before=$(limit devices devices.list -)
	run "$RUNTIME" --root "$ROOT" update --resources - "$ID" \
		<<<'{"devices":[{"allow":true}],"pids":{"limit":60}}'
	expect_status 0
	equals "$(limit devices devices.list -)" "$before" devices
}

@test "update: a stopped container is not running, an unknown one does not exist" {
	requires controller pids
	run rt update --pids-limit 5 nothing
	expect_status 1
	expect_output "does not exist"
	create
	kill -9 "$PID"
	wait_status stopped
	unlike crun "does it"
	run rt update --pids-limit 5 "$ID"
	expect_status 1
	expect_output "not running"
}
