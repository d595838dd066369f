import { equalBytes } from '@noble/ciphers/utils.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import type { Role } from '../protocol/level.ts'
import { fromBase64Url, toBase64Url } from './base64url.ts'
import { utf8 } from './cpace.ts'

/** SHA-256 certificate fingerprints of one DTLS connection, as in SDP (RFC 8122): `AB:CD:…`. */
export interface Fingerprints {
  readonly own: string
  readonly theirs: string
}

/**
 * Reads both from a connected peer connection: the other end's from the certificate DTLS really saw, where the
 * engine shows it, else from its description. Throws where there is none.
 */
export function readFingerprints(connection: RTCPeerConnection): Fingerprints {
  const own = fromDescription(connection.localDescription)
  const seen = connection.sctp?.transport.getRemoteCertificates?.()[0]
  const theirs = seen ? colons(sha256(new Uint8Array(seen))) : fromDescription(connection.remoteDescription)
  return { own, theirs }
}

/** What `role` sends to show which two certificates it sees [T2]. */
export function fingerprintTag(key: Uint8Array, role: Role, fingerprints: Fingerprints): string {
  const { own, theirs } = fingerprints
  return toBase64Url(hmac(sha256, key, utf8(`lotse fingerprints v1\0${role}\0${own}\0${theirs}`)))
}

/** True where the other end, of `role`, sees the same two certificates the other way round. */
export function fingerprintTagIsRight(
  key: Uint8Array,
  role: Role,
  fingerprints: Fingerprints,
  tag: string,
): boolean {
  const expected = fingerprintTag(key, role, { own: fingerprints.theirs, theirs: fingerprints.own })
  return equalBytes(fromBase64Url(expected), fromBase64Url(tag))
}

function fromDescription(description: RTCSessionDescription | null): string {
  const found = /^a=fingerprint:sha-256 ([0-9A-Fa-f:]+)/m.exec(description?.sdp ?? '')
  if (!found) throw new TypeError('the connection shows no certificate fingerprint')
  return found[1]!.toUpperCase()
}

function colons(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(':')
}
