"""Requests one address until standard input ends, and prints the duration and status of each response.

A separate process, because threads of the attacking process would wait for each other.
"""

import json
import select
import socket
import sys
import time

address, path, authorization, keep = sys.argv[1:]
host, port = address.removeprefix("http://").split(":")
lines = [f"GET {path} HTTP/1.1", f"Host: {host}", *([authorization] if authorization else [])]
lines += [] if keep else ["Connection: close"]
request = ("\r\n".join(lines) + "\r\n\r\n").encode()
LONGEST = 20


def ask(connection):
    connection.sendall(request)
    response = b""
    while b"\r\n\r\n" not in response:
        chunk = connection.recv(65536)
        if not chunk: return 0
        response += chunk
    head, rest = response.split(b"\r\n\r\n", 1)
    length = int(head.lower().split(b"content-length:")[1].split()[0])
    while len(rest) < length: rest += connection.recv(65536)
    return int(head.split()[1])


def connect():
    return socket.create_connection((host, int(port)), timeout=LONGEST)


samples, kept = [], connect() if keep else None
while not select.select([sys.stdin], [], [], 0.01)[0]:
    began = time.monotonic()
    try:
        if kept:
            status = ask(kept)
        else:
            with connect() as connection: status = ask(connection)
    except OSError:
        # There was no response in time, or none at all.
        status = 0
        if kept: kept = connect()
    samples.append((time.monotonic() - began, status))
    if samples[-1][0] >= LONGEST: break
print(json.dumps(samples))
