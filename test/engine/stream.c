/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A client of the streams of CRI's Exec and Attach, as `kubectl exec -it` opens them: a WebSocket
 * (RFC 6455) with the protocol v4.channel.k8s.io. The first byte of a message is its channel: 0
 * standard input, 1 output, 2 errors, 3 the final status, 4 the size of the terminal.
 *
 *   stream PORT PATH [NTEXT]...
 *
 * Sends each TEXT on channel N, in this order, and prints the messages of channels 1, 2 and 3 until
 * the end.
 */
#include <arpa/inet.h>
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { BINARY = 2, CLOSE = 8, FINAL = 0x80, MASKED = 0x80 };

static void send_all(int fd, const void *data, size_t n)
{
	for (size_t done = 0; done < n;) {
		ssize_t sent = send(fd, (const char *)data + done, n - done, MSG_NOSIGNAL);

		if (sent <= 0)
			err(1, "send");
		done += (size_t)sent;
	}
}

static void receive(int fd, void *to, size_t n)
{
	for (size_t done = 0; done < n;) {
		ssize_t got = recv(fd, (char *)to + done, n - done, 0);

		if (got < 0)
			err(1, "recv");
		if (got == 0)
			exit(0); /* some servers close without a close message */
		done += (size_t)got;
	}
}

static void upgrade(int fd, const char *path)
{
	char text[1024], last[4] = { 0 };
	int n = snprintf(text, sizeof(text),
			 "GET %s HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
			 "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
			 "Sec-WebSocket-Key: dGVzdHMgbmVlZCBub25lIQ==\r\n"
			 "Sec-WebSocket-Protocol: v4.channel.k8s.io\r\n\r\n",
			 path);

	if (n < 0 || (size_t)n >= sizeof(text))
		errx(2, "%s: too long", path);
	send_all(fd, text, (size_t)n);
	receive(fd, text, 12);
	if (memcmp(text + 9, "101", 3))
		errx(1, "the server answers %.3s", text + 9);
	while (memcmp(last, "\r\n\r\n", 4)) {
		memmove(last, last + 1, 3);
		receive(fd, last + 3, 1);
	}
}

/* The messages of a client must be masked; a mask of zeros does not change them. */
static void put(int fd, const char *word)
{
	uint8_t frame[6 + 125] = { FINAL | BINARY };
	size_t n = strlen(word);

	if (n < 1 || n > 125 || *word < '0' || *word > '4')
		errx(2, "%s: expected a channel and a text", word);
	frame[1] = (uint8_t)(MASKED | n);
	frame[6] = (uint8_t)(*word - '0');
	memcpy(frame + 7, word + 1, n - 1);
	send_all(fd, frame, 6 + n);
}

/* Prints a message. Returns 0 at the end. */
static int get(int fd)
{
	static char text[65536];
	uint8_t head[2], size[8];
	size_t n;

	receive(fd, head, 2);
	n = head[1] & 0x7f;
	if (n == 127)
		errx(1, "a message of more than 64 KiB");
	if (n == 126) {
		receive(fd, size, 2);
		n = (size_t)(size[0] << 8 | size[1]);
	}
	receive(fd, text, n);
	if ((head[0] & 0xf) == CLOSE)
		return 0;
	if (n > 1) {
		fwrite(text + 1, 1, n - 1, stdout);
		fflush(stdout);
	}
	return n < 1 || *text != 3;
}

int main(int argc, char **argv)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	struct timeval limit = { .tv_sec = 20 };
	int fd;

	if (argc < 3)
		errx(2, "usage: stream PORT PATH [NTEXT]...");
	address.sin_port = htons((uint16_t)strtoul(argv[1], NULL, 10));
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)))
		err(1, "socket");
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)))
		err(1, "port %s", argv[1]);
	upgrade(fd, argv[2]);
	for (int i = 3; i < argc; i++)
		put(fd, argv[i]);
	while (get(fd))
		;
	return 0;
}
