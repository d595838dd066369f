import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ChainVerifier, EMPTY_CHAIN, isFault, stepChain, wrapsBelong } from '../peer/recording/chain.ts'
import { type OpenedRecord, RecordingReader } from '../peer/recording/reader.ts'
import { openSessionKey } from '../peer/recording/session-key.ts'
import { decodeFrame } from '../protocol/frame.ts'
import { entry } from '../protocol/messages/entry.ts'
import { chainVerdict, type Standing } from './chain-verdict.ts'
import { type DiskFile, openForReading, readingDisk } from './disk.ts'
import { scanFrames } from './disk-frames.ts'
import { eventLine, eventWords, localTime, plainText } from './event-lines.ts'
import { ExpiryKeys } from './expiry-keys.ts'
import { nodeHash } from './node-hash.ts'
import { recordingPaths } from './recording-paths.ts'
import { ScreenCanvas } from './screen-canvas.ts'
import { WrapsShelf, WrapsUnreadable } from './wraps-shelf.ts'

export interface ReconstructionOptions {
  readonly vaultDirectory: string
  /** The folder of expiry keys; without the one of this recording nobody opens it [R6]. */
  readonly keysDirectory: string
  readonly sessionId: string
  /** age identities, in any order: at least one of group A and one of group B. */
  readonly identities: readonly string[]
  /** Made where it is not there; must be empty. */
  readonly outDirectory: string
}

export interface Reconstruction {
  readonly standing: Standing
  readonly stills: number
  /** Records, images or stretches of the file that could not be read. */
  readonly unreadable: number
  /** Plain sentences for the person who asked. */
  readonly sentences: readonly string[]
}

/** A sentence for the person at the command line; nothing was written. */
export class ReconstructionRefused extends Error {}

/**
 * Writes what a recording holds: `still-0001-<UTC time>.png` and so on, each the whole screen after that record, and
 * `events.txt` with chat and events. Behind a fault it goes on with what proves itself readable, and says so.
 * Throws `KeysMissing`, `ReconstructionRefused`, or a RangeError for a key that is none.
 */
export async function reconstruct(options: ReconstructionOptions): Promise<Reconstruction> {
  const { sessionId, vaultDirectory, keysDirectory, outDirectory } = options
  const paths = recordingPaths(vaultDirectory, sessionId)
  const file = await openForReading(paths.entries)
  if (!file)
    throw new ReconstructionRefused(`There is no recording of session ${sessionId} in ${vaultDirectory}.`)
  try {
    const wraps = await readWraps(sessionId, vaultDirectory, keysDirectory)
    await mustBelong(wraps, file)
    const key = await openSessionKey(wraps, options.identities)
    await mustBeEmpty(outDirectory)
    const reader = new RecordingReader(key)
    const verifier = new ChainVerifier(wraps, nodeHash)
    const output = new Output(outDirectory)
    let entries = 0
    for await (const scanned of scanFrames(file)) {
      if (scanned.t === 'damage') {
        // To the chain this is an entry that is none: it names the place.
        verifier.take(new Uint8Array())
        output.unreadable(`bytes ${scanned.offset} to ${scanned.end} of the file are damaged`)
        continue
      }
      verifier.take(scanned.bytes)
      await output.take(entries, scanned.bytes, reader)
      entries++
    }
    const verdict = chainVerdict(verifier.report(), entries)
    return await output.finish(sessionId, verdict.standing, verdict.sentence)
  } finally {
    await file.close()
  }
}

class Output {
  readonly #directory: string
  readonly #canvas = new ScreenCanvas()
  readonly #lines: string[] = []
  #stills = 0
  #unreadable = 0
  #isPictureWhole = true

  constructor(directory: string) {
    this.#directory = directory
  }

  async take(place: number, bytes: Uint8Array, reader: RecordingReader): Promise<void> {
    try {
      const record = reader.open(bytes)
      if (!record) this.#frameLine(bytes)
      else if (record.content.t === 'stills') await this.#still(record)
      else this.#lines.push(eventLine(record.atMs, eventWords(record)!))
    } catch (error) {
      this.unreadable(`entry ${place}: ${(error as Error).message}`)
    }
  }

  unreadable(what: string): void {
    this.#unreadable++
    this.#isPictureWhole = false
    this.#lines.push(`--- not readable: ${plainText(what)} ---`)
  }

  async finish(sessionId: string, standing: Standing, verdict: string): Promise<Reconstruction> {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
    const head = [
      `Recording of session ${sessionId}`,
      `Times are of the customer's device, shown in ${zone} and in UTC.`,
      verdict,
    ]
    await writeFile(join(this.#directory, 'events.txt'), `${[...head, '', ...this.#lines].join('\n')}\n`, {
      mode: 0o600,
    })
    const sentences = [
      verdict,
      `${this.#stills} pictures and ${this.#lines.length} lines were written to ${this.#directory}.`,
    ]
    if (this.#unreadable > 0)
      sentences.push(`${this.#unreadable} parts could not be read; events.txt names each of them.`)
    return { standing, stills: this.#stills, unreadable: this.#unreadable, sentences }
  }

  async #still({ seq, atMs, type, content, payload }: OpenedRecord): Promise<void> {
    if (content.t !== 'stills') return
    try {
      await this.#canvas.put(content, payload)
      if (type === 'keyframe') this.#isPictureWhole = true
    } catch (error) {
      this.unreadable(`entry ${seq}: ${(error as Error).message}`)
    }
    const png = await this.#canvas.png()
    if (!png) return
    this.#stills++
    const number = String(this.#stills).padStart(4, '0')
    const time = new Date(atMs).toISOString().replace(/[-:]/g, '')
    const name = `still-${number}-${time}.png`
    await writeFile(join(this.#directory, name), png, { mode: 0o600 })
    if (!this.#isPictureWhole)
      this.#lines.push(eventLine(atMs, `${name} may show old parts: something before it could not be read`))
  }

  /** Header, closing and abandoned are not sealed. */
  #frameLine(bytes: Uint8Array): void {
    const { header } = decodeFrame(entry, bytes)
    if (header.t === 'header') {
      const { startedAtMs, agent, retentionDays } = header
      const until = localTime(startedAtMs + retentionDays * 24 * 60 * 60 * 1000)
      const words = `recording begins; agent ${plainText(agent)}; kept for ${retentionDays} days, until ${until}`
      this.#lines.push(eventLine(startedAtMs, words))
    } else if (header.t === 'closing')
      this.#lines.push(eventLine(header.atMs, 'recording closed by the agent'))
    else if (header.t === 'abandoned') {
      const words = `recording ended by the recorder, the agent was gone: ${header.reason}`
      this.#lines.push(eventLine(header.atMs, words))
    }
  }
}

async function readWraps(
  sessionId: string,
  vaultDirectory: string,
  keysDirectory: string,
): Promise<Uint8Array> {
  const keys = new ExpiryKeys(keysDirectory, readingDisk)
  try {
    return await new WrapsShelf(vaultDirectory, readingDisk, keys).open(sessionId)
  } catch (error) {
    if (error instanceof WrapsUnreadable) throw new ReconstructionRefused(error.message)
    throw error
  }
}

/** Said before any key is tried: with the wraps of another recording every key would look like a wrong one. */
async function mustBelong(wraps: Uint8Array, file: DiskFile): Promise<void> {
  for await (const first of scanFrames(file)) {
    const step = first.t === 'entry' ? stepChain(EMPTY_CHAIN, first.bytes, nodeHash) : undefined
    if (!step || isFault(step) || wrapsBelong(step.header!, wraps, nodeHash)) return
    throw new ReconstructionRefused(
      'The wrapped keys beside this recording are not those its header names: they were changed or exchanged.',
    )
  }
}

async function mustBeEmpty(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  if ((await readdir(directory)).length > 0)
    throw new ReconstructionRefused(`${directory} is not empty; give a new folder for this recording.`)
}
