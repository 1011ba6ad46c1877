"""A network that can be slow, lose responses, or be cut."""

import contextlib
import socket
import threading
import time


class Network:
    """Forwards connections to `target`: the address of a TCP port, or the path of a socket.

    Each request takes `delay` seconds more; when that becomes 0, delayed requests arrive at once. For the methods in
    `loses`, requests reach the server and their responses are lost.
    """

    def __init__(self, target):
        self.target, self.delay, self.is_cut, self.loses = target, 0, False, ()
        self.losing, self.connections = set(), []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                try:
                    server = self.connect(client)
                except OSError:
                    client.close()
                    continue
                self.connections += [client, server]
                # The network may have been cut meanwhile.
                if self.is_cut: self.shut(client, server)
                threading.Thread(target=self.forward, args=(client, server, True), daemon=True).start()
                threading.Thread(target=self.forward, args=(server, client, False), daemon=True).start()

    def connect(self, client):
        if self.is_cut: raise ConnectionError
        server = socket.socket(socket.AF_UNIX if isinstance(self.target, str) else socket.AF_INET)
        server.connect(self.target)
        return server

    def forward(self, source, target, is_request):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                came = time.monotonic()
                while is_request and time.monotonic() - came < self.delay: time.sleep(0.02)
                if is_request and data.startswith(tuple(method.encode() for method in self.loses)): self.losing.add(source)
                if target in self.losing: break
                target.sendall(data)
        self.shut(source, target)

    def postgres_url(self, host="127.0.0.1"):
        return f"postgres://postgres@{host}:{self.port}/postgres?sslmode=disable&gssencmode=disable"

    @staticmethod
    def shut(*ends):
        for end in ends:
            with contextlib.suppress(OSError): end.shutdown(socket.SHUT_RDWR)

    def cut(self):
        self.is_cut = True
        self.shut(*self.connections)
        self.connections.clear()

    def mend(self):
        self.is_cut = False

    def close(self):
        self.listener.close()
        self.cut()
