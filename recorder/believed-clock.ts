import { dirname } from 'node:path'
import {
  type Belief,
  believe,
  certainMs,
  confirm,
  type Doubt,
  likelyMs,
  type Reading,
  since,
} from './believed-time.ts'
import { decodeBelief, decodeConfirmation, encodeBelief } from './clock-note.ts'
import { type Disk, nodeDisk } from './disk.ts'
import { readWhole, replaceWhole } from './whole-file.ts'

const MAX_NOTE_BYTES = 4096
const TELL_EVERY_MS = 60 * 60_000

export interface BelievedClockOptions {
  /** What was believed last. */
  readonly noteFile: string
  /** Where the operator's command says that the wall clock is right. */
  readonly confirmFile: string
  readonly disk?: Disk
  /** Both clocks of the machine, read together. */
  readonly read: () => Reading
  /** A sentence for the operator. */
  readonly tell: (sentence: string) => void
}

/** The recorder's own time, by which recordings are dated and deleted [R6]; `believed-time.ts` has the rules. */
export class BelievedClock {
  readonly #options: BelievedClockOptions
  readonly #disk: Disk
  #belief: Belief
  #toldAtMs = Number.NEGATIVE_INFINITY

  /** @param knownPastMs a moment that has been, for the case that the note is lost; null where nothing is known */
  static async open(
    options: BelievedClockOptions,
    knownPastMs: () => Promise<number | null>,
  ): Promise<BelievedClock> {
    const disk = options.disk ?? nodeDisk
    const bytes = await readWhole(disk, options.noteFile, MAX_NOTE_BYTES)
    const noted = bytes && decodeBelief(bytes)
    const pastMs = noted ? null : await knownPastMs()
    const before = noted ?? (pastMs === null ? null : since(pastMs, options.read()))
    return new BelievedClock(options, disk, believe(before, options.read()))
  }

  private constructor(options: BelievedClockOptions, disk: Disk, belief: Belief) {
    this.#options = options
    this.#disk = disk
    this.#belief = belief
  }

  /** The time to date by, in ms since the epoch. */
  now(): number {
    this.#belief = believe(this.#belief, this.#options.read())
    return likelyMs(this.#belief)
  }

  /** The time to delete by. Also writes down what is believed, and does what the operator's command asked for. */
  async look(): Promise<number> {
    try {
      await this.#takeConfirmation()
      this.#belief = believe(this.#belief, this.#options.read())
      await replaceWhole(this.#disk, this.#options.noteFile, encodeBelief(this.#belief))
    } catch (error) {
      // It costs a later process what was measured since the last note, and nothing now.
      this.#options.tell(`The note of the recorder's time cannot be written: ${(error as Error).message}`)
      this.#belief = believe(this.#belief, this.#options.read())
    }
    this.#tellDoubt()
    return certainMs(this.#belief)
  }

  async #takeConfirmation(): Promise<void> {
    const { confirmFile, read, tell } = this.#options
    const bytes = await readWhole(this.#disk, confirmFile, MAX_NOTE_BYTES)
    if (!bytes) return
    const confirmed = decodeConfirmation(bytes)
    if (confirmed && confirmed.bootId === read().bootId) {
      this.#belief = confirm(confirmed)
      await replaceWhole(this.#disk, this.#options.noteFile, encodeBelief(this.#belief))
      tell(`The operator confirmed the clock: it was ${timeText(confirmed.wallMs)}. Deleting goes on by it.`)
    } else
      tell('The clock was confirmed before the machine started anew. Confirm it again if it is still right.')
    await this.#disk.remove(confirmFile)
    await this.#disk.syncDirectory(dirname(confirmFile))
  }

  #tellDoubt(): void {
    const { doubt, steadyMs } = this.#belief
    if (!doubt) {
      this.#toldAtMs = Number.NEGATIVE_INFINITY
      return
    }
    if (steadyMs - this.#toldAtMs < TELL_EVERY_MS && steadyMs >= this.#toldAtMs) return
    this.#toldAtMs = steadyMs
    this.#options.tell(doubtSentence(doubt, certainMs(this.#belief)))
  }
}

/** @param believedMs the time that is believed instead */
export function doubtSentence({ t, byMs }: Doubt, believedMs: number): string {
  const hours = (byMs / 3_600_000).toFixed(1)
  const wallMs = t === 'ahead' ? believedMs + byMs : believedMs - byMs
  const where = t === 'ahead' ? 'ahead of' : 'behind'
  return (
    `The clock of this machine says ${timeText(wallMs)}, ${hours} hours ${where} what the recorder could measure. ` +
    `Recordings are deleted as if it were ${timeText(believedMs)}. Set the clock right, or if it is right, ` +
    'run: npm run retention -- confirm-clock --yes'
  )
}

export function timeText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
