/**
 * The size in an image file's head, so that a small tile can't make the browser unpack a large picture. Null where the
 * bytes are no file of that format.
 */
export function imageSize(
  coding: 'webp' | 'jpeg',
  bytes: Uint8Array,
): { width: number; height: number } | null {
  const head = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    return coding === 'webp' ? webpSize(head) : jpegSize(head)
  } catch (error) {
    // The file ends before its size.
    if (error instanceof RangeError) return null
    throw error
  }
}

const fourLetters = (head: DataView, at: number) =>
  String.fromCharCode(head.getUint8(at), head.getUint8(at + 1), head.getUint8(at + 2), head.getUint8(at + 3))

/** RFC 9649, sections 2.4 to 2.7, and RFC 6386, section 9.1. */
function webpSize(head: DataView) {
  if (fourLetters(head, 0) !== 'RIFF' || fourLetters(head, 8) !== 'WEBP') return null
  switch (fourLetters(head, 12)) {
    case 'VP8 ':
      return { width: head.getUint16(26, true) & 0x3fff, height: head.getUint16(28, true) & 0x3fff }
    case 'VP8L': {
      const bits = head.getUint32(21, true)
      return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 }
    }
    case 'VP8X':
      return {
        width: (head.getUint32(24, true) & 0xffffff) + 1,
        height: (head.getUint32(26, true) >>> 8) + 1,
      }
    default:
      return null
  }
}

const START = 0xffd8
const FRAME_CODES = { from: 0xc0, to: 0xcf, tables: [0xc4, 0xc8, 0xcc] }

/** ITU-T T.81, B.2: segment after segment until the frame's head. */
function jpegSize(head: DataView) {
  if (head.getUint16(0) !== START) return null
  for (let at = 2; ; at += 2 + head.getUint16(at + 2)) {
    if (head.getUint8(at) !== 0xff) return null
    const code = head.getUint8(at + 1)
    const isFrame = code >= FRAME_CODES.from && code <= FRAME_CODES.to && !FRAME_CODES.tables.includes(code)
    if (isFrame) return { width: head.getUint16(at + 7), height: head.getUint16(at + 5) }
  }
}
