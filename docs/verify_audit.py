#!/usr/bin/env python3
"""Checks an exported Lotse audit log. It shares no code with Lotse: it was written from the description below.

    verify_audit.py FILE --key CARDKEY [--anchor LINE:HASH]... [--against FILE]

Needs Python 3.9 and the Debian package python3-cryptography. Exit code: 0 whole, 1 not, 2 could not be checked.

The format
    A file of lines in UTF-8 without a byte order mark. Each line, the last one too, ends with a line feed (0x0A) and
    has at most 65,536 bytes before it. A line is written in exactly one way:

        {"document":"...","signature":"..."}

    no spaces, no other keys, this order. In the two strings a quotation mark and a backslash have a backslash before
    them, U+0008 U+0009 U+000A U+000C U+000D are \\b \\t \\n \\f \\r, other characters below U+0020 are \\u00xx with
    lower-case digits, and everything else stands for itself. No string holds a lone surrogate.
    "signature" is base64url without padding (RFC 4648, section 5) of 64 bytes; unused bits are zero.

    It is an Ed25519 signature (RFC 8032) with the service's card key over

        context || 0x00 || the document in UTF-8

    The context of a line of the log is "lotse audit line v1", that of the statement "lotse audit head v1".

    The document of a line of the log is JSON: {"v":1,"seq":n,"atMs":t,"prev":h,"event":{"t":...}}. The first line has
    seq 1, every other one more than the line before. prev is the hash of the line before; the first line has instead
    the SHA-256 of the text "lotse audit log v1". atMs is the time of writing in milliseconds since 1970 (it may go back
    where the clock was set back). What stands in the event is not checked: the signature vouches for it.

    The hash of a line is the SHA-256 of its bytes without the line feed, in base64url without padding.

    The last line of the file is the statement: {"v":1,"lines":n,"head":h,"atMs":t}, with the number of lines before it
    and the hash of the last of them.

    An anchor LINE:HASH is the number and hash of a line that somebody kept elsewhere. Without one nobody can tell
    whether the service itself cut its log or wrote a second one: it can sign any statement.

The verdict names the first line that does not fit, counted from 1; the statement counts as the line after the last.
    malformed      not written in the one way, or no line of the log
    bad-signature  changed, or not signed with this key
    wrong-seq      missing, doubled or not in its place
    broken-link    does not continue the line before
    fork           not the line that an anchor, the statement or the other file knows; two logs part here or earlier
    cut            missing, though an anchor or the statement counts it; or the statement is missing
    after-end      stands behind the statement, or is not counted by it
"""

import argparse
import base64
import functools
import hashlib
import io
import json
import re
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

LINE_CONTEXT = b"lotse audit line v1"
STATEMENT_CONTEXT = b"lotse audit head v1"
MAX_LINE_BYTES = 65_536
MAX_COUNT = 2**53 - 1
HASH = re.compile(r"[A-Za-z0-9_-]{43}")
SIGNATURE = re.compile(r"[A-Za-z0-9_-]{86}")


class Fault(Exception):
    """The first line that does not fit."""

    def __init__(self, kind, seq):
        super().__init__(f"{kind} at line {seq}")
        self.kind = kind
        self.seq = seq


def to_base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def from_base64url(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def hash_of(data):
    return to_base64url(hashlib.sha256(data).digest())


GENESIS = hash_of(b"lotse audit log v1")


@functools.lru_cache(maxsize=4096)
def is_signed(key, context, document, signature):
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, context + b"\0" + document)
        return True
    except InvalidSignature:
        return False


def signed_parts(line):
    """The document (bytes) and the signature (bytes) of a line, or None where it is not one."""
    if len(line) > MAX_LINE_BYTES:
        return None
    try:
        value = json.loads(line.decode("utf-8"))
        if not isinstance(value, dict) or list(value) != ["document", "signature"]:
            return None
        document, signature = value["document"], value["signature"]
        if not isinstance(document, str) or not isinstance(signature, str):
            return None
        written = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
        if written != line or not SIGNATURE.fullmatch(signature):
            return None
        raw = from_base64url(signature)
        return (document.encode("utf-8"), raw) if to_base64url(raw) == signature else None
    except (ValueError, RecursionError):
        return None


def is_count(value, least=0):
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= MAX_COUNT


def is_hash(value):
    return isinstance(value, str) and HASH.fullmatch(value) is not None


def parsed(document):
    try:
        value = json.loads(document.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) and is_count(value.get("v")) and value["v"] == 1 else None


class Log:
    """The state after the lines taken so far."""

    def __init__(self, key, anchors=()):
        self.key = key
        self.anchors = list(anchors)
        self.lines = 0
        self.head = GENESIS
        self.statement = None
        self.compare_with_anchors()

    def here(self, kind):
        return Fault(kind, self.lines + (1 if self.statement is None else 2))

    def take(self, raw):
        """`raw` is a line with its line feed."""
        parts = signed_parts(raw[:-1]) if raw.endswith(b"\n") else None
        if parts is None:
            raise self.here("malformed")
        if self.statement is not None:
            raise self.here("after-end")
        document, signature = parts
        if is_signed(self.key, LINE_CONTEXT, document, signature):
            self.take_line(raw[:-1], parsed(document))
        elif is_signed(self.key, STATEMENT_CONTEXT, document, signature):
            self.take_statement(parsed(document))
        else:
            raise self.here("bad-signature")

    def take_line(self, line, content):
        event = content.get("event") if content else None
        is_line = (
            isinstance(event, dict)
            and isinstance(event.get("t"), str)
            and is_count(content.get("seq"), 1)
            and is_count(content.get("atMs"))
            and is_hash(content.get("prev"))
        )
        if not is_line:
            raise self.here("malformed")
        if content["seq"] != self.lines + 1:
            raise self.here("wrong-seq")
        if content["prev"] != self.head:
            raise self.here("broken-link")
        self.lines += 1
        self.head = hash_of(line)
        self.compare_with_anchors()

    def take_statement(self, content):
        is_statement = (
            content
            and is_count(content.get("lines"))
            and is_count(content.get("atMs"))
            and is_hash(content.get("head"))
        )
        if not is_statement:
            raise self.here("malformed")
        if content["lines"] > self.lines:
            raise self.here("cut")
        if content["lines"] < self.lines:
            raise Fault("after-end", content["lines"] + 1)
        if content["head"] != self.head:
            raise Fault("fork", self.lines)
        self.statement = content

    def compare_with_anchors(self):
        if any(seq == self.lines and digest != self.head for seq, digest in self.anchors):
            raise Fault("fork", self.lines)

    def end(self):
        if self.statement is None or any(seq > self.lines for seq, _ in self.anchors):
            raise Fault("cut", self.lines + 1)


def check(stream, key, anchors=(), other=None):
    """Reads a log to its end and returns its state. Raises the first fault."""
    log = Log(key, anchors)
    known = other_hashes(other, key) if other is not None else iter(())
    for raw in iter(lambda: stream.readline(MAX_LINE_BYTES + 2), b""):
        before = log.lines
        log.take(raw)
        if log.lines > before and next(known, log.head) != log.head:
            raise Fault("fork", log.lines)
    log.end()
    return log


def other_hashes(stream, key):
    """The hashes of the lines of another log, as far as they fit."""
    log = Log(key)
    for raw in iter(lambda: stream.readline(MAX_LINE_BYTES + 2), b""):
        before = log.lines
        try:
            log.take(raw)
        except Fault:
            return
        if log.lines > before:
            yield log.head


def verdict(*args):
    try:
        log = check(*args)
        return {"ok": True, "lines": log.lines, "head": log.head}
    except Fault as fault:
        return {"ok": False, "fault": fault.kind, "seq": fault.seq}


def run_jobs():
    """For tests, many logs in one process: each line of the input is a job in JSON, each of the output its verdict."""
    for text in sys.stdin:
        job = json.loads(text)
        log = io.BytesIO(base64.b64decode(job["log"]))
        other = io.BytesIO(base64.b64decode(job["other"])) if job.get("other") else None
        anchors = [(anchor["seq"], anchor["hash"]) for anchor in job.get("anchors", [])]
        print(json.dumps(verdict(log, from_base64url(job["key"]), anchors, other)))


def anchor_of(text):
    seq, _, digest = text.partition(":")
    if not re.fullmatch(r"[0-9]{1,15}", seq) or not is_hash(digest):
        raise argparse.ArgumentTypeError("an anchor is the number of a line, a colon and its hash")
    return int(seq), digest


def key_of(text):
    if not is_hash(text):
        raise argparse.ArgumentTypeError("the card key has 43 letters: 32 bytes in base64url")
    return from_base64url(text)


def main():
    parser = argparse.ArgumentParser(description="Checks an exported Lotse audit log.")
    parser.add_argument("file")
    parser.add_argument("--key", required=True, type=key_of, metavar="CARDKEY")
    parser.add_argument("--anchor", action="append", default=[], type=anchor_of, metavar="LINE:HASH")
    parser.add_argument("--against", metavar="FILE")
    given = parser.parse_args()
    try:
        with open(given.file, "rb") as stream:
            other = open(given.against, "rb") if given.against else None
            result = verdict(stream, given.key, given.anchor, other)
    except OSError as error:
        print(f"{error.filename} cannot be read: {error.strerror}", file=sys.stderr)
        return 2
    print(json.dumps(result))
    return 0 if result["ok"] else 1


if __name__ == "__main__":
    if sys.argv[1:] == ["--jobs"]:
        run_jobs()
    else:
        sys.exit(main())
