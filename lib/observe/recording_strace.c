/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the reading of what strace prints, on standard error or by -o, with pids (-f) and times (-t,
 * -tt, -ttt, -r), of one architecture or several. Lines that are no calls are passed over: strace's
 * own messages, signals, and the output of the program if both went to one file. A line counts as a
 * call only if its first word is the name of one on that architecture.
 *
 * By -o strace does not say which processes are of 32 bits, so that is concluded from their calls,
 * in a first pass over the text: between two execve(2), all calls of a process are of one
 * architecture.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/num.h"
#include "base/sys.h"
#include "observe/recording.h"
#include "seccomp/constants.h"
#include "seccomp/params.h"
#include "seccomp/syscall.h"

#include <ctype.h>
#include <string.h>
#include <sys/utsname.h>

enum { ARGS = 6 };

/* What is known of a process. abi: as strace has told, else that of this machine. */
struct process {
	uint32_t program;
	size_t image, first_image;
	enum abi abi;
};

/*
 * What a process runs from one execve to the next. `parent` is the image of which it is a copy, or
 * its own index.
 */
struct image {
	bool has_native, has_narrow; /* calls that only this machine, or its 32-bit mode, has */
	size_t parent;
};

struct reading {
	struct recording *recording;
	struct recording_run *run; /* NULL: it is only asked whether there is a call */
	enum abi native, narrow;
	bool is_told; /* strace says which processes are of 32 bits */
	size_t n_images, next_image, room_of_images;
	struct image *images;
	size_t n, room;
	struct process *processes; /* [0] is the one without a pid */
	uint32_t *index_of;	   /* by pid; 0: not seen. Pages that are not used take no memory */
};

/* strace's word where it is not the kernel's. */
static const struct name other_names[] = { { "sysctl", 0 }, { NULL, 0 } };

static enum abi native_abi(void)
{
	struct utsname host;
	enum abi abi = uname(&host) < 0 ? ABI_COUNT : arch_by_machine(host.machine);

	return abi == ABI_COUNT ? ABI_X86_64 : abi;
}

/* The index of an image that begins. In the second pass it is known already. */
static size_t begin_image(struct reading *reading)
{
	if (reading->next_image == reading->n_images) {
		reading->images = arena_grow(reading->images, reading->n_images,
					     &reading->room_of_images, sizeof(*reading->images));
		reading->images[reading->n_images] = (struct image){ .parent = reading->n_images };
		reading->n_images++;
	}
	return reading->next_image++;
}

static struct process *process_of(struct reading *reading, uint64_t pid)
{
	if (pid >= SYS_PIDS)
		return &reading->processes[0];
	if (reading->index_of[pid] || (pid == 0 && reading->n))
		return &reading->processes[reading->index_of[pid]];
	reading->processes = arena_grow(reading->processes, reading->n, &reading->room,
					sizeof(*reading->processes));
	size_t image = begin_image(reading);

	reading->processes[reading->n] =
		(struct process){ .image = image, .first_image = image, .abi = reading->native };
	reading->index_of[pid] = (uint32_t)reading->n;
	return &reading->processes[reading->n++];
}

/* --- the start of a line ------------------------------------------------------------------ */

/* Skips "12:00:01.5 ", "1700000000.123 " or "     0.000012 ". */
static const char *skip_time(const char *p)
{
	size_t n = strspn(p, "0123456789:.+");

	return n && p[n] == ' ' ? p + n + strspn(p + n, " ") : p;
}

/* Skips "[pid 12] " or "12 "; the pid, or 0. Behind -o a pid stands at the start of the line. */
static const char *skip_pid(const char *p, uint64_t *ret)
{
	const char *end;

	*ret = 0;
	if (strncmp(p, "[pid ", 5) == 0) {
		p += 5 + strspn(p + 5, " ");
		if (num_scan_u64(p, &end, ret) < 0 || *end != ']')
			return p;
		return end + 1 + strspn(end + 1, " ");
	}
	if (isdigit((unsigned char)*p) && num_scan_u64(p, &end, ret) >= 0 && *end == ' ')
		return end + strspn(end, " ");
	*ret = 0;
	return p;
}

/* Skips "[ 102] " (-n) and "[00007f12] " (-i). */
static const char *skip_numbers(const char *p)
{
	while (*p == '[') {
		size_t n = 1 + strspn(p + 1, " 0123456789abcdef");

		if (n == 1 || p[n] != ']' || p[n + 1] != ' ')
			break;
		p += n + 1 + strspn(p + n + 1, " ");
	}
	return p;
}

static int id_of(const char *name)
{
	return names_find(other_names, name) ? syscall_id("_sysctl") : syscall_id(name);
}

/* "mkdir(": the id and what is behind it; -1: the line is no call. */
static int read_name(const char *p, const char **ret_args)
{
	size_t n = strspn(p, "abcdefghijklmnopqrstuvwxyz0123456789_");

	*ret_args = p + n + 1;
	return n && p[n] == '(' ? id_of(arena_memdup(p, n)) : -1;
}

/* "syscall_0x1c9(": a call that strace has no name for. */
static bool read_number(const char *p, uint32_t *ret)
{
	static const char before[] = "syscall_0x";
	uint64_t number;
	size_t n;

	if (strncmp(p, before, strlen(before)) != 0)
		return false;
	p += strlen(before);
	n = strspn(p, "0123456789abcdef");
	if (!n || p[n] != '(' || num_parse_base(arena_memdup(p, n), 16, &number) < 0 ||
	    number > UINT32_MAX)
		return false;
	*ret = (uint32_t)number;
	return true;
}

/* --- arguments ---------------------------------------------------------------------------- */

/* The end of an argument: a comma or bracket that is in no string and no inner bracket. */
static const char *end_of_arg(const char *p)
{
	int depth = 0;
	bool quoted = false;

	for (; *p; p++) {
		if (quoted && *p == '\\' && p[1])
			p++;
		else if (*p == '"')
			quoted = !quoted;
		else if (!quoted && strchr("([{", *p))
			depth++;
		else if (!quoted && strchr(")]},", *p) && (*p != ',' || depth == 0) &&
			 (*p == ',' || depth-- == 0))
			return p;
	}
	return p;
}

/* Of several words for one value strace prints all: "TCGETS or SIOC..."; comments may follow. */
static const char *first_word(const char *text)
{
	const char *end = strstr(text, " or "), *comment = strstr(text, " /*");
	size_t n = strlen(text);

	if (end && (size_t)(end - text) < n)
		n = (size_t)(end - text);
	if (comment && (size_t)(comment - text) < n)
		n = (size_t)(comment - text);
	return arena_memdup(text, n);
}

static void add_value(struct recording_call *c, unsigned int index, const char *text)
{
	struct constants_unknown unknown;
	uint64_t value;

	if (constants_parse(c->abi, (unsigned int)c->id, index, first_word(text), &value,
			    &unknown) < 0)
		c->args[index].many = true;
	else
		recording_add_value(c, index, value);
}

/* strace names the parameters of some calls and has another order for clone. ARGS: it has a name of
 * its own for it. */
static unsigned int index_of(const struct recording_call *c, const char **text, unsigned int at)
{
	size_t n = strspn(*text, "abcdefghijklmnopqrstuvwxyz_");
	int index;

	if (!n || (*text)[n] != '=')
		return at;
	index = params_index(c->abi, (unsigned int)c->id, arena_memdup(*text, n));
	*text += n + 1;
	return index < 0 ? ARGS : (unsigned int)index;
}

static void read_args(const struct recording *r, struct recording_call *c, const char *p)
{
	uint8_t interest = recording_interest(r, c->abi, c->id), found = 0;

	for (unsigned int at = 0; c->args && at < ARGS && *p; at++) {
		const char *end = end_of_arg(p), *text = arena_memdup(p, (size_t)(end - p));
		unsigned int index = index_of(c, &text, at);

		if (index < ARGS && interest >> index & 1) {
			add_value(c, index, text);
			found |= (uint8_t)(1u << index);
		}
		if (*end != ',')
			break;
		p = end + 1 + strspn(end + 1, " ");
	}
	for (unsigned int i = 0; c->args && i < ARGS; i++)
		if (interest >> i & 1 && !(found >> i & 1))
			c->args[i].many = true;
}

/* --- lines -------------------------------------------------------------------------------- */

/* A program that execve has started, from its first argument as strace prints it. */
static void note_program(struct reading *reading, struct process *process, const char *args)
{
	const char *end;

	if (args[0] != '"' || strstr(args, ") = -1 "))
		return;
	process->image = begin_image(reading);
	end = end_of_arg(args);
	if (end - args >= 2 && end[-1] == '"')
		process->program = recording_program(
			reading->recording, arena_memdup(args + 1, (size_t)(end - args - 2)));
}

/* The pid of a new process, or 0. */
static uint64_t read_child(const char *args)
{
	const char *result = strrchr(args, '=');
	uint64_t pid;

	return result && num_parse_u64(result + 1 + strspn(result + 1, " "), &pid) >= 0 ? pid : 0;
}

/* A new process begins as the one that made it. */
static void note_child(struct reading *reading, const struct process *parent, const char *args)
{
	const struct process like = *parent; /* which may move */
	struct process *child;
	uint64_t pid = read_child(args);

	if (!pid)
		return;
	child = process_of(reading, pid);
	child->program = like.program;
	child->image = like.image;
	child->abi = like.abi;
}

/* "<... clone resumed>) = 12": the new process may have made calls already. */
static void note_resumed(struct reading *reading, uint64_t pid, const char *p)
{
	static const char *const words[] = { "clone ", "clone3 ", "fork ", "vfork " };
	uint64_t child = read_child(p);

	p += strlen("<... ");
	for (size_t i = 0; child && i < ARRAY_LEN(words); i++) {
		if (strncmp(p, words[i], strlen(words[i])) != 0)
			continue;
		size_t first = process_of(reading, child)->first_image;
		size_t parent = process_of(reading, pid)->image;

		if (parent < first) /* both exist for longer if the pid was used before */
			reading->images[first].parent = parent;
	}
}

static void note_image(struct reading *reading, const struct process *process, unsigned int id)
{
	struct image *image = &reading->images[process->image];
	struct syscall_mux mux;
	bool has_native = syscall_nr(reading->native, id) != SYSCALL_NONE;
	bool has_narrow = syscall_nr(reading->narrow, id) != SYSCALL_NONE ||
			  syscall_mux(reading->narrow, id, &mux);

	image->has_native |= has_native && !has_narrow;
	image->has_narrow |= has_narrow && !has_native;
}

static enum abi abi_of(const struct reading *reading, const struct process *process)
{
	size_t i = process->image;

	if (reading->is_told)
		return process->abi;
	while (!reading->images[i].has_native && !reading->images[i].has_narrow &&
	       reading->images[i].parent < i)
		i = reading->images[i].parent;
	return reading->images[i].has_narrow && !reading->images[i].has_native ? reading->narrow
									       : reading->native;
}

/*
 * strace shows a call that socketcall or ipc has made under the name of what it does. That may have
 * no number of its own; if it has one, strace does not say which way was taken.
 */
static bool add_call(const struct reading *reading, struct recording_event event, unsigned int id,
		     const char *args)
{
	struct recording_call *c;
	struct syscall_mux mux;
	bool ret = false;

	event.nr = syscall_nr(event.abi, id);
	if (event.nr != SYSCALL_NONE) {
		ret = true;
		c = recording_add(reading->recording, &event);
		if (c)
			read_args(reading->recording, c, args);
	}
	if (syscall_mux(event.abi, id, &mux)) {
		const uint64_t values[ARGS] = { mux.call };

		ret = true;
		event.nr = mux.nr;
		event.args = values;
		(void)recording_add(reading->recording, &event);
	}
	return ret;
}

static void note_foreign(const struct reading *reading, enum abi abi, const char *name)
{
	if (reading->run)
		recording_add_uncertain(reading->run, arena_printf("%s, which %s has not", name,
								   arch_abi(abi)->scmp));
}

static void read_unknown(const struct reading *reading, const struct process *process, uint32_t nr)
{
	enum abi abi = abi_of(reading, process);
	struct recording_event event = { .program = process->program, .count = 1 };
	struct recording_call *c;

	event.abi = arch_by_number(arch_abi(abi)->audit, nr);
	if (event.abi == ABI_COUNT)
		return;
	event.nr = nr & ~arch_abi(event.abi)->nr_bit;
	c = recording_add(reading->recording, &event);
	if (c)
		read_args(reading->recording, c, "");
}

static void read_call(struct reading *reading, struct process *process, int id, const char *args)
{
	const char *name = syscall_name((unsigned int)id);
	struct recording_event event = { .abi = abi_of(reading, process), .count = 1 };

	note_image(reading, process, (unsigned int)id);
	if (strcmp(name, "execve") == 0)
		note_program(reading, process, args);
	event.program = process->program;
	if (!add_call(reading, event, (unsigned int)id, args)) {
		note_foreign(reading, event.abi, name);
		return;
	}
	if (strcmp(name, "clone") == 0 || strcmp(name, "clone3") == 0 ||
	    strcmp(name, "fork") == 0 || strcmp(name, "vfork") == 0)
		note_child(reading, process, args);
}

/* "[ Process PID=12 runs in 32 bit mode. ]" */
static void note_mode(struct reading *reading, const char *p)
{
	static const char before[] = "[ Process PID=", behind[] = " runs in ";
	const char *end;
	uint64_t pid;
	struct process *process;

	if (strncmp(p, before, strlen(before)) != 0 ||
	    num_scan_u64(p + strlen(before), &end, &pid) < 0 ||
	    strncmp(end, behind, strlen(behind)) != 0)
		return;
	process = process_of(reading, pid);
	reading->is_told = true;
	end += strlen(behind);
	if (strncmp(end, "32 bit", 6) == 0)
		process->abi = reading->narrow;
	else if (strncmp(end, "x32", 3) == 0)
		process->abi = ABI_X32;
	else
		process->abi = reading->native;
	reading->processes[0].abi = process->abi; /* without -f the lines have no pid */
}

static bool read_line(struct reading *reading, const char *line)
{
	const char *p, *args;
	uint64_t pid;
	uint32_t nr;
	int id;

	p = skip_pid(line, &pid);
	p = skip_time(p);
	p = skip_numbers(p);
	if (*p == '[') {
		note_mode(reading, p);
		return false;
	}
	if (strncmp(p, "<... ", 5) == 0) {
		note_resumed(reading, pid, p);
		return false;
	}
	id = read_name(p, &args);
	if (id < 0 && pid) { /* a time in seconds stood where a pid may */
		pid = 0;
		id = read_name(skip_time(line), &args);
	}
	if (id >= 0)
		read_call(reading, process_of(reading, pid), id, args);
	else if (read_number(p, &nr))
		read_unknown(reading, process_of(reading, pid), nr);
	else
		return false;
	return true;
}

static size_t read_lines(struct reading *reading, const struct text *text, size_t limit)
{
	const char *end = text->data + text->len;
	size_t found = 0;

	for (const char *line = text->data; line < end && found < limit;) {
		const char *stop = memchr(line, '\n', (size_t)(end - line));
		size_t n = (size_t)((stop ? stop : end) - line);

		found += read_line(reading, arena_memdup(line, n));
		line += n + 1;
	}
	return found;
}

/* The processes are the same in both passes, and so are the images, which the first one leaves. */
static void begin_pass(struct reading *reading)
{
	reading->n = reading->next_image = 0;
	reading->index_of = arena_array(SYS_PIDS, sizeof(*reading->index_of));
	process_of(reading, 0);
}

static void begin(struct reading *reading, struct recording *r)
{
	*reading = (struct reading){ .recording = r, .native = native_abi() };
	reading->narrow = reading->native == ABI_AARCH64  ? ABI_ARM
			  : reading->native == ABI_X86_64 ? ABI_X86
							  : reading->native;
	begin_pass(reading);
}

bool recording_strace_is(const struct text *text)
{
	struct reading reading;
	struct recording scratch;

	recording_init(&scratch);
	begin(&reading, &scratch);
	return read_lines(&reading, text, 1) > 0;
}

int recording_strace_read(struct recording *r, const char *name not_used, const struct text *text)
{
	struct recording_run *run = recording_add_run(r, "strace");
	struct recording scratch;
	struct reading reading;

	run->has_end = true;
	run->exact = true;
	recording_init(&scratch);
	begin(&reading, &scratch);
	read_lines(&reading, text, SIZE_MAX);
	reading.recording = r;
	reading.run = run;
	begin_pass(&reading);
	read_lines(&reading, text, SIZE_MAX);
	return 0;
}
