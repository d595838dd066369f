import type { XConnection } from './connection.ts'

const NAMES = [
  'ATOM',
  'INTEGER',
  'STRING',
  'CLIPBOARD',
  'TARGETS',
  'TIMESTAMP',
  'INCR',
  'UTF8_STRING',
  'text/plain;charset=utf-8',
  'text/plain',
  /** Where another program puts what we asked for, on a window of ours. */
  'LOTSE_CLIPBOARD',
  /** Changed to learn the server's time. */
  'LOTSE_TIME',
] as const

export type ClipboardAtoms = Readonly<Record<(typeof NAMES)[number], number>>

export async function clipboardAtoms(connection: XConnection): Promise<ClipboardAtoms> {
  const atoms = await Promise.all(
    NAMES.map((name) => connection.ask<number>((done) => connection.client.InternAtom(false, name, done))),
  )
  return Object.fromEntries(NAMES.map((name, index) => [name, atoms[index]])) as ClipboardAtoms
}
