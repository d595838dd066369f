import { createSubscriber } from 'svelte/reactivity'
import type { Verdict } from '../playback/happening.ts'
import type { Playback, Reading } from '../playback/playback.ts'
import { quietUntil } from '../playback/quiet.ts'
import type { Still } from '../playback/timed.ts'
import type { Timeline } from '../playback/timeline.ts'
import { AT_START, stepTransport, type Transport, type TransportInput } from '../playback/transport.ts'
import type { Shown } from '../playback/worker-messages.ts'

/** A page that was in the background goes on where it was; it does not make up for it. */
const MOST_TICK_MS = 250
/** How long a skip is told. */
const SKIP_SHOWN_MS = 2_500
/** More than this at once was a skip. */
const LEAST_SKIP_MS = 1_000

/** A `Playback` with a clock, to be read in templates. */
export class Player {
  readonly playback: Playback
  readonly #subscribe: () => void
  #transport: Transport = $state.raw(AT_START)
  #skipped: { readonly ms: number; readonly untilMs: number } | null = $state.raw(null)
  #lastMs: number | null = null
  /** The picture that was asked for last. */
  #followed: number | null = null
  /** Until the auditor goes somewhere, the place is that of the first picture. */
  #isAtFirst = true

  constructor(playback: Playback) {
    this.playback = playback
    this.#subscribe = createSubscriber((update) => playback.onChange(update))
  }

  get transport(): Transport {
    return this.#transport
  }

  /** How much of the recording was just passed over, as nothing changed in it; null where nothing was. */
  get skippedMs(): number | null {
    return this.#skipped?.ms ?? null
  }

  get timeline(): Timeline {
    this.#subscribe()
    return this.playback.timeline
  }

  get reading(): Reading {
    this.#subscribe()
    return this.playback.reading
  }

  get verdict(): Verdict {
    this.#subscribe()
    return this.playback.verdict
  }

  get shown(): Shown | null {
    this.#subscribe()
    return this.playback.shown
  }

  get isShowFailed(): boolean {
    this.#subscribe()
    return this.playback.isShowFailed
  }

  do(input: TransportInput): void {
    const { timeline } = this.playback
    this.#transport = stepTransport(this.#transport, input, {
      lengthMs: timeline.lengthMs,
      isWhole: timeline.isWhole,
      quietUntil: (posMs) => quietUntil(timeline, posMs),
    })
    if (input.t !== 'tick') this.#skipped = null
    this.#isAtFirst = false
    this.#follow()
  }

  jump(posMs: number): void {
    this.do({ t: 'jump', posMs })
  }

  toggle(): void {
    this.do({ t: this.#transport.isPlaying ? 'pause' : 'play' })
  }

  /** A step to another picture stops, as one wants to look at it. */
  step(to: Still | null): void {
    if (!to) return
    this.do({ t: 'pause' })
    this.jump(to.posMs)
  }

  /** Asks anew for the picture that could not be made. */
  retry(): void {
    this.#followed = null
    this.#follow()
  }

  /** Runs until the returned undo is called. */
  run(): () => void {
    let request = 0
    const again = (nowMs: number) => {
      this.#tick(nowMs)
      request = requestAnimationFrame(again)
    }
    request = requestAnimationFrame(again)
    return () => cancelAnimationFrame(request)
  }

  #tick(nowMs: number): void {
    const elapsedMs = Math.min(MOST_TICK_MS, nowMs - (this.#lastMs ?? nowMs))
    this.#lastMs = nowMs
    if (this.#skipped && nowMs > this.#skipped.untilMs) this.#skipped = null
    const { isPlaying, posMs, speed } = this.#transport
    // Time waits for its picture: nobody is to see a time with the picture of another.
    if (!isPlaying || this.playback.isShowing) {
      this.#follow()
      return
    }
    this.do({ t: 'tick', elapsedMs })
    const ms = this.#transport.posMs - posMs - elapsedMs * speed
    if (ms >= LEAST_SKIP_MS) this.#skipped = { ms, untilMs: nowMs + SKIP_SHOWN_MS }
  }

  #follow(): void {
    const first = this.playback.timeline.stills[0]
    if (this.#isAtFirst && first) {
      this.#isAtFirst = false
      this.#transport = { ...this.#transport, posMs: first.posMs }
    }
    const entry = this.playback.timeline.stillAt(this.#transport.posMs)?.entry
    if (entry === undefined || entry === this.#followed) return
    this.#followed = entry
    this.playback.show(entry)
  }
}
