/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A client for one gRPC call: HTTP/2 without negotiation over a unix socket, and protobuf written
 * and read without a schema. It implements what is needed for calls of CRI to containerd, so that
 * the tests need no crictl. It does not implement header compression: it sends no Huffman code,
 * announces a header table of size 0, and does not decode the headers of the answer. A call that
 * fails gives no message and exit code 1; the reason is in the engine's log.
 *
 *   cri SOCKET /SERVICE/METHOD WORD...
 *
 * The words form the message: N=TEXT is a text field, N:NUMBER a number field, N{ ... } a message
 * field. The answer is printed with one field in each line, as 1.2.1=TEXT.
 *
 *   cri -
 *
 * prints the message on standard input in that way. CRI_TEXT lists fields whose bytes are always
 * text, as "1 2". CRI_NAMESPACE selects a namespace of containerd's own services.
 */
#include <ctype.h>
#include <err.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

enum { DATA, HEADERS, RST_STREAM = 3, SETTINGS, PING = 6, GOAWAY };
enum { END_STREAM = 1, ACK = 1, END_HEADERS = 4, PADDED = 8 };
enum { VARINT, FIXED64, LEN, FIXED32 = 5 };

struct bytes {
	size_t n;
	uint8_t at[65536];
};

static void put(struct bytes *b, const void *data, size_t n)
{
	if (n > sizeof(b->at) - b->n)
		errx(1, "message too long");
	memcpy(b->at + b->n, data, n);
	b->n += n;
}

static void put_varint(struct bytes *b, uint64_t value)
{
	do {
		uint8_t byte = (uint8_t)((value & 0x7f) | (value > 0x7f ? 0x80 : 0));

		put(b, &byte, 1);
		value >>= 7;
	} while (value);
}

static void put_field(struct bytes *b, unsigned field, const void *data, size_t n)
{
	put_varint(b, field << 3 | LEN);
	put_varint(b, n);
	put(b, data, n);
}

/* Encodes the words up to "}" or the end. Returns the first word that was not used. */
static char **encode(struct bytes *b, char **word)
{
	for (; *word && strcmp(*word, "}"); word++) {
		char *end;
		unsigned field = (unsigned)strtoul(*word, &end, 10);

		if (*end == '=') {
			put_field(b, field, end + 1, strlen(end + 1));
		} else if (*end == ':') {
			put_varint(b, field << 3 | VARINT);
			put_varint(b, strtoull(end + 1, NULL, 0));
		} else if (*end == '{') {
			struct bytes *inner = calloc(1, sizeof(*inner));

			if (!inner)
				err(1, "calloc");
			word = encode(inner, word + 1);
			if (!*word)
				errx(1, "a } is missing");
			put_field(b, field, inner->at, inner->n);
			free(inner);
		} else {
			errx(1, "%s: expected N=, N: or N{", *word);
		}
	}
	return word;
}

static bool get_varint(const uint8_t **p, const uint8_t *end, uint64_t *value)
{
	*value = 0;
	for (int shift = 0; *p < end && shift < 64; shift += 7) {
		uint8_t byte = *(*p)++;

		*value |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return true;
	}
	return false;
}

/* Whether the bytes are certainly text. The ids of containers are text, but about one in a
 * hundred could be read as a message, too ("b9" begins a field 12 of 57 bytes). The messages of
 * CRI begin with fields below 4, whose keys are control characters. */
static bool is_text(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i] < ' ' || p[i] > '~')
			return false;
	}
	return true;
}

/* Whether CRI_TEXT names this field. */
static bool is_named(const char *name)
{
	const char *list = getenv("CRI_TEXT");
	size_t n = strlen(name);

	for (; list && *list; list += strcspn(list, " "), list += strspn(list, " ")) {
		if (strcspn(list, " ") == n && !strncmp(list, name, n))
			return true;
	}
	return false;
}

/* Prints the fields of a message. With `path` NULL it only returns whether the bytes can be a
 * message. Bytes that cannot be a message are printed as text. */
static bool decode(const char *path, const uint8_t *p, const uint8_t *end)
{
	while (p < end) {
		uint64_t key, value;
		char name[256];

		if (!get_varint(&p, end, &key) || key >> 3 == 0 || key >> 3 > 1000)
			return false;
		if (path)
			snprintf(name, sizeof(name), "%s%s%u", path, *path ? "." : "",
				 (unsigned)(key >> 3));
		switch (key & 7) {
		case VARINT:
			if (!get_varint(&p, end, &value))
				return false;
			if (path)
				printf("%s:%llu\n", name, (unsigned long long)value);
			break;
		case FIXED64:
		case FIXED32:
			value = (key & 7) == FIXED64 ? 8 : 4;
			if (value > (uint64_t)(end - p))
				return false;
			p += value;
			break;
		case LEN:
			if (!get_varint(&p, end, &value) || value > (uint64_t)(end - p))
				return false;
			if (path && (is_text(p, value) || is_named(name) ||
				     !decode(NULL, p, p + value) || !decode(name, p, p + value)))
				printf("%s=%.*s\n", name, (int)value, (const char *)p);
			p += value;
			break;
		default:
			return false;
		}
	}
	return true;
}

static void send_all(int fd, const struct bytes *b)
{
	for (size_t done = 0; done < b->n;) {
		ssize_t n = send(fd, b->at + done, b->n - done, MSG_NOSIGNAL);

		if (n <= 0)
			err(1, "send");
		done += (size_t)n;
	}
}

static void receive(int fd, void *to, size_t n)
{
	for (size_t done = 0; done < n;) {
		ssize_t got = recv(fd, (char *)to + done, n - done, 0);

		if (got == 0)
			errx(1, "the connection was closed");
		if (got < 0)
			err(1, "recv");
		done += (size_t)got;
	}
}

static void put_frame(struct bytes *b, uint8_t type, uint8_t flags, uint8_t stream,
		      const struct bytes *load)
{
	uint8_t head[9] = { (uint8_t)(load->n >> 16),
			    (uint8_t)(load->n >> 8),
			    (uint8_t)load->n,
			    type,
			    flags,
			    0,
			    0,
			    0,
			    stream };

	put(b, head, sizeof(head));
	put(b, load->at, load->n);
}

/* RFC 7541, 6.2.2: a literal field that is not indexed; both strings are shorter than 127 bytes. */
static void put_header(struct bytes *b, const char *name, const char *value)
{
	const char *both[] = { name, value };
	uint8_t byte = 0;

	put(b, &byte, 1);
	for (int i = 0; i < 2; i++) {
		byte = (uint8_t)strlen(both[i]);
		put(b, &byte, 1);
		put(b, both[i], byte);
	}
}

static void request(int fd, const char *method, const struct bytes *message)
{
	static const char preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
	static const uint8_t settings[] = { 0, 1, 0, 0, 0, 0 }; /* HEADER_TABLE_SIZE 0 */
	static struct bytes all, load;
	uint8_t head[5] = { 0, 0, (uint8_t)(message->n >> 16), (uint8_t)(message->n >> 8),
			    (uint8_t)message->n };

	put(&all, preface, sizeof(preface) - 1);
	put(&load, settings, sizeof(settings));
	put_frame(&all, SETTINGS, 0, 0, &load);
	load.n = 0;
	put_header(&load, ":method", "POST");
	put_header(&load, ":scheme", "http");
	put_header(&load, ":path", method);
	put_header(&load, ":authority", "localhost");
	put_header(&load, "content-type", "application/grpc");
	put_header(&load, "te", "trailers");
	if (getenv("CRI_NAMESPACE"))
		put_header(&load, "containerd-namespace", getenv("CRI_NAMESPACE"));
	put_frame(&all, HEADERS, END_HEADERS, 1, &load);
	load.n = 0;
	put(&load, head, sizeof(head));
	put(&load, message->at, message->n);
	if (load.n > 16384)
		errx(1, "message too long for one frame");
	put_frame(&all, DATA, END_STREAM, 1, &load);
	send_all(fd, &all);
}

/* Reads frames until the end of the stream and stores the bytes of DATA frames in `answer`. */
static void respond(int fd, struct bytes *answer)
{
	static struct bytes load, reply;

	for (;;) {
		uint8_t head[9];

		receive(fd, head, sizeof(head));
		load.n = (size_t)head[0] << 16 | (size_t)head[1] << 8 | head[2];
		if (load.n > sizeof(load.at))
			errx(1, "a frame of %zu bytes", load.n);
		receive(fd, load.at, load.n);
		reply.n = 0;
		if (head[3] == SETTINGS && !(head[4] & ACK)) {
			load.n = 0;
			put_frame(&reply, SETTINGS, ACK, 0, &load);
			send_all(fd, &reply);
		} else if (head[3] == PING && !(head[4] & ACK)) {
			put_frame(&reply, PING, ACK, 0, &load);
			send_all(fd, &reply);
		} else if (head[3] == DATA) {
			if (head[4] & PADDED)
				errx(1, "a padded frame");
			put(answer, load.at, load.n);
		} else if (head[3] == RST_STREAM || head[3] == GOAWAY) {
			errx(1, "the call was aborted");
		}
		if ((head[3] == DATA || head[3] == HEADERS) && (head[4] & END_STREAM))
			return;
	}
}

int main(int argc, char **argv)
{
	static struct bytes message, answer;
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct timeval limit = { .tv_sec = 60 };
	int fd;

	if (argc == 2 && !strcmp(argv[1], "-")) {
		answer.n = fread(answer.at, 1, sizeof(answer.at), stdin);
		return !decode("", answer.at, answer.at + answer.n);
	}
	if (argc < 3)
		errx(2, "usage: cri SOCKET /SERVICE/METHOD [WORD]... | cri -");
	if (*encode(&message, argv + 3))
		errx(2, "a } too many");
	if (strlen(argv[1]) >= sizeof(address.sun_path) || strlen(argv[2]) > 126)
		errx(2, "%s: too long", argv[1]);
	memcpy(address.sun_path, argv[1], strlen(argv[1]));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)))
		err(1, "socket");
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)))
		err(1, "%s", argv[1]);
	request(fd, argv[2], &message);
	respond(fd, &answer);
	if (answer.n < 5)
		errx(1, "%s failed", argv[2]);
	if (!decode("", answer.at + 5, answer.at + answer.n))
		errx(1, "the answer cannot be read");
	return 0;
}
