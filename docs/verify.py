#!/usr/bin/env python3
"""Checks a receipt of Lotse, and the recording that belongs to it, without any secret key.

    python3 docs/verify.py RECEIPT [RECORDING] [--operator-key KEY] [--policy FILE] [--card-key KEY]

Needs Python 3.9 and the Debian package python3-cryptography. It shares no code with Lotse and was written from this
description of the formats; read it beside the description and you know what a receipt proves.

Exit code: 0 everything that was checked holds; 1 something was changed or forged; 2 nothing could be checked;
3 no fault, but not everything is vouched for: no countersignature, or an end that no recorder had confirmed.


Words.  B64 is base64url without padding (RFC 4648, 5); exactly one spelling of some bytes is right. HASH is SHA-256 in
B64. A KEY is a raw Ed25519 public key (RFC 8032) in B64. A SIGNED DOCUMENT is {document, signature}: a JSON text, and
in B64 the Ed25519 signature over  CONTEXT | 00 | document  in UTF-8. Its hash is HASH(document | 00 | signature). The
contexts: "lotse expert card v1", "lotse service policy v1", "lotse receipt v1", "lotse receipt countersignature v1".

The receipt's file.  HTML in UTF-8:  page before | data block | page after.  The data block stands in it once:

    <script type="application/json" id="lotse-receipt" data-countersigned="yes|no">JSON</script>

JSON is {"receipt":S,"countersignature":S or null,"card":S,"policy":S} with signed documents S = {"document":…,
"signature":…}, in this order, without spaces, with no escapes but those JSON demands, and every < as \\u003c.
data-countersigned is "yes" where there is a countersignature. So no byte of the file is free:

  receipt    signed with the key that it names as signKey; the agent drew that key for this one session and wiped it when
             it had signed. Says: sessionId, service, operatorName, contact?, expert {name, team}, startedAtMs, endedAtMs,
             ended {reason, by}, consent [{atMs, event, subject}], control, retention {days, untilMs},
             recording {entries, head, header, acknowledged: {entries, head} or null}, and three hashes:
             page = HASH(page before | 00 | page after), card and policy = the hashes of the signed documents here.
  card       by the service's card key: sessionId, name, team of the expert. The same as in the receipt.
  policy     by the operator's key: service, operatorName, contact?, retentionDays, cardKey. The same as in the receipt.
  countersignature   by the card key: sessionId, receipt = hash of the signed receipt, atMs, audit {seq, hash} or null.
             The service was shown the hash alone. Without it nobody but the agent vouches for the receipt.

The recording's file.  One frame after the other:  u32 length | u32 CRC-32 (as in zlib) | entry of that length.
Numbers are big endian; a length is 1 to 24 MiB. An ENTRY is  u32 length of header | header, a JSON object | payload;
the header has at most 65,536 bytes. Each but the first names in `prev` the HASH of the whole entry before it, and in
`seq` its place, counted from 0.

  header     entry 0, no payload: v 1, sessionId, startedAtMs, agent, retentionDays, wraps, signKey
  record     sealed; nobody can read it here. Names its `type` and its time `atMs`. Records of type "consent" have the
             times of the receipt's consent list, in its order.
  closing    last, by the agent. Payload: Ed25519 signature with signKey over
             "lotse recording closing v1" | 00 | sessionId | 00 | header of this entry
  abandoned  last, by the recorder where the agent went without closing; no payload, signed by nobody

Receipt and recording.  recording.header is the HASH of entry 0, recording.entries the number of entries with the
closing, recording.head the HASH of the closing. A recording without closing has lost its end. `acknowledged` says how
much of it a recorder had confirmed by then, in the same manner: if that is there, only what was on its way is missing.
"""

import argparse
import base64
import hashlib
import json
import re
import sys
import unicodedata
import zlib
from datetime import datetime, timezone
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

MAX_RECEIPT = 512 * 1024
MAX_FILE = 8 * MAX_RECEIPT
MAX_DOCUMENT = 32_768
MAX_FRAME = 24 * 1024 * 1024
MAX_HEADER = 65_536
KEY = re.compile(r"[A-Za-z0-9_-]{43}\Z")
SIGNATURE = re.compile(r"[A-Za-z0-9_-]{86}\Z")
SESSION = re.compile(r"[A-Za-z0-9_-]{22}\Z")
BLOCK = re.compile(
    r'<script type="application/json" id="lotse-receipt" data-countersigned="(yes|no)">([^<]*)</script>'
)
RECORD_TYPES = set("keyframe tiles chat consent holder clipboard level picture file join end gap".split())
END_REASONS = set(
    "customer-ended expert-ended declined ask-expired wrong-number number-expired number-cancelled not-trusted "
    "fingerprint-mismatch no-connection no-recorder no-watermark capture-failed consent-lapsed agent-crashed "
    "line-lost protocol-error service-stopped".split()
)


class Findings:
    """What was found, each with its place and a sentence; and what may be told of the receipt."""

    def __init__(self):
        self.wrong, self.unsure, self.said = [], [], []

    def fail(self, place, sentence):
        self.wrong.append((place, sentence))

    def doubt(self, place, sentence):
        self.unsure.append((place, sentence))

    def code(self):
        return 1 if self.wrong else 3 if self.unsure else 0


class Unusable(Exception):
    """A sentence for the person at the command line."""


# ---- bytes, hashes, signatures ----


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text):
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if b64(data) != text:
        raise ValueError("not the one spelling of these bytes")
    return data


def sha(data):
    return b64(hashlib.sha256(data).digest())


def joined(first, second):
    return first.encode() + b"\0" + second.encode()


def is_signed(key, signature, message):
    try:
        Ed25519PublicKey.from_public_bytes(unb64(key)).verify(signature, message)
        return True
    except (InvalidSignature, ValueError):
        return False


def signature_holds(signed, context, key):
    try:
        return is_signed(key, unb64(signed["signature"]), joined("lotse " + context + " v1", signed["document"]))
    except ValueError:
        return False


def document_hash(signed):
    return sha(joined(signed["document"], signed["signature"]))


def parse(text):
    def refuse(constant):
        raise ValueError(constant + " is no JSON")

    return json.loads(text, parse_constant=refuse)


def contents(signed):
    """The object that a signed document holds; an empty one where it holds none."""
    try:
        value = parse(signed["document"])
        return value if isinstance(value, dict) else {}
    except (ValueError, RecursionError):
        return {}


# ---- the receipt ----


def is_document(value, most=MAX_DOCUMENT):
    return (
        isinstance(value, dict)
        and isinstance(value.get("document"), str)
        and len(value["document"]) <= most
        and isinstance(value.get("signature"), str)
        and SIGNATURE.match(value["signature"]) is not None
    )


def exact_data(bundle):
    def only(signed):
        return signed and {"document": signed["document"], "signature": signed["signature"]}

    names = ("receipt", "countersignature", "card", "policy")
    text = json.dumps({name: only(bundle[name]) for name in names}, ensure_ascii=False, separators=(",", ":"))
    text = re.sub("[\ud800-\udfff]", lambda found: "\\u%04x" % ord(found[0]), text)
    return text.replace("<", "\\u003c")


def read_block(text):
    """Page before, page after, bundle, and what the page says of the countersignature; None where it is no receipt."""
    found = list(BLOCK.finditer(text))
    if len(found) != 1:
        return None
    said, data = found[0].groups()
    try:
        bundle = parse(data)
        if not isinstance(bundle, dict) or "countersignature" not in bundle:
            return None
        if not is_document(bundle.get("receipt"), MAX_RECEIPT):
            return None
        if not all(is_document(bundle.get(name)) for name in ("card", "policy")):
            return None
        if bundle["countersignature"] is not None and not is_document(bundle["countersignature"]):
            return None
        if exact_data(bundle) != data:
            return None
    except (ValueError, RecursionError):
        return None
    return text[: found[0].start()], text[found[0].end() :], bundle, said == "yes"


def has_form(receipt):
    """The parts of a receipt that are used here."""
    try:
        recording, acknowledged = receipt["recording"], receipt["recording"]["acknowledged"]
        heads = [recording] if acknowledged is None else [recording, acknowledged]
        return (
            is_whole(receipt["v"], 1, 1)
            and all(is_whole(head["entries"], 1) and KEY.match(head["head"]) for head in heads)
            and all(KEY.match(receipt[name]) for name in ("card", "policy", "page", "signKey"))
            and KEY.match(recording["header"]) is not None
            and SESSION.match(receipt["sessionId"]) is not None
            and all(is_whole(note["atMs"]) and isinstance(note["event"], str) for note in receipt["consent"])
            and all(isinstance(receipt["expert"][name], str) for name in ("name", "team"))
            and all(isinstance(receipt[name], str) for name in ("service", "operatorName"))
            and all(is_whole(receipt[name]) for name in ("startedAtMs", "endedAtMs"))
            and all(is_whole(receipt["retention"][name]) for name in ("days", "untilMs"))
        )
    except (KeyError, TypeError):
        return False


def check_receipt(text, trusted, findings):
    """Returns the receipt where the agent signed it as it stands there, else None."""
    read = read_block(text)
    if read is None:
        findings.fail("receipt.data", "this is no receipt of Lotse, or the data in it was changed")
        return None
    before, after, bundle, says_countersigned = read
    receipt = contents(bundle["receipt"])
    if not has_form(receipt) or not signature_holds(bundle["receipt"], "receipt", receipt["signKey"]):
        findings.fail("receipt.signature", "the receipt was changed, or not signed with the key of its session")
        return None
    if sha(joined(before, after)) != receipt["page"]:
        findings.fail("receipt.page", "what the page tells its reader was changed; only the data was signed so")
    if says_countersigned != (bundle["countersignature"] is not None):
        findings.fail("receipt.page", "the page says something else about the countersignature than the data")

    card_fits = document_hash(bundle["card"]) == receipt["card"]
    if not card_fits:
        findings.fail("receipt.card", "the expert's card is not the one this receipt was made with")
    card_key = find_card_key(bundle, receipt, trusted, findings)
    if card_key is None:
        return receipt
    if card_fits:
        card = contents(bundle["card"])
        is_same = card.get("sessionId") == receipt["sessionId"] and receipt["expert"] == {
            "name": card.get("name"),
            "team": card.get("team"),
        }
        if not is_same or not signature_holds(bundle["card"], "expert card", card_key):
            findings.fail("receipt.card", "who helped is not what the service signed about them")
    check_countersignature(bundle, receipt, card_key, findings)
    return receipt


def find_card_key(bundle, receipt, trusted, findings):
    """The key given, or that of the policy given, or that of the receipt's own policy."""
    operator_key, own_key = trusted.operator_key, None
    if document_hash(bundle["policy"]) != receipt["policy"]:
        findings.fail("receipt.policy", "the policy is not the one this receipt was made with")
    else:
        policy = contents(bundle["policy"])
        told = (receipt["service"], receipt["operatorName"], receipt.get("contact"), receipt["retention"]["days"])
        if told != tuple(policy.get(name) for name in ("service", "operatorName", "contact", "retentionDays")):
            findings.fail("receipt.policy", "the receipt does not say what its policy says")
        if operator_key and not signature_holds(bundle["policy"], "service policy", operator_key):
            findings.fail("receipt.policy", "the policy was not signed with the operator key that was given")
        elif isinstance(policy.get("cardKey"), str) and KEY.match(policy["cardKey"]):
            own_key = policy["cardKey"]
    if trusted.card_key:
        return trusted.card_key
    if not trusted.policy:
        return own_key
    given = contents(trusted.policy)
    is_signed_so = not operator_key or signature_holds(trusted.policy, "service policy", operator_key)
    if given.get("service") == receipt["service"] and is_signed_so and isinstance(given.get("cardKey"), str):
        return given["cardKey"]
    findings.fail("policy", "the policy that was given is of another service, or not signed with the operator key")
    return own_key


def check_countersignature(bundle, receipt, card_key, findings):
    signed = bundle["countersignature"]
    if signed is None:
        sentence = "the service did not countersign: it was out of reach, or its signature was taken out"
        return findings.doubt("receipt.countersignature", sentence)
    said = contents(signed)
    is_ours = said.get("sessionId") == receipt["sessionId"] and said.get("receipt") == document_hash(bundle["receipt"])
    if not is_ours or not signature_holds(signed, "receipt countersignature", card_key):
        sentence = "the countersignature is not by the service, or not under this receipt"
        return findings.fail("receipt.countersignature", sentence)
    findings.said.append("The service countersigned it at %s." % time(said.get("atMs")))
    if isinstance(said.get("audit"), dict):
        findings.said.append("Its audit log stood at line %s, %s." % (said["audit"].get("seq"), said["audit"].get("hash")))


# ---- the recording ----


def frames(data):
    """Each entry; None, last, where what stands there is no frame."""
    at = 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        entry = data[at + 8 : at + 8 + length]
        is_whole_frame = 0 < length <= MAX_FRAME and len(entry) == length
        if not is_whole_frame or zlib.crc32(entry) != int.from_bytes(data[at + 4 : at + 8], "big"):
            yield None
            return
        yield entry
        at += 8 + length


def is_whole(value, least=0, most=float("inf")):
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return value == value and least <= value <= most and value != float("inf") and value == int(value)


def is_entry(header):
    """Has the form of one of the four kinds."""
    if not isinstance(header, dict):
        return False

    def has(name, pattern):
        return isinstance(header.get(name), str) and pattern.match(header[name]) is not None

    if header.get("t") == "header":
        return (
            is_whole(header.get("v"), 1, 1)
            and has("sessionId", SESSION)
            and is_whole(header.get("startedAtMs"))
            and isinstance(header.get("agent"), str)
            and len(header["agent"]) <= 80
            and is_whole(header.get("retentionDays"), 1)
            and has("wraps", KEY)
            and has("signKey", KEY)
        )
    if not (is_whole(header.get("seq"), 1, 2**32) and is_whole(header.get("atMs")) and has("prev", KEY)):
        return False
    if header.get("t") == "record":
        return isinstance(header.get("type"), str) and header["type"] in RECORD_TYPES
    if header.get("t") == "abandoned":
        return isinstance(header.get("reason"), str) and header["reason"] in END_REASONS
    return header.get("t") == "closing"


def split(entry):
    """Header's bytes, header, payload; None where it is no entry."""
    if entry is None or len(entry) < 4:
        return None
    length = int.from_bytes(entry[:4], "big")
    if length > MAX_HEADER or 4 + length > len(entry):
        return None
    try:
        header = parse(entry[4 : 4 + length].decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    return (entry[4 : 4 + length], header, entry[4 + length :]) if is_entry(header) else None


class Chain:
    """Takes entries in order; `fault` is the first thing that does not fit, a sentence with its place."""

    def __init__(self):
        self.hashes, self.consents = [], []
        self.first, self.end, self.fault = None, None, None

    def take(self, entry):
        place = len(self.hashes)
        why = self.why_not(place, split(entry))
        if why is not None:
            self.fault = (place, why)
            return
        self.hashes.append(sha(entry))

    def why_not(self, place, parts):
        if parts is None:
            return "it cannot be read as an entry"
        header_bytes, header, payload = parts
        kind = header["t"]
        if place == 0:
            self.first = header
            if kind != "header":
                return "the recording does not begin with a header"
            return "it carries bytes that do not belong there" if payload else None
        if self.end is not None:
            return "it was added after the end"
        if kind == "header":
            return "it is a second header"
        if header["seq"] != place:
            return "an entry is missing, or not in its place"
        if header["prev"] != self.hashes[-1]:
            return "it does not continue the entry before it: one of the two was changed"
        if kind == "record":
            if header["type"] == "consent":
                self.consents.append((place, header["atMs"]))
            return None
        self.end = kind
        if kind == "abandoned":
            return "it carries bytes that do not belong there" if payload else None
        message = b"\0".join([b"lotse recording closing v1", self.first["sessionId"].encode(), header_bytes])
        return None if is_signed(self.first["signKey"], payload, message) else "it is not signed by the session's agent"


def check_recording(data, receipt, findings):
    chain = Chain()
    known = receipt["recording"]
    before = len(findings.wrong)
    entries = frames(data)
    first = next(entries, None)
    # Compared before anything else, so that a fault in entry 0 is told of entry 0.
    if first is None or sha(first) != known["header"]:
        findings.fail("recording.entry 0", "this is not the header of the receipt: changed, or of another session")
    chain.take(first)
    while chain.fault is None:
        try:
            chain.take(next(entries))
        except StopIteration:
            break
    if chain.fault is not None:
        findings.fail("recording.entry %d" % chain.fault[0], chain.fault[1])
    if len(findings.wrong) > before:
        return
    for at, (place, at_ms) in enumerate(chain.consents):
        if at >= len(receipt["consent"]) or receipt["consent"][at]["atMs"] != at_ms:
            findings.fail("recording.entry %d" % place, "the receipt tells of no question or answer at its time")
            break
    check_end(chain, known, findings)


def check_end(chain, known, findings):
    count = len(chain.hashes)
    if count == known["entries"] and chain.hashes[-1] == known["head"]:
        findings.said.append("The recording is whole: %d entries, closed and signed by the agent." % count)
        return
    if chain.end == "closing":
        findings.fail("recording.end", "the recording ends otherwise than the receipt says")
        return
    held = count - (chain.end == "abandoned")
    missing = "%d of %d entries are missing at the end" % (known["entries"] - held, known["entries"])
    confirmed = known["acknowledged"]
    if confirmed is not None:
        at = confirmed["entries"] - 1
        if at >= count or chain.hashes[at] != confirmed["head"]:
            findings.fail("recording.end", missing + "; among those confirmed, some were taken out or changed")
            return
    sentence = "%s; the %d that a recorder had confirmed are there, unchanged"
    findings.doubt("recording.end", sentence % (missing, confirmed["entries"] if confirmed else 0))


# ---- the person at the command line ----


def plain(text):
    """Nothing that would steer a terminal or turn the direction of reading."""
    return "".join("?" if unicodedata.category(sign)[0] == "C" or sign in "\u2028\u2029" else sign for sign in str(text))


def time(at_ms):
    try:
        return datetime.fromtimestamp(at_ms / 1000, timezone.utc).isoformat(timespec="seconds")
    except (TypeError, ValueError, OverflowError, OSError):
        return "%s ms" % at_ms


def read(path):
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise Unusable("%s cannot be read: %s" % (path, error.strerror)) from error


def verify(receipt_path, recording_path, trusted):
    findings = Findings()
    data = read(receipt_path)
    try:
        text = data.decode("utf-8") if len(data) <= MAX_FILE else ""
    except UnicodeDecodeError:
        text = ""
    receipt = check_receipt(text, trusted, findings)
    if receipt is not None:
        span = (time(receipt["startedAtMs"]), time(receipt["endedAtMs"]))
        who = (receipt["sessionId"], receipt["service"], receipt["expert"]["name"])
        findings.said.insert(0, "The receipt is of session %s, at %s, with %s, " % who + "from %s to %s." % span)
        if recording_path:
            check_recording(read(recording_path), receipt, findings)
    return findings


def report(findings, trusted):
    for sentence in findings.said:
        print(plain(sentence))
    for place, sentence in findings.wrong:
        print("WRONG (%s): %s." % (place, plain(sentence)))
    for place, sentence in findings.unsure:
        print("NOT CERTAIN (%s): %s." % (place, plain(sentence)))
    if not findings.wrong and not trusted.operator_key and not trusted.card_key:
        print(
            "Whose service this is was not checked: with keys of their own anybody can make a receipt that fits "
            "itself. Give the key that the operator has published, with --operator-key."
        )
    print(
        {
            0: "Everything that was checked holds.",
            1: "It does NOT hold: something was changed or forged.",
            3: "No fault was found, but not everything is vouched for.",
        }[findings.code()]
    )


def run_batch(path, trusted):
    """One pair a line, receipt and recording with a tab between; one JSON object a line in answer."""
    for line in read(path).decode().splitlines():
        receipt_path, _, recording_path = line.partition("\t")
        findings = verify(receipt_path, recording_path, trusted)
        places = {name: [place for place, _ in getattr(findings, name)] for name in ("wrong", "unsure")}
        print(json.dumps({"code": findings.code(), **places}))


def arguments(args):
    # A key may begin with a dash, which would be taken for another option: it is bound to its own.
    bound, rest = [], iter(args)
    for arg in rest:
        bound.append(arg + "=" + next(rest, "") if arg in ("--operator-key", "--card-key") else arg)
    parser = argparse.ArgumentParser(description="Checks a receipt of Lotse, and its recording. Needs no secret key.")
    parser.add_argument("receipt", nargs="?")
    parser.add_argument("recording", nargs="?")
    parser.add_argument("--operator-key", help="the operator's public key, as clients know it")
    parser.add_argument("--policy", help="the service's policy, as you got it elsewhere")
    parser.add_argument("--card-key", help="the service's public card key")
    parser.add_argument("--batch", metavar="FILE", help="pairs to check, one a line: receipt, tab, recording")
    return parser, parser.parse_args(bound)


def main():
    parser, trusted = arguments(sys.argv[1:])
    if (trusted.receipt is None) == (trusted.batch is None):
        parser.error("give one receipt, and one recording, or a batch")
    for key in (trusted.operator_key, trusted.card_key):
        if key is not None and not KEY.match(key):
            parser.error("a public key has 43 letters, digits, dashes and underscores")
    try:
        if trusted.policy is not None:
            trusted.policy = policy_of(trusted.policy)
        if trusted.batch is not None:
            run_batch(trusted.batch, trusted)
            return 0
        findings = verify(trusted.receipt, trusted.recording, trusted)
        report(findings, trusted)
        return findings.code()
    except Unusable as error:
        print(error, file=sys.stderr)
        return 2


def policy_of(path):
    try:
        signed = parse(read(path).decode("utf-8"))
    except (ValueError, RecursionError):
        signed = None
    if not is_document(signed):
        raise Unusable("%s is not a signed policy" % path)
    return signed


if __name__ == "__main__":
    sys.exit(main())
