# SPDX-License-Identifier: Apache-2.0
# list: the table for users and the JSON for go-runc.
load ../lib

@test "list: without a root or without containers; the root is not made" {
	run rt list
	expect_status 0
	equals "$(tr -s ' ' <<<"$output")" "ID PID STATUS BUNDLE CREATED OWNER" header
	run rt list --quiet
	equals "$output" "" quiet
	run rt list --format json
	expect_status 0
	jq -e '. == null or . == []' <<<"$output"
	requires tamis
	[ ! -e "$ROOT" ]
}

@test "list: a row for each container" {
	create
	bundle_at "$T/b2"
	use "$T/b2" "$ID-2"
	script 'sleep 100'
	create
	start
	run rt list
	expect_status 0
	equals "${#lines[@]}" 3 lines
	expect_line "$ID +$PID +running +$T/b2 +[0-9T:.Z-]+ +root"
	expect_line "${IDS[0]} +[0-9]+ +created +$T/b +[0-9T:.Z-]+ +root"
}

@test "list --quiet, -q: the ids" {
	create
	run rt list --quiet
	equals "$output" "$ID" --quiet
	run rt list -q
	equals "$output" "$ID" -q
}

@test "list --format json: the states, with their owner" {
	config '.annotations = {"a": "b"}'
	create
	run rt list --format=json
	expect_status 0
	jq -e --arg id "$ID" --arg b "$BUNDLE" --argjson pid "$PID" 'length == 1 and (.[0] |
		.id == $id and .pid == $pid and .status == "created" and .bundle == $b and
		.rootfs == $b + "/rootfs" and .owner == "root" and .annotations.a == "b" and
		(.ociVersion | startswith("1.")))' <<<"$output"
	kill -9 "$PID"
	wait_status stopped
	rt list -f json | jq -e '.[0].status == "stopped" and .[0].pid == 0'
}

@test "list: directories and files of other runtimes in the root are ignored" {
	unlike crun "lists them"
	create
	mkdir "$ROOT/of-another"
	echo '{}' >"$ROOT/of-another/status"
	touch "$ROOT/file"
	ln -s "$ID" "$ROOT/link"
	run rt list -q
	rm -r "$ROOT/of-another" "$ROOT/file" "$ROOT/link"
	expect_status 0
	equals "$output" "$ID" ids
}

# bats test_tags=ci
@test "list: a damaged container is shown and does not hide the others" {
	requires tamis
	create
	bundle_at "$T/b2"
	use "$T/b2" "$ID-2"
	create
	local damage
	for damage in ': >record' 'echo "{\"version\":1,\"id\":\"x\"" >record' \
		'head -c 200 record.old >record; : >record.old' 'rm record.old; mkdir record.old'; do
		(cd "$ROOT/${IDS[0]}" && eval "$damage")
		run rt list -q
		expect_status 0
		equals "$output" "$(printf '%s\n' "${IDS[@]}" | sort)" "ids after $damage"
		run rt list --format json
		jq -e --arg id "${IDS[0]}" 'length == 2 and any(.id == $id and .pid == 0 and
			.status == "stopped")' <<<"$output"
	done
	rmdir "$ROOT/${IDS[0]}/record.old"
}

@test "list: does not wait for a command that holds a container's lock" {
	requires tamis
	requires program flock
	create
	run timeout 5 flock "$ROOT/$ID" timeout 3 "$RUNTIME" --root "$ROOT" list -q
	expect_status 0
	equals "$output" "$ID" ids
}

@test "list: an unknown format is refused" {
	run rt list --format xml
	[ "$status" != 0 ]
}
