import { RecordUnreadable } from '../../peer/recording/reader.ts'
import { decodeFrame } from '../../protocol/frame.ts'
import { entry as entryCodec } from '../../protocol/messages/entry.ts'
import { ChainCheck } from './chain-check.ts'
import type { Happening, Verdict, What } from './happening.ts'
import { openRecord } from './record-opener.ts'
import type { StillIndex } from './still-index.ts'

/** Takes the entries of a recording in order, checks the chain and says what each of them tells. */
export class Intake {
  readonly #key: CryptoKey
  readonly #index: StillIndex
  readonly #chain: ChainCheck
  #entries = 0

  constructor(key: CryptoKey, index: StillIndex, wraps: Uint8Array) {
    this.#key = key
    this.#index = index
    this.#chain = new ChainCheck(wraps)
  }

  get verdict(): Verdict {
    const { fault, standing, head } = this.#chain
    return { fault, standing, head }
  }

  async take(entries: readonly Uint8Array[]): Promise<Happening[]> {
    const read = await Promise.all(
      entries.map(async (bytes) => ({
        bytes,
        sha256: new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)),
        said: await this.#read(bytes),
      })),
    )
    return read.map(({ bytes, sha256, said }) => {
      const entry = this.#entries++
      const isProven = this.#chain.take(bytes, sha256)
      if (said.stills) this.#index.add(entry, said.stills.content, said.stills.payloadBytes)
      return { entry, isProven, atMs: said.atMs, what: said.what }
    })
  }

  async #read(bytes: Uint8Array) {
    let atMs: number | null = null
    try {
      const { header } = decodeFrame(entryCodec, bytes)
      atMs = header.t === 'header' ? header.startedAtMs : header.atMs
      if (header.t !== 'record') return { atMs, what: frameWhat(header) }
      const record = await openRecord(this.#key, bytes)
      if (!record) throw new RecordUnreadable(header.seq)
      const { content, payload, type } = record
      if (content.t !== 'stills') return { atMs, what: content }
      const { cursor = null, layout = null } = content
      const what: What = { t: 'stills', isKeyframe: type === 'keyframe', cursor, layout }
      return { atMs, what, stills: { content, payloadBytes: payload.length } }
    } catch {
      return { atMs, what: { t: 'unreadable' } as const }
    }
  }
}

function frameWhat(header: Exclude<ReturnType<typeof entryCodec.decode>, { t: 'record' }>): What {
  switch (header.t) {
    case 'header':
      return { t: 'header', agent: header.agent, retentionDays: header.retentionDays }
    case 'closing':
      return { t: 'closing' }
    case 'abandoned':
      return { t: 'abandoned', reason: header.reason }
  }
}
