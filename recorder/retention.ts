import type { Clock } from '../peer/clock.ts'
import { type KeptProof, listDeletionProofs, markReported } from '../store/deletion-proofs.ts'
import { setRetention } from '../store/recordings.ts'
import type { Store } from '../store/store.ts'
import { deleteDue } from './deletion.ts'
import { slotOf } from './expiry-slot.ts'
import { repairIndex } from './index-repair.ts'
import { endOf, type Term } from './sealed-wraps.ts'
import type { Vault } from './vault.ts'

/** How often it looks for what is due. */
const LOOK_MS = 5 * 60_000
const DAY_MS = 24 * 60 * 60_000

export interface RetentionOptions {
  readonly vault: Vault
  readonly store: Store
  readonly clock: Clock
  /** The time to delete by, in ms since the epoch; asked once a look. */
  readonly timeToDeleteBy: () => Promise<number>
  /** A sentence for the operator's log. */
  readonly tell: (level: 'info' | 'error', sentence: string, sessionId?: string) => void
  /** Takes a proof elsewhere, for example to an audit log. Told again until it resolves, also after a restart. */
  readonly deleted?: (proof: KeptProof) => Promise<void>
}

/** A hold that is not possible; the message is a sentence for the person who asked. */
export class HoldRefused extends Error {}

/**
 * Deletes recordings when they fall due, by a timer of its own, and keeps those that are held [R6]. One thing at a time:
 * no hold comes between the decision to delete and the deletion.
 */
export class Retention {
  readonly #options: RetentionOptions
  #lane: Promise<unknown> = Promise.resolve()
  #stopTimer: () => void = () => {}
  #isStopped = false
  #checkedAtMs: number | undefined

  constructor(options: RetentionOptions) {
    this.#options = options
  }

  /** Looks now and every few minutes from now on. */
  start(): void {
    void this.look().finally(() => {
      if (!this.#isStopped) this.#stopTimer = this.#options.clock.after(LOOK_MS, () => this.start())
    })
  }

  /** Resolves when nothing is under way any more. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#stopTimer()
    await this.#lane
  }

  /** Deletes what is due, and finishes what an earlier process began. Never rejects: what failed is told, and tried again. */
  look(): Promise<void> {
    return this.#alone(async () => {
      try {
        await this.#look()
      } catch (error) {
        const why = (error as Error).message
        this.#options.tell('error', `Deleting what is due did not work and is tried again soon: ${why}`)
      }
    })
  }

  /**
   * Keeps a recording until this moment even if its period ends before; may be given again to change it. From then on
   * it is stored under a key of its own. Rejects with `HoldRefused` or `WrapsUnreadable`.
   */
  hold(sessionId: string, untilMs: number): Promise<void> {
    return this.#alone(async () => {
      const nowMs = await this.#options.timeToDeleteBy()
      if (!Number.isSafeInteger(untilMs) || untilMs <= nowMs)
        throw new HoldRefused('A hold has to end on a day that is still to come.')
      const { dueAtMs } = await this.#termOf(sessionId)
      await this.#setTerm(sessionId, { dueAtMs, heldUntilMs: untilMs })
    })
  }

  /** Ends a hold before its time. Where the period is over, the recording goes with the next look. */
  release(sessionId: string): Promise<void> {
    return this.#alone(async () => {
      const nowMs = await this.#options.timeToDeleteBy()
      const { dueAtMs, heldUntilMs } = await this.#termOf(sessionId)
      if (heldUntilMs === null) throw new HoldRefused('Nobody holds this recording.')
      // The key of a slot that is over is destroyed and never made again: its own key is left until the deletion.
      const isOver = slotOf(dueAtMs) < slotOf(nowMs)
      await this.#setTerm(sessionId, { dueAtMs, heldUntilMs: isOver ? dueAtMs : null })
    })
  }

  async #look(): Promise<void> {
    const { vault, store, tell, timeToDeleteBy } = this.#options
    const nowMs = await timeToDeleteBy()
    if (this.#checkedAtMs === undefined || Math.abs(nowMs - this.#checkedAtMs) >= DAY_MS) {
      const changes = await repairIndex(vault, store, true)
      if (changes > 0)
        tell('info', `The index of recordings was corrected from the vault in ${changes} places.`)
      this.#checkedAtMs = nowMs
    }
    const failed = (sessionId: string | null, error: Error) =>
      tell(
        'error',
        `A recording or key that is due could not be deleted and is tried again soon: ${error.message}`,
        sessionId ?? undefined,
      )
    const deleted = ({ sessionId }: KeptProof) =>
      tell('info', 'The recording fell due and was deleted, its key destroyed.', sessionId)
    await deleteDue({ vault, store, failed, deleted }, nowMs)
    await vault.wraps.destroyUnusedHolds()
    await vault.keys.clean()
    await this.#report()
  }

  async #report(): Promise<void> {
    const { store, deleted } = this.#options
    if (!deleted) return
    for (const proof of await listDeletionProofs(store, { state: 'done', isReported: false })) {
      await deleted(proof)
      await markReported(store, proof)
    }
  }

  async #termOf(sessionId: string): Promise<Term> {
    const { vault, store } = this.#options
    const term = await vault.wraps.term(sessionId)
    if (!term) throw new HoldRefused('There is no recording of this session any more.')
    const [deleting] = await listDeletionProofs(store, { sessionId, state: 'deleting', limit: 1 })
    if (deleting) throw new HoldRefused('This recording is being deleted.')
    return term
  }

  /** A crash between the two leaves the index behind; the file counts, and the index is corrected from it. */
  async #setTerm(sessionId: string, term: Term): Promise<void> {
    const { vault, store } = this.#options
    await vault.wraps.rewrap(sessionId, term)
    await setRetention(store, sessionId, endOf(term))
  }

  #alone<Result>(action: () => Promise<Result>): Promise<Result> {
    const result = this.#lane.then(action)
    this.#lane = result.catch(() => {})
    return result
  }
}
