/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the buffers that the kernel fills with events. What must hold: a record is read only after
 * data_head says that it is complete, and nothing in it is trusted to be within the buffer.
 *
 * Each buffer is in the order of time, but a process may make a child on one processor that runs on
 * another. So the buffers are merged by time, and what is younger than the caller's limit stays
 * where it is: another processor may still be writing something older.
 */
#include "observe/perf_ring.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/sys.h"
#include "observe/processors.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum {
	TOTAL_BYTES = 32 << 20,	    /* of all buffers */
	RING_BYTES_FIRST = 1 << 20, /* if the reader has priority: they cost 0.8 ms each MB */
	RING_BYTES_MAX = 2 << 20,
	RING_BYTES_MIN = 32 << 10,
	RECORD_MAX = UINT16_MAX,
	FULL_BYTES = 10240, /* if less is free, a record (with a path) may have found no room */
};

/* Of one processor. */
struct ring {
	int cpu;
	int fd; /* of an event without records, to which the buffer belongs */
	struct perf_event_mmap_page *page;
	char *data;
	uint64_t size;
	uint64_t tail;	   /* before it the kernel may write again */
	uint64_t at, head; /* what was read, and what may be in this pass */
	bool has_time;
	uint64_t time;	  /* of the record at `at`, if has_time */
	uint64_t full_at; /* what `head` was when the buffer was last full; 0: it was not */
};

struct perf_rings {
	uint64_t id; /* of the tracepoint */
	int limit;   /* all numbers of processors are below it */
	size_t n;
	struct ring *v;
	/* the rings' descriptors, then those of events, then room for the caller's */
	struct pollfd *polled;
	size_t n_events, room;
	int last;	    /* event of a process that has ended, see perf_ring_leave() */
	const char *filter; /* NULL: none */
	bool is_passing;    /* see perf_ring_next() */
};

/* A copy of a record. Not in the arena, which clears what it gives. */
static char record[RECORD_MAX + 1];

/* --- opening ------------------------------------------------------------------------------ */

static int open_event(struct perf_event_attr *attr, int target, int cpu, unsigned long flags)
{
	perf_event_set_form(attr);
	attr->watermark = 1;
	return (int)syscall(SYS_perf_event_open, attr, target, cpu, -1,
			    PERF_FLAG_FD_CLOEXEC | flags);
}

/*
 * The event that owns the buffer of a processor reports nothing. So it does not end with a process,
 * and the descriptor to poll is there whatever processes come and go.
 */
static int open_owner(int cpu, uint64_t size)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.config = PERF_COUNT_SW_DUMMY,
		.wakeup_watermark = (uint32_t)(size / 8),
	};

	return open_event(&attr, -1, cpu, 0);
}

/* Whose calls: of a thread and what it makes, or of a cgroup. */
struct whose {
	pid_t tid;
	bool on_exec;
	int cgroup; /* directory; -1: of a thread */
};

static int open_calls(const struct perf_rings *rings, const struct whose *whose, int cpu)
{
	const bool is_cgroup = whose->cgroup >= 0;
	struct perf_event_attr attr = {
		.type = PERF_TYPE_TRACEPOINT,
		.config = rings->id,
		.sample_period = 1,
		.disabled = whose->on_exec,
		.enable_on_exec = whose->on_exec,
		.inherit = !is_cgroup,
		.namespaces = is_cgroup,
		.comm = 1,
		.comm_exec = 1,
		.mmap = 1,
		.task = 1,
	};

	return open_event(&attr, is_cgroup ? whose->cgroup : whose->tid, cpu,
			  is_cgroup ? PERF_FLAG_PID_CGROUP : 0);
}

static int explain_open(int error)
{
	if (error == EACCES || error == EPERM)
		return fail(0, "the kernel gives system calls by perf only to root or a process "
			       "with CAP_PERFMON");
	if (error == EMFILE)
		return fail(0, "perf needs a descriptor for each thread on each processor, which "
			       "are more than the limit (ulimit -n) allows");
	return fail(error, "perf_event_open");
}

/* Opens and maps one processor's buffer, a smaller one where that is all we may have. */
static int open_ring(int cpu, uint64_t size, struct ring *ret)
{
	*ret = (struct ring){ .cpu = cpu, .fd = open_owner(cpu, size) };
	if (ret->fd < 0)
		return -errno;
	for (; size >= RING_BYTES_MIN; size /= 2) {
		void *p = mmap(NULL, SYS_PAGE_BYTES + size, PROT_READ | PROT_WRITE, MAP_SHARED,
			       ret->fd, 0);

		if (p != MAP_FAILED) {
			ret->page = p;
			ret->data = (char *)p + SYS_PAGE_BYTES;
			ret->size = size;
			return 0;
		}
		if (errno != EPERM && errno != ENOMEM)
			break;
	}
	fd_close(&ret->fd);
	return fail(errno, "the buffer of perf cannot be mapped");
}

static void grow_polled(struct perf_rings *rings, size_t n_events)
{
	size_t need = rings->n + n_events + PERF_RING_SPARE;
	struct pollfd *more;

	if (need <= rings->room)
		return;
	rings->room = 2 * need;
	more = arena_array(rings->room, sizeof(*more));
	if (rings->polled)
		memcpy(more, rings->polled, (rings->n + rings->n_events) * sizeof(*more));
	rings->polled = more;
}

int perf_ring_open(uint64_t id, bool has_priority, struct perf_rings **ret)
{
	long online = sysconf(_SC_NPROCESSORS_ONLN);
	struct perf_rings *rings = arena_alloc(sizeof(*rings));
	uint64_t size = has_priority ? RING_BYTES_FIRST : RING_BYTES_MAX;
	size_t limit = 0;
	int r = processors_limit(&limit);

	if (r < 0)
		return fail(-r, "/sys/devices/system/cpu/possible: the processors of this host");
	while (size > RING_BYTES_MIN && size * (uint64_t)online > TOTAL_BYTES)
		size /= 2;
	*rings = (struct perf_rings){ .id = id,
				      .last = -1,
				      .limit = (int)limit,
				      .v = arena_array(limit, sizeof(*rings->v)) };
	for (int cpu = 0; cpu < rings->limit; cpu++) {
		r = open_ring(cpu, size, &rings->v[rings->n]);
		if (r == -ENODEV) /* the processor is offline, or there is none of that number */
			continue;
		if (r < 0)
			return err_message() ? r : explain_open(-r);
		rings->n++;
	}
	grow_polled(rings, 0);
	for (size_t i = 0; i < rings->n; i++)
		rings->polled[i] = (struct pollfd){ rings->v[i].fd, POLLIN, 0 };
	*ret = rings;
	return 0;
}

bool perf_ring_lacks_processor(const struct perf_rings *rings)
{
	size_t i = 0;

	for (int cpu = 0; cpu < rings->limit; cpu++) {
		if (i < rings->n && rings->v[i].cpu == cpu) {
			i++;
			continue;
		}
		autofd fd = open_owner(cpu, RING_BYTES_MIN);

		if (fd >= 0)
			return true;
	}
	return false;
}

/* The events on one processor; -errno. */
static int add_event(const struct perf_rings *rings, const struct ring *ring,
		     const struct whose *whose)
{
	autofd fd = open_calls(rings, whose, ring->cpu);

	if (fd < 0 || ioctl(fd, PERF_EVENT_IOC_SET_OUTPUT, ring->fd) < 0 ||
	    (rings->filter && ioctl(fd, PERF_EVENT_IOC_SET_FILTER, rings->filter) < 0))
		return -errno;
	return take_fd(&fd);
}

/* The events on all processors; all or none; -errno. */
static int add_events(struct perf_rings *rings, const struct whose *whose, uint64_t *ret_ids)
{
	struct pollfd *to;

	grow_polled(rings, rings->n_events + rings->n);
	to = rings->polled + rings->n + rings->n_events;
	for (size_t i = 0; i < rings->n; i++) {
		int fd = add_event(rings, &rings->v[i], whose);

		if (ret_ids)
			ret_ids[i] = 0;
		if (fd == -ENODEV)
			continue;
		if (fd >= 0 && ret_ids && ioctl(fd, PERF_EVENT_IOC_ID, &ret_ids[i]) < 0) {
			int error = errno;

			fd_close(&fd);
			fd = -error;
		}
		if (fd < 0) {
			while (to > rings->polled + rings->n + rings->n_events)
				fd_close(&(--to)->fd);
			return fd;
		}
		*to++ = (struct pollfd){ fd, 0, 0 }; /* POLLHUP is always reported */
	}
	rings->n_events = (size_t)(to - rings->polled) - rings->n;
	return 0;
}

int perf_ring_add(struct perf_rings *rings, pid_t tid, bool on_exec, uint64_t *ret_ids)
{
	const struct whose whose = { .tid = tid, .on_exec = on_exec, .cgroup = -1 };
	int r = add_events(rings, &whose, ret_ids);

	return r >= 0 || r == -ESRCH ? r : explain_open(-r);
}

int perf_ring_add_cgroup(struct perf_rings *rings, int dir)
{
	return add_events(rings, &(struct whose){ .cgroup = dir }, NULL);
}

struct pollfd *perf_ring_polled(const struct perf_rings *rings, size_t *ret_n)
{
	*ret_n = rings->n + rings->n_events;
	return rings->polled;
}

size_t perf_ring_processors(const struct perf_rings *rings)
{
	return rings->n;
}

size_t perf_ring_reap(struct perf_rings *rings)
{
	struct pollfd *events = rings->polled + rings->n;
	size_t kept = 0;

	for (size_t i = 0; i < rings->n_events; i++) {
		if (!(events[i].revents & (POLLHUP | POLLERR))) {
			events[kept++] = events[i];
			continue;
		}
		fd_close(&rings->last);
		rings->last = events[i].fd;
	}
	rings->n_events = kept;
	return kept;
}

struct heir {
	pid_t parent;
	int event;
};

static int outlive(void *arg)
{
	const struct heir heir = *(const struct heir *)arg; /* the caller's ends with its wait */

	if (fd_close_others_from(0, &heir.event, 1) < 0 ||
	    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0)
		return EXIT_FAILURE;
	while (getppid() == heir.parent)
		pause();
	return EXIT_SUCCESS;
}

void perf_ring_leave(const struct perf_rings *rings)
{
	struct heir heir = { .parent = getpid(), .event = rings->last };
	int pair[2];
	char byte;

	if (heir.event < 0 && rings->n_events)
		heir.event = rings->polled[rings->n].fd;
	if (heir.event < 0 || pipe2(pair, O_CLOEXEC) < 0)
		return;
	/* no SIGCHLD: nobody waits for it */
	pid_t pid = sys_clone_vm(0, outlive, &heir, NULL);

	fd_close(&pair[1]);
	/* until it has closed all else, among that the lock of the recording */
	while (pid > 0 && read(pair[0], &byte, 1) < 0 && errno == EINTR)
		continue;
	fd_close(&pair[0]);
}

int perf_ring_set_filter(struct perf_rings *rings, const char *filter)
{
	for (size_t i = 0; i < rings->n_events; i++)
		if (ioctl(rings->polled[rings->n + i].fd, PERF_EVENT_IOC_SET_FILTER, filter) < 0)
			return -errno;
	rings->filter = filter;
	return 0;
}

/* --- reading ------------------------------------------------------------------------------ */

static void copy_out(const struct ring *ring, uint64_t at, void *to, size_t n)
{
	size_t offset = (size_t)(at % ring->size);
	size_t first = (size_t)(ring->size - offset);

	if (first > n)
		first = n;
	memcpy(to, ring->data + offset, first);
	memcpy((char *)to + first, ring->data, n - first);
}

/* The header of the record at ring->at, which has to be complete. */
static bool peek(struct ring *ring, struct perf_event_header *ret)
{
	if (ring->head - ring->at < sizeof(*ret))
		return false;
	copy_out(ring, ring->at, ret, sizeof(*ret));
	return ret->size >= sizeof(*ret) && ring->head - ring->at >= ret->size;
}

static bool read_time(struct ring *ring)
{
	struct perf_event_header header;
	uint64_t at;

	if (ring->has_time)
		return true;
	if (!peek(ring, &header))
		return false;
	at = perf_event_time_at(&header);
	copy_out(ring, ring->at + at, &ring->time, sizeof(ring->time));
	ring->has_time = true;
	return true;
}

/*
 * Gives the room of what was read back to the kernel. The kernel reports records that had
 * no room only together with the next one that has (PERF_RECORD_LOST), and there may be none. So it
 * is noted when the buffer was full, until a later record is read. head is read behind the store,
 * so that it includes all that was written while the old tail was in force.
 */
static void release(struct ring *ring)
{
	const uint64_t tail = ring->tail;
	uint64_t head;

	if (ring->at > ring->full_at)
		ring->full_at = 0;
	ring->tail = ring->at;
	__atomic_store_n(&ring->page->data_tail, ring->at, __ATOMIC_SEQ_CST);
	head = __atomic_load_n(&ring->page->data_head, __ATOMIC_SEQ_CST);
	if (head - tail > ring->size - FULL_BYTES)
		ring->full_at = head;
}

bool perf_ring_was_full(const struct perf_rings *rings)
{
	for (size_t i = 0; i < rings->n; i++)
		if (rings->v[i].full_at)
			return true;
	return false;
}

/* The buffer whose next record is the oldest, or NULL. */
static struct ring *oldest(struct perf_rings *rings)
{
	struct ring *ret = NULL;

	for (size_t i = 0; i < rings->n; i++)
		if (read_time(&rings->v[i]) && (!ret || rings->v[i].time < ret->time))
			ret = &rings->v[i];
	return ret;
}

/*
 * What the kernel writes during a pass is left for the next one, so that there is an end, and the
 * pages that both write to are used once for many records.
 */
static void begin_pass(struct perf_rings *rings)
{
	for (size_t i = 0; i < rings->n && !rings->is_passing; i++)
		rings->v[i].head = __atomic_load_n(&rings->v[i].page->data_head, __ATOMIC_ACQUIRE);
	rings->is_passing = true;
}

static void end_pass(struct perf_rings *rings)
{
	for (size_t i = 0; i < rings->n; i++)
		if (rings->v[i].at != rings->v[i].tail)
			release(&rings->v[i]);
	rings->is_passing = false;
}

bool perf_ring_next(struct perf_rings *rings, uint64_t until_ns, struct perf_event *ret)
{
	struct ring *ring;

	begin_pass(rings);
	while ((ring = oldest(rings)) && ring->time < until_ns) {
		struct perf_event_header header;

		if (!peek(ring, &header))
			break;
		copy_out(ring, ring->at, record, header.size);
		record[header.size] = '\0';
		ring->at += header.size;
		ring->has_time = false;
		if (ring->at - ring->tail > ring->size / 16)
			release(ring);
		*ret = (struct perf_event){ .time_ns = ring->time };
		if (perf_event_parse(record, header.size, ret))
			return true;
	}
	end_pass(rings);
	return false;
}
