/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns linux.resources.blockIO. What must hold: the weight is written for the scheduler that the
 * kernel uses, which only the file in the cgroup shows. The file of BFQ is tried first, then the
 * other.
 */
#include "base/arena.h"
#include "base/base.h"
#include "oci/json.h"
#include "plan/values.h"

/* Converts blkio's 10 to 1000 linearly to io.weight's 1 to 10000, as all runtimes do. */
static uint32_t io_weight(uint32_t weight)
{
	return weight ? 1 + (weight - 10) * 9999 / 990 : 0;
}

static int check_leaf(const struct json *at, const struct opt_u32 *leaf)
{
	if (leaf->v)
		return json_fail_member(at, "leafWeight",
					"removed in Linux 5.0: expected none, found %u", leaf->v);
	return 0;
}

static void add_weight(struct values *b, const struct json *at, const char *device, uint32_t weight,
		       enum cgroup_version version)
{
	const char *own = arena_printf("%s%u", device, weight);
	struct plan_cgroup_value *value;

	if (version == CGROUP_V2) {
		value = values_add(b, at, "weight", "io", "io.bfq.weight", own);
		value->else_file = "io.weight";
		value->else_value = arena_printf("%s%u", device, io_weight(weight));
	} else {
		value = values_add(b, at, "weight", "blkio",
				   *device ? "blkio.bfq.weight_device" : "blkio.bfq.weight", own);
		value->else_file = *device ? "blkio.weight_device" : "blkio.weight";
		value->else_value = own;
	}
}

static int add_weights(struct values *b, const struct block_io_spec *s, enum cgroup_version version)
{
	int r = check_leaf(s->at, &s->leaf_weight);

	if (r == 0 && s->weight.v)
		add_weight(b, s->at, "", s->weight.v, version);
	for (size_t i = 0; i < s->weight_devices.n && r == 0; i++) {
		const struct weight_device_spec *d = &s->weight_devices.v[i];

		r = check_leaf(d->at, &d->leaf_weight);
		if (r == 0 && d->weight.v)
			add_weight(b, d->at,
				   arena_printf("%jd:%jd ", (intmax_t)d->major, (intmax_t)d->minor),
				   d->weight.v, version);
	}
	return r;
}

static void add_throttle(struct values *b, const struct throttle_list *list, const char *v1_file,
			 const char *v2_key, enum cgroup_version version)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct throttle_device_spec *d = &list->v[i];
		intmax_t major = d->major, minor = d->minor;

		if (version == CGROUP_V1)
			values_add(b, d->at, "rate", "blkio", v1_file,
				   arena_printf("%jd:%jd %ju", major, minor, (uintmax_t)d->rate));
		else
			values_add(b, d->at, "rate", "io", "io.max",
				   arena_printf("%jd:%jd %s=%ju", major, minor, v2_key,
						(uintmax_t)d->rate));
	}
}

int values_blkio(struct values *b)
{
	const struct block_io_spec *s = &b->spec->block_io;
	enum cgroup_version version = CGROUP_V1;
	int r;

	if (!s->weight.v && !s->leaf_weight.v && !s->weight_devices.n && !s->read_bps.n &&
	    !s->write_bps.n && !s->read_iops.n && !s->write_iops.n)
		return 0;
	if (values_version(b, "blkio") != CGROUP_V1 &&
	    (r = values_need(b, b->spec->at, "blockIO", "io", &version)) < 0)
		return r;
	if ((r = add_weights(b, s, version)) < 0)
		return r;
	add_throttle(b, &s->read_bps, "blkio.throttle.read_bps_device", "rbps", version);
	add_throttle(b, &s->write_bps, "blkio.throttle.write_bps_device", "wbps", version);
	add_throttle(b, &s->read_iops, "blkio.throttle.read_iops_device", "riops", version);
	add_throttle(b, &s->write_iops, "blkio.throttle.write_iops_device", "wiops", version);
	return 0;
}
