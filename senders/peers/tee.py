"""Stands between a sender and a gateway: hands every request on, and writes down what was sent and what was answered.

    tee.py PORT GATEWAY FILE [CERTIFICATE KEY]      a line of JSON per request: path, type, authorized, at, body, status, answer
"""

import http.server
import json
import ssl
import sys
import threading
import time
import urllib.error
import urllib.request
import zlib

port, gateway, file = int(sys.argv[1]), sys.argv[2].rstrip("/"), sys.argv[3]
lock = threading.Lock()
KEPT = ("content-type", "content-encoding", "authorization", "user-agent")


class Tee(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def body(self):
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def do_POST(self):
        body = self.body()
        headers = {name: value for name, value in self.headers.items() if name.lower() in KEPT}
        request = urllib.request.Request(gateway + self.path, body, headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                status, answer = response.status, response.read()
        except urllib.error.HTTPError as error:
            status, answer = error.code, error.read()
        except OSError as error:
            status, answer = 502, str(error).encode()
        gzipped = self.headers.get("Content-Encoding", "") == "gzip"
        text = zlib.decompress(body, 31) if gzipped else body
        with lock, open(file, "a", encoding="utf-8") as out:
            line = {
                "path": self.path,
                "type": self.headers.get("Content-Type"),
                "authorized": "Authorization" in self.headers,
                "at": time.time(),
                "body": text.decode("utf-8", "replace"),
                "status": status,
                "answer": answer.decode("utf-8", "replace"),
            }
            out.write(json.dumps(line) + "\n")
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Tee)
if len(sys.argv) > 4:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[4], sys.argv[5])
    server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
