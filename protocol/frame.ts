import type { Codec } from './codec.ts'
import { Refusal } from './refusals.ts'

/**
 * A frame is a JSON header and bytes: `u32 header length, big endian | header, UTF-8 JSON | payload`.
 * It carries tiles, records and entries of a recording file.
 */
export interface Frame<Header> {
  readonly header: Header
  /** A view into the input, not a copy. */
  readonly payload: Uint8Array
  /** The header's bytes as received, for hashing and as additional data of a seal. */
  readonly headerBytes: Uint8Array
}

const toUtf8 = new TextEncoder()

export function encodeFrame<Header>(codec: Codec<Header>, header: Header, payload: Uint8Array): Uint8Array {
  return joinFrame(toUtf8.encode(codec.encode(header)), payload)
}

/** As `encodeFrame` where the header's bytes are already fixed, because a seal covers them. */
export function joinFrame(headerBytes: Uint8Array, payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(4 + headerBytes.byteLength + payload.byteLength)
  new DataView(frame.buffer).setUint32(0, headerBytes.byteLength)
  frame.set(headerBytes, 4)
  frame.set(payload, 4 + headerBytes.byteLength)
  return frame
}

/** Throws a `Refusal`: malformed, too-large (the header) or unknown-type. The payload is not looked at. */
export function decodeFrame<Header>(codec: Codec<Header>, bytes: Uint8Array): Frame<Header> {
  if (bytes.byteLength < 4) throw new Refusal('malformed')
  const length = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0)
  if (length > codec.maxBytes) throw new Refusal('too-large')
  if (4 + length > bytes.byteLength) throw new Refusal('malformed')
  const headerBytes = bytes.subarray(4, 4 + length)
  return { header: codec.decode(headerBytes), payload: bytes.subarray(4 + length), headerBytes }
}
