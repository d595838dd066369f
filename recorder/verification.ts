import { readFile } from 'node:fs/promises'
import { checkReceipt, type Finding, type Trusted } from '../peer/receipt/check.ts'
import { MAX_FILE_BYTES } from '../peer/receipt/receipt-file.ts'
import type { Receipt } from '../protocol/messages/receipt.ts'
import { openForReading } from './disk.ts'
import { plainText } from './event-lines.ts'
import { checkRecording } from './recording-check.ts'

export interface VerificationOptions {
  readonly receiptFile: string
  readonly recordingFile?: string
  readonly trusted?: Trusted
}

/** 0: everything that was checked holds. 1: something was changed or forged. 3: no fault, but not all is vouched for. */
export type VerificationCode = 0 | 1 | 3

export interface Verification {
  readonly code: VerificationCode
  readonly wrong: readonly Finding[]
  readonly unsure: readonly Finding[]
  /** Plain sentences for the person who asked. */
  readonly sentences: readonly string[]
}

/** A sentence for the person at the command line: a file could not be read. */
export class NothingToVerify extends Error {}

/** Checks a receipt, and the recording that belongs to it, without any secret key [R5]. */
export async function verifyReceipt(options: VerificationOptions): Promise<Verification> {
  const { receiptFile, recordingFile, trusted = {} } = options
  const { receipt, countersignature, ...checked } = checkReceipt(await readText(receiptFile), trusted)
  const wrong = [...checked.wrong]
  const unsure = [...checked.unsure]
  const sentences: string[] = receipt ? facts(receipt) : []
  if (countersignature) {
    const { atMs, audit } = countersignature
    const line = audit ? ` Its audit log stood at line ${audit.seq}, ${audit.hash}.` : ''
    sentences.push(`The service countersigned it at ${time(atMs)}.${line}`)
  }
  if (receipt && recordingFile !== undefined) {
    const recording = await checkFile(recordingFile, receipt)
    wrong.push(...recording.wrong)
    unsure.push(...recording.unsure)
    if (recording.wrong.length === 0) sentences.push(recording.verdict)
  }
  for (const { place, sentence } of wrong) sentences.push(`WRONG (${place}): ${sentence}.`)
  for (const { place, sentence } of unsure) sentences.push(`NOT CERTAIN (${place}): ${sentence}.`)
  if (wrong.length === 0 && trusted.operatorKey === undefined && trusted.cardKey === undefined)
    sentences.push(
      'Whose service this is was not checked: with keys of their own anybody can make a receipt that fits itself. ' +
        'Give the key that the operator has published, with --operator-key.',
    )
  const code = wrong.length > 0 ? 1 : unsure.length > 0 ? 3 : 0
  sentences.push(VERDICT[code])
  // What stands in a receipt can be anything, also what would steer a terminal.
  return { code, wrong, unsure, sentences: sentences.map(plainText) }
}

const VERDICT: Record<VerificationCode, string> = {
  0: 'Everything that was checked holds.',
  1: 'It does NOT hold: something was changed or forged.',
  3: 'No fault was found, but not everything is vouched for.',
}

function facts(receipt: Receipt): string[] {
  const { expert, operatorName, service, startedAtMs, endedAtMs, sessionId, recording, consent } = receipt
  const who = [expert.name, expert.team].filter((part) => part !== '').join(', ')
  const granted = consent.filter(({ event }) => event === 'granted').map(({ subject }) => subject)
  return [
    `The receipt is of session ${sessionId}, at ${service} (${operatorName}), with ${who}, ` +
      `from ${time(startedAtMs)} to ${time(endedAtMs)}.`,
    `Granted: ${granted.length === 0 ? 'nothing' : granted.join(', ')}. Kept until ${time(receipt.retention.untilMs)}.`,
    `Its recording has ${recording.entries} entries and ends with ${recording.head}.`,
  ]
}

const time = (atMs: number) => {
  const at = new Date(atMs)
  return Number.isNaN(at.getTime()) ? `${atMs} ms` : at.toISOString()
}

async function readText(path: string): Promise<string> {
  let bytes: Buffer
  try {
    bytes = await readFile(path)
  } catch (error) {
    throw new NothingToVerify(`The receipt ${path} cannot be read: ${(error as Error).message}`)
  }
  try {
    if (bytes.length > MAX_FILE_BYTES) return ''
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    // No receipt is anything but UTF-8: to the check it is a text without data.
    return ''
  }
}

async function checkFile(path: string, receipt: Receipt) {
  const file = await openForReading(path).catch((error: Error) => {
    throw new NothingToVerify(`The recording ${path} cannot be read: ${error.message}`)
  })
  if (!file) throw new NothingToVerify(`There is no recording ${path}.`)
  try {
    return await checkRecording(file, receipt)
  } finally {
    await file.close()
  }
}
