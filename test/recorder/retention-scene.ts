import { cpSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { RecordingWriter } from '../../peer/recording/writer.ts'
import { BelievedClock } from '../../recorder/believed-clock.ts'
import type { Reading } from '../../recorder/believed-time.ts'
import { type Disk, nodeDisk } from '../../recorder/disk.ts'
import { reconstruct } from '../../recorder/reconstruction.ts'
import { factsOf } from '../../recorder/recording-index.ts'
import { Retention } from '../../recorder/retention.ts'
import { storeIndex } from '../../recorder/store-index.ts'
import type { Vault } from '../../recorder/vault.ts'
import type { KeptProof } from '../../store/deletion-proofs.ts'
import { openStore, type Store } from '../../store/store.ts'
import { type MadeRecording, makeKey, makeRecording, openingOf, policyOf } from '../fixtures/recording.ts'
import { TurnedClock } from '../fixtures/turned-clock.ts'
import { vaultAt } from './vault-at.ts'

export const MINUTE_MS = 60_000
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS

/** The clocks of a machine, turned by hand. */
export class MachineClock {
  trueMs = Date.UTC(2026, 2, 1, 10, 15)
  wallErrorMs = 0
  bootedAtMs = this.trueMs - HOUR_MS

  readonly read = (): Reading => ({
    wallMs: this.trueMs + this.wallErrorMs,
    steadyMs: this.trueMs - this.bootedAtMs,
    bootId: `boot at ${this.bootedAtMs}`,
  })
}

export interface RecorderProcess {
  readonly vault: Vault
  readonly store: Store
  readonly retention: Retention
  readonly clock: BelievedClock
  readonly timer: TurnedClock
  close(): Promise<void>
}

export interface ProcessOptions {
  readonly disk?: Disk
  readonly store?: (store: Store) => Store
  readonly deleted?: (proof: KeptProof) => Promise<void>
}

/** A data folder with a recorder's retention on it, one process after the other. */
export class RetentionScene {
  readonly machine = new MachineClock()
  readonly folder: string
  readonly said: string[] = []
  readonly data: string
  readonly keysDirectory: string
  readonly vaultDirectory: string
  #copies = 0

  constructor(folder: string) {
    this.folder = folder
    this.data = join(folder, 'data')
    this.vaultDirectory = join(this.data, 'recorder', 'vault')
    this.keysDirectory = join(this.data, 'recorder', 'expiry-keys')
  }

  async start({ disk = nodeDisk, store: wrap = (s) => s, deleted }: ProcessOptions = {}) {
    await nodeDisk.makeDirectory(this.vaultDirectory)
    const tell = (sentence: string) => void this.said.push(sentence)
    const clock = await BelievedClock.open(
      {
        noteFile: join(this.data, 'recorder', 'clock.json'),
        confirmFile: join(this.data, 'recorder', 'confirmed.json'),
        read: this.machine.read,
        tell,
        disk,
      },
      async () => null,
    )
    const opened = await openStore(join(this.data, 'recorder', 'index.sqlite'))
    const store = wrap(opened)
    const { keysDirectory } = this
    const vault = vaultAt(this.vaultDirectory, { keysDirectory, now: () => clock.now(), disk })
    const timer = new TurnedClock()
    const retention = new Retention({
      vault,
      store,
      clock: timer,
      timeToDeleteBy: () => clock.look(),
      tell: (level, sentence) => tell(`${level}: ${sentence}`),
      ...(deleted ? { deleted } : {}),
    })
    const close = async () => {
      await retention.stop()
      await vault.close().catch(() => {})
      await opened.close()
    }
    return { vault, store, retention, clock, timer, close } satisfies RecorderProcess
  }

  /** Looks every five minutes while time passes. */
  async pass({ retention }: RecorderProcess, ms: number, everyMs = 5 * MINUTE_MS): Promise<void> {
    for (let left = ms; left > 0; left -= everyMs) {
      this.machine.trueMs += Math.min(everyMs, left)
      await retention.look()
    }
  }

  /** A copy of everything but the expiry keys. */
  backUp(): string {
    const copy = join(this.folder, `backup-${this.#copies++}`)
    cpSync(this.data, copy, { recursive: true, filter: (path) => path !== this.keysDirectory })
    return copy
  }

  /** Opens a recording with every auditor's key; resolves with the sentence that says why not, or null. */
  async open(data: string, { a, b, sessionId }: Numbered): Promise<string | null> {
    const outDirectory = join(this.folder, 'out')
    try {
      await reconstruct({
        vaultDirectory: join(data, 'recorder', 'vault'),
        keysDirectory: this.keysDirectory,
        sessionId,
        identities: [a.identity, b.identity],
        outDirectory,
      })
      return null
    } catch (error) {
      return (error as Error).message
    } finally {
      if (existsSync(outDirectory)) rmSync(outDirectory, { recursive: true })
    }
  }
}

/** A short recording, made, closed and indexed as a session does it. */
export async function record(
  { vault, store }: Pick<RecorderProcess, 'vault' | 'store'>,
  { writer, sessionId }: Numbered,
): Promise<void> {
  const { header, wraps } = openingOf(writer)
  const index = storeIndex(store)
  const recording = await vault.open(sessionId, header, wraps)
  await index.opened(factsOf(recording))
  for (const { seq, bytes } of [chat(writer), writer.close()]) await recording.append(seq, bytes)
  await index.closed({ ...factsOf(recording), closed: 'closed', endedAtMs: Date.now() })
  await vault.release(sessionId)
}

export const chat = (writer: RecordingWriter) =>
  writer.append('chat', { t: 'chat', from: 'expert', text: 'how it went' })

export const sessionIdOf = (n: number) => `session-${n}-`.padEnd(22, 'x')

export interface Numbered extends MadeRecording {
  readonly sessionId: string
}

export async function makeNumbered(n: number, retentionDays = 90): Promise<Numbered> {
  const sessionId = sessionIdOf(n)
  const [a, b] = await Promise.all([makeKey('service lead'), makeKey('data protection')])
  const policy = { ...policyOf([a], [b]), retentionDays }
  return { ...(await makeRecording({ sessionId, policy })), a, b, sessionId }
}
