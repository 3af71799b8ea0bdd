"""A Redis server by its URL: the connection, and what is said when it fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from reportclean.errors import ConfigError, StoreError

_SCHEMES = ("redis", "rediss", "unix")
_SECONDS = {"socket_connect_timeout": 5.0, "socket_timeout": 30.0}  # unless the URL has others


class RedisServer:
    """Connections to a server; they open when they are needed.

    Args:
        url: ``redis://[user:password@]host:port/db``, ``rediss://`` for TLS, ``unix://path``.

    Raises:
        ConfigError: It is no such URL, or the client library is not installed.

    Attributes:
        address: The URL without user and password, for messages.
        client: redis-py's client.
    """

    def __init__(self, url: str) -> None:
        scheme = url.partition("://")[0] if isinstance(url, str) else ""
        if scheme not in _SCHEMES:  # the URL is not repeated: it may hold a password
            raise ConfigError(
                "storage must be a URL: redis://host:port/db, rediss:// for TLS, or unix://path"
            )
        try:
            import redis  # noqa: PLC0415  # an extra
            from redis.backoff import NoBackoff  # noqa: PLC0415
            from redis.retry import Retry  # noqa: PLC0415
        except ImportError as error:
            raise ConfigError(
                "an index on Redis needs the package redis, which is not installed: "
                "pip install 'reportclean[redis]'"
            ) from error
        try:
            # A write is never sent twice by itself: the first may have been done before the connection broke.
            pool = redis.ConnectionPool.from_url(url, protocol=2, retry=Retry(NoBackoff(), 0), **_SECONDS)
            pool.connection_class(**pool.connection_kwargs)  # connects to nothing, but knows its options
        except (ValueError, TypeError):
            raise ConfigError(
                f"storage is no {scheme}:// URL that can be read; it has the form "
                "redis://user:password@host:port/db, with special signs of the password percent-encoded"
            ) from None  # its message may hold the password
        settings = pool.connection_kwargs
        settings["decode_responses"] = False  # an option of the URL
        if "path" in settings:
            self.address = f"unix://{settings['path']}"
        else:
            host, port = settings.get("host", "localhost"), settings.get("port", 6379)
            self.address = f"{scheme}://{host}:{port}/{settings.get('db', 0)}"
        self.client: Any = redis.Redis(connection_pool=pool)
        # Python's own: for hosts that are no names and sockets that are no files.
        self._unreachable = (redis.ConnectionError, redis.TimeoutError, OSError, UnicodeError)
        self._failed = (redis.RedisError, *self._unreachable)
        self._refused = (redis.AuthenticationError, redis.BusyLoadingError)

    @contextmanager
    def speaking(self, *, writing: bool = False) -> Iterator[None]:
        """Turn what goes wrong on the server or on the way into :class:`StoreError`."""
        try:
            yield
        except self._failed as error:
            lost = isinstance(error, self._unreachable) and not isinstance(error, self._refused)
            if not lost:
                raise StoreError(
                    f"the Redis server {self.address} refuses: {error}; "
                    "see to the URL's user, password and database, and to the server's settings"
                ) from error
            unknown = "; whether the last change was made is not known: ask with `in`" if writing else ""
            raise StoreError(
                f"the Redis server {self.address} cannot be reached: {error}; "
                f"see that it runs and that the URL is right{unknown}"
            ) from error

    def close(self) -> None:
        """Close the connections."""
        self.client.connection_pool.disconnect()
