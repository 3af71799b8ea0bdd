"""Real Redis servers on free ports, with nothing kept but in a temporary folder."""

import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager

import pytest


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Server:
    """A server that may be killed and started again on what it had written."""

    def __init__(self, folder, *options):
        self.folder, self.options, self.port = folder, options, free_port()
        self.socket = f"{folder}/socket"  # such a path must be short: the folder is not one of pytest's
        self.start()

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self):
        settings = {"port": self.port, "bind": "127.0.0.1", "dir": self.folder, "unixsocket": self.socket}
        words = [str(word) for option, value in settings.items() for word in (f"--{option}", value)]
        self.process = subprocess.Popen(
            ["redis-server", *words, "--save", "", *self.options], stdout=subprocess.DEVNULL
        )
        end = time.monotonic() + 20
        while not self.answers():
            assert self.process.poll() is None, "redis-server ended at once"
            assert time.monotonic() < end, "redis-server does not answer"
            time.sleep(0.02)

    def answers(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(5) == b"+PONG"
        except OSError:
            return False

    def kill(self):
        self.process.kill()
        self.process.wait()


@contextmanager
def running(*options):
    pytest.importorskip(
        "redis", reason="the package redis is not installed: pip install 'reportclean[redis]'"
    )
    if shutil.which("redis-server") is None:
        pytest.skip("there is no redis-server on the path: apt-get install redis-server")
    with tempfile.TemporaryDirectory() as folder:
        server = Server(folder, *options)
        try:
            yield server
        finally:
            server.kill()
