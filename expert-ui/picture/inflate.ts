import { Refusal } from '../../protocol/refusals.ts'

/**
 * Inflates raw DEFLATE (RFC 1951), stopping as soon as there are more than `mostBytes`.
 * @returns what came out, at most `mostBytes` long
 * @throws Refusal `malformed` where the stream is broken, cut short or too long
 */
export async function inflate(deflated: Uint8Array, mostBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new DecompressionStream('deflate-raw')
  const writer = stream.writable.getWriter()
  // A broken stream fails reading as well; the writing side's copy of that error has nobody to tell.
  writer.write(deflated as Uint8Array<ArrayBuffer>).catch(() => undefined)
  writer.close().catch(() => undefined)

  const reader = (stream.readable as ReadableStream<Uint8Array>).getReader()
  const inflated = new Uint8Array(mostBytes)
  let length = 0
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw new Refusal('malformed')
    })
    if (done) return inflated.subarray(0, length)
    if (length + value.byteLength > mostBytes) {
      reader.cancel().catch(() => undefined)
      throw new Refusal('malformed')
    }
    inflated.set(value, length)
    length += value.byteLength
  }
}

/** As `inflate`, where the length is known beforehand. */
export async function inflateExactly(deflated: Uint8Array, bytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const inflated = await inflate(deflated, bytes)
  if (inflated.byteLength !== bytes) throw new Refusal('malformed')
  return inflated
}
