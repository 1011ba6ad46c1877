"""Asks one address again and again until standard input ends; prints how long each answer took, and its status.

A process of its own: threads of the attacking one would wait for each other and not for the server.
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
    answer = b""
    while b"\r\n\r\n" not in answer:
        chunk = connection.recv(65536)
        if not chunk: return 0
        answer += chunk
    head, rest = answer.split(b"\r\n\r\n", 1)
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
        # There was no answer in time, or none at all.
        status = 0
        if kept: kept = connect()
    samples.append((time.monotonic() - began, status))
    if samples[-1][0] >= LONGEST: break
print(json.dumps(samples))
