import type { Finding } from '../peer/receipt/check.ts'
import { type ChainReport, ChainVerifier, entryHash } from '../peer/recording/chain.ts'
import { decodeFrame } from '../protocol/frame.ts'
import { type Entry, entry } from '../protocol/messages/entry.ts'
import type { Receipt } from '../protocol/messages/receipt.ts'
import { chainVerdict } from './chain-verdict.ts'
import type { DiskFile } from './disk.ts'
import { scanFrames } from './disk-frames.ts'
import { nodeHash } from './node-hash.ts'

export interface RecordingCheck {
  readonly wrong: readonly Finding[]
  readonly unsure: readonly Finding[]
  /** For a person: how the chain stands by itself. */
  readonly verdict: string
}

/** Checks a recording's file without any key, and that it is the one the receipt was made for [R5]. */
export async function checkRecording(file: DiskFile, receipt: Receipt): Promise<RecordingCheck> {
  const scan = await scanRecording(file)
  const verdict = chainVerdict(scan.report, scan.hashes.length).sentence
  return { ...judge(scan, receipt, verdict), verdict }
}

interface Scan {
  readonly report: ChainReport
  /** Of each entry in the file, in order. */
  readonly hashes: readonly string[]
  /** Where consent records stand, and their times, which are not sealed. */
  readonly consents: readonly { readonly place: number; readonly atMs: number }[]
}

async function scanRecording(file: DiskFile): Promise<Scan> {
  const verifier = new ChainVerifier(undefined, nodeHash)
  const hashes: string[] = []
  const consents: { place: number; atMs: number }[] = []
  for await (const scanned of scanFrames(file)) {
    // To the chain, damage is an entry that is none: it names the place.
    const bytes = scanned.t === 'entry' ? scanned.bytes : new Uint8Array()
    verifier.take(bytes)
    const header = headerOf(bytes)
    if (header?.t === 'record' && header.type === 'consent')
      consents.push({ place: hashes.length, atMs: header.atMs })
    hashes.push(entryHash(bytes, nodeHash))
  }
  return { report: verifier.report(), hashes, consents }
}

function judge(scan: Scan, receipt: Receipt, verdict: string): Omit<RecordingCheck, 'verdict'> {
  const { report, hashes, consents } = scan
  const wrong: Finding[] = []
  if (hashes[0] !== receipt.recording.header) {
    const sentence = 'this is not the header of the receipt: it was changed, or is of another session'
    wrong.push({ place: 'recording.entry 0', sentence })
  }
  if (!report.ok) wrong.push({ place: `recording.entry ${report.seq}`, sentence: verdict })
  // What does not fit behind a fault follows from it.
  if (!report.ok || wrong.length > 0) return { wrong, unsure: [] }
  const stray = consents.find(({ atMs }, at) => receipt.consent[at]?.atMs !== atMs)
  if (stray) {
    const sentence = 'the receipt tells of no question, answer or withdrawal at the time of this record'
    wrong.push({ place: `recording.entry ${stray.place}`, sentence })
  }
  const { isVouched, sentence } = judgeEnd(report, hashes, receipt)
  if (sentence === null) return { wrong, unsure: [] }
  const end = { place: 'recording.end', sentence }
  return isVouched ? { wrong, unsure: [end] } : { wrong: [...wrong, end], unsure: [] }
}

/** A null sentence: it ends as the receipt says. `isVouched`: all that a recorder had confirmed is there. */
function judgeEnd(
  report: Extract<ChainReport, { ok: true }>,
  hashes: readonly string[],
  { recording: { entries, head, acknowledged } }: Receipt,
): { isVouched: boolean; sentence: string | null } {
  if (report.entries === entries && report.head === head) return { isVouched: true, sentence: null }
  if (report.closed === 'closed')
    return { isVouched: false, sentence: 'the recording ends otherwise than the receipt says' }
  const held = report.entries - (report.closed === 'abandoned' ? 1 : 0)
  const missing = `${entries - held} of ${entries} entries are missing at the end`
  if (acknowledged !== null && hashes[acknowledged.entries - 1] !== acknowledged.head)
    return {
      isVouched: false,
      sentence: `${missing}; among those that a recorder had confirmed, some were taken out or changed`,
    }
  return {
    isVouched: true,
    sentence:
      `${missing}. The ${acknowledged?.entries ?? 0} that a recorder had confirmed when the session ended are ` +
      'there, unchanged; what came behind them may never have reached it, and nobody vouches for what is there of it',
  }
}

function headerOf(bytes: Uint8Array): Entry | null {
  try {
    return decodeFrame(entry, bytes).header
  } catch {
    return null
  }
}
