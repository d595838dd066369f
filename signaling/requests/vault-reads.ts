import type { Readable } from 'node:stream'
import { nanoid } from 'nanoid'
import type { ServerToRecorder } from '../../protocol/messages/signaling.ts'
import { Refusal, type RefusalCode } from '../../protocol/refusals.ts'
import type { Clock } from '../clock.ts'

/** What a recorder sends for one read: sealed, and not kept here. */
export interface VaultPart {
  /** Number of the first and the last entry in it; null for the wrapped keys. */
  readonly entries: { readonly from: number; readonly to: number } | null
  /** Where to read on; null at the end. */
  readonly next: number | null
  readonly bytes: Readable
}

type VaultRead = Extract<ServerToRecorder, { t: 'vault.read' }>

/** A recorder that has not begun to answer by then does not. */
const ANSWER_WITHIN_MS = 10_000

interface Waiting {
  resolve(part: VaultPart): void
  reject(refusal: Refusal): void
}

/**
 * Reads from a recorder's vault. Recorders listen nowhere: one is asked over its socket, and brings the part in a
 * request of its own, whose body is passed on as it comes.
 */
export class VaultReads {
  readonly #clock: Clock
  readonly #waiting = new Map<string, Waiting>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Rejects with the recorder's refusal, or `no-recorder` where it stays silent. */
  read(ask: (message: VaultRead) => void, what: Omit<VaultRead, 't' | 'readId'>): Promise<VaultPart> {
    const readId = nanoid(22)
    return new Promise((resolve, reject) => {
      const stop = this.#clock.after(ANSWER_WITHIN_MS, () => this.refused(readId, 'no-recorder'))
      const end = () => {
        stop()
        this.#waiting.delete(readId)
      }
      this.#waiting.set(readId, {
        resolve(part) {
          end()
          resolve(part)
        },
        reject(refusal) {
          end()
          reject(refusal)
        },
      })
      ask({ t: 'vault.read', readId, ...what })
    })
  }

  /** False where nobody waits for it any more. */
  arrived(readId: string, part: VaultPart): boolean {
    const waiting = this.#waiting.get(readId)
    waiting?.resolve(part)
    return waiting !== undefined
  }

  refused(readId: string, code: RefusalCode): void {
    this.#waiting.get(readId)?.reject(new Refusal(code))
  }
}
