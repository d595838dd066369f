import { MAX_AUDIT_LINE_BYTES } from '../protocol/messages/audit.ts'

/** Null: not a line, because it is too long, is not UTF-8 or has no line feed at its end. */
export type AuditText = string | null

/** Cuts bytes into lines, wherever the chunks end. */
export async function* auditLinesIn(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<AuditText> {
  let rest = Buffer.alloc(0)
  for await (const chunk of chunks) {
    rest = Buffer.concat([rest, chunk])
    let from = 0
    for (let end = rest.indexOf(LINE_FEED); end >= 0; end = rest.indexOf(LINE_FEED, from)) {
      yield textOf(rest.subarray(from, end))
      from = end + 1
    }
    rest = rest.subarray(from)
    if (rest.length > MAX_AUDIT_LINE_BYTES) {
      yield null
      return
    }
  }
  if (rest.length > 0) yield null
}

const LINE_FEED = 0x0a
/** A byte order mark is kept: it is not part of any line. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function textOf(bytes: Uint8Array): AuditText {
  try {
    return utf8.decode(bytes)
  } catch {
    return null
  }
}
