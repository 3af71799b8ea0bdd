"""As much of S3 as listing and reading need, for tests: objects in memory, no keys asked for."""

from __future__ import annotations

import re
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

_WHEN = "2015-01-02T00:00:00.000Z"
_HTTP_WHEN = "Fri, 02 Jan 2015 00:00:00 GMT"


@contextmanager
def running(objects, broken=()):
    """Serve objects by ``bucket/key``; reading those that are broken fails. Yields the endpoint."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def _answer(self, status, body=b"", **headers):
            self.send_response(status)
            for name, value in {"Content_Length": str(len(body)), **headers}.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def _error(self, status, code):
            self._answer(status, f"<Error><Code>{code}</Code><Message>{code}</Message></Error>".encode())

        def do_HEAD(self):
            self.do_GET()

        def do_GET(self):
            parts = urlsplit(self.path)
            bucket, _, key = unquote(parts.path).lstrip("/").partition("/")
            if not any(name.startswith(f"{bucket}/") for name in objects):
                self._error(404, "NoSuchBucket")
            elif not key:
                self._list(bucket, parse_qs(parts.query))
            elif f"{bucket}/{key}" in broken and self.command == "GET":
                self._error(403, "AccessDenied")
            elif (data := objects.get(f"{bucket}/{key}")) is None:
                self._error(404, "NoSuchKey")
            else:
                asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
                first, last = (int(asked[1]), int(asked[2] or len(data) - 1)) if asked else (0, len(data) - 1)
                part = data[first : last + 1]
                more = (
                    {"Content_Range": f"bytes {first}-{first + len(part) - 1}/{len(data)}"} if asked else {}
                )
                if self.command == "HEAD":
                    more["Content_Length"] = str(len(data))
                self._answer(206 if asked else 200, part, Last_Modified=_HTTP_WHEN, ETag='"e"', **more)

        def _list(self, bucket, query):
            prefix, delimiter = (query.get(name, [""])[0] for name in ("prefix", "delimiter"))
            keys = sorted(name.partition("/")[2] for name in objects if name.startswith(f"{bucket}/"))
            files, folders = [], {}
            for key in keys:
                if key.startswith(prefix):
                    rest = key[len(prefix) :]
                    if delimiter and delimiter in rest:
                        folders[prefix + rest.partition(delimiter)[0] + delimiter] = None
                    else:
                        files.append(key)
            body = "".join(
                f"<Contents><Key>{escape(key)}</Key><LastModified>{_WHEN}</LastModified><ETag>e</ETag>"
                f"<Size>{len(objects[f'{bucket}/{key}'])}</Size></Contents>"
                for key in files
            ) + "".join(f"<CommonPrefixes><Prefix>{escape(one)}</Prefix></CommonPrefixes>" for one in folders)
            self._answer(
                200,
                '<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
                f"<Name>{bucket}</Name><KeyCount>{len(files) + len(folders)}</KeyCount>"
                f"<IsTruncated>false</IsTruncated>{body}</ListBucketResult>".encode(),
                Content_Type="application/xml",
            )

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
