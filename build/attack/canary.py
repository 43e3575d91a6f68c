"""A page with the three faults that the tools look for. One that does not find them here proves nothing by finding none in the portal."""
import html
import sqlite3
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class Canary(BaseHTTPRequestHandler):
    def do_GET(self):
        url = urlsplit(self.path)
        word = parse_qs(url.query, keep_blank_values=True).get("q", ["1"])[0]
        if url.path == "/":
            self.answer(200, "<a href='/items?q=1'>items</a> <a href='/echo?q=1'>echo</a>")
        elif url.path == "/.git/config":
            self.answer(200, "[core]")
        elif url.path == "/items":
            database = sqlite3.connect(":memory:")
            database.executescript("CREATE TABLE items (id INTEGER, name TEXT); INSERT INTO items VALUES (1, 'one'), (2, 'two'), (3, 'three')")
            try:
                rows = database.execute(f"SELECT id, name FROM items WHERE id = {word}").fetchall()
                self.answer(200, "".join(f"<p>{number} {html.escape(str(name))}</p>" for number, name in rows) or "<p>nothing</p>")
            except sqlite3.Error as error:
                self.answer(500, f"sqlite3.OperationalError: {html.escape(str(error))}")
        elif url.path == "/echo":
            self.answer(200, f"<p>You asked for {word}</p>")
        else:
            self.answer(404, "nothing here")

    def answer(self, status, body):
        data = f"<!doctype html><title>canary</title>{body}".encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


ThreadingHTTPServer.handle_error = lambda *_: None  # A tool that hangs up is none.
ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Canary).serve_forever()
