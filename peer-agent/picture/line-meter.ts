import type { LineQuality } from '../../protocol/messages/control-channel.ts'

interface Sent {
  readonly seq: number
  readonly bytes: number
  readonly atMs: number
  /** All that was on its way then, itself included. */
  readonly aheadBytes: number
  /** Bytes drawn when it was sent, and when the last of them were; when it was sent, if nothing was on its way. */
  readonly deliveredBefore: number
  readonly deliveredAtMs: number
  /** Nothing else was on its way: how long it takes is the line's own delay. */
  readonly isAlone: boolean
  /** It was kept small and alone for that. */
  readonly isProbe: boolean
  /** Enough was on its way for the line, not the sender, to set the pace. */
  readonly isFull: boolean
}

/** Assumed until the rate is measured: what is far away is taken to be slow as well, so that no queue comes of it. */
const FAR_BYTES_PER_SECOND = 40_000
const NEAR_BYTES_PER_SECOND = 1_500_000
const NEAR_DELAY_MS = 300
const FIRST_DELAY_MS = 50
/** The newest samples of a full line; the best of them counts, since a page that was busy only ever slows them down. */
const SAMPLES = 6
/** On a line that is always busy the delay is measured anew so often: one small update travels alone. */
const DELAY_MEMORY_MS = 10_000
/** The first says more of a page that is just starting. */
const FIRST_DELAY_MEMORY_MS = 1_000
const ALONE_BYTES = 4_000
/** It may turn out so much larger and is still taken for the delay. */
const MOST_ALONE_BYTES = 2 * ALONE_BYTES
/** What may wait beyond the round trip itself: what the line carries while the next is read and coded. */
const QUEUE_MS = 80
const MOST_QUEUE_BYTES = 200_000
/** More than one, or the window could never find out that the line is faster than thought. */
const ROUND_TRIPS = 1.25
/** On the line for less than this, it may all have gone out of a bucket, or its time be that of the page's frames. */
const SURE_MS = 30
/** Then the line is thought to carry at most so much more than before, until that is measured. */
const HINT_GAIN = 1.5
/** What takes so many times longer than expected says that the line carries less, however little it was. */
const SLOW_TIMES = 1.5
/** What took this long, and so many times longer than expected, tells of another line: of the samples the last stay. */
const CHANGED_MS = 1_000
const CHANGED_TIMES = 4
const KEPT_SAMPLES = 2
/** At first the window is this much larger, until so many samples in a row have found the line no faster. */
const START_GAIN = 2
const STARTED_AFTER = 3
const GROWS_BY = 1.2
const LEAST_WINDOW_BYTES = 6_000
const MOST_WINDOW_BYTES = 4_000_000
const MOST_UPDATES = 12
/** One update has this share of the window: with one alone the line would be idle while it is drawn. */
const SHARE_OF_WINDOW = 1 / 3
/** Or this share of what is free in it: a sender that takes its time would leave the line idle as well. */
const SHARE_OF_FREE = 2 / 3

const GOOD_BYTES_PER_SECOND = 500_000
const FAIR_BYTES_PER_SECOND = 90_000
/** A better line must be this much better before it is called so. */
const UP = 1.3

/**
 * Measures the line by what the page says it has drawn, and says how much may be on its way: the rate times the round
 * trip and a little more, so that nothing waits longer than about one round trip and what comes next is the newest
 * state. After BBR (Cardwell et al., ACM Queue 2016): the rate from the best delivery, the delay from the shortest.
 */
export class LineMeter {
  #sent: Sent[] = []
  #inFlightBytes = 0
  #deliveredBytes = 0
  /** Or when the line became busy, if that was later. */
  #lastDrawnMs = 0
  readonly #samples: number[] = []
  #bytesPerSecond = FAR_BYTES_PER_SECOND
  #isKnown = false
  #isSure = false
  /** One after the other that took so long that the line must be another. */
  #changed = 0
  /** What the update took that measured the delay, its own bytes on the line included. */
  #alone: { readonly tookMs: number; readonly bytes: number } | undefined
  #aloneUntilMs = 0
  #wantsDelay = true
  /** Full samples one after the other that found the line no faster. */
  #stalled = 0
  #quality: LineQuality = 'good'

  get bytesPerSecond(): number {
    return this.#bytesPerSecond
  }

  /** Something was measured, so that how to code may be chosen by it. */
  get isKnown(): boolean {
    return this.#isKnown
  }

  /** Of one round trip, the drawing included. */
  get delayMs(): number {
    return this.#alone?.tookMs ?? FIRST_DELAY_MS
  }

  get quality(): LineQuality {
    return this.#quality
  }

  get windowBytes(): number {
    const gain = this.#stalled < STARTED_AFTER ? START_GAIN : 1
    const onTheLine = (this.#bytesPerSecond * ROUND_TRIPS * this.delayMs) / 1000
    const queued = Math.min(MOST_QUEUE_BYTES, (this.#bytesPerSecond * QUEUE_MS) / 1000)
    return Math.max(LEAST_WINDOW_BYTES, Math.min(MOST_WINDOW_BYTES, gain * (onTheLine + queued)))
  }

  /** How many bytes the next update may have; 0 while enough is on its way. */
  get roomBytes(): number {
    if (this.#wantsDelay) return this.#sent.length > 0 ? 0 : ALONE_BYTES
    const share = Math.floor(this.windowBytes * SHARE_OF_WINDOW)
    const free = this.windowBytes - this.#inFlightBytes
    if (free < share || this.#sent.length >= MOST_UPDATES) return 0
    return Math.max(share, Math.floor(free * SHARE_OF_FREE))
  }

  /** A new link: what was on its way on the old one says nothing more. The line itself may be the same. */
  relink(): void {
    this.#sent = []
    this.#inFlightBytes = 0
  }

  sent(seq: number, bytes: number, nowMs: number): void {
    const isAlone = this.#sent.length === 0
    if (isAlone) this.#lastDrawnMs = nowMs
    this.#inFlightBytes += bytes
    const isFull = !isAlone && this.#inFlightBytes >= this.windowBytes / 2
    this.#sent.push({
      seq,
      bytes,
      atMs: nowMs,
      aheadBytes: this.#inFlightBytes,
      deliveredBefore: this.#deliveredBytes,
      deliveredAtMs: this.#lastDrawnMs,
      isAlone,
      isProbe: this.#wantsDelay && isAlone && bytes <= MOST_ALONE_BYTES,
      isFull,
    })
  }

  /** Everything up to `seq` is drawn. */
  drawn(seq: number, nowMs: number): void {
    let newest: Sent | undefined
    for (; this.#sent[0] && this.#sent[0].seq <= seq; ) {
      newest = this.#sent.shift()!
      this.#inFlightBytes -= newest.bytes
      this.#deliveredBytes += newest.bytes
    }
    if (!newest) return
    const since = this.#deliveredBytes - newest.deliveredBefore
    this.#lastDrawnMs = nowMs
    this.#measureDelay(newest, nowMs)
    const deliveryRate = (since / Math.max(1, nowMs - newest.deliveredAtMs)) * 1000
    this.#forgetIfChanged(newest, nowMs)
    if (!newest.isProbe) this.#measure(newest, deliveryRate, nowMs)
  }

  /**
   * What an update took beyond the line's own delay, all that was before it was on the line. That is too much where
   * some of it had arrived already and only its answer was on its way; how fast answers come is the other limit.
   */
  #measure(update: Sent, deliveryRate: number, nowMs: number): void {
    const tookMs = nowMs - update.atMs
    const { tookMs: aloneMs, bytes } = this.#alone ?? { tookMs: FIRST_DELAY_MS, bytes: 0 }
    const onLineMs = Math.max(1, tookMs - aloneMs)
    const lineRate = (Math.max(1, update.aheadBytes - bytes) / onLineMs) * 1000
    const isLarge = update.bytes >= (this.windowBytes * SHARE_OF_WINDOW) / 2
    if (onLineMs < SURE_MS) {
      if (isLarge) this.#hint(lineRate)
      return
    }
    const isSlow = tookMs > SLOW_TIMES * this.#expectedMs(update)
    if (isLarge || update.isFull || isSlow)
      this.#measureRate(update.isAlone ? lineRate : Math.min(lineRate, deliveryRate))
  }

  #hint(rate: number): void {
    this.#isKnown = true
    this.#bytesPerSecond = Math.max(this.#bytesPerSecond, Math.min(rate, this.#bytesPerSecond * HINT_GAIN))
  }

  #expectedMs({ aheadBytes }: Sent): number {
    return this.delayMs + (aheadBytes / this.#bytesPerSecond) * 1000
  }

  #forgetIfChanged(update: Sent, nowMs: number): void {
    const isChanged = nowMs - update.atMs > Math.max(CHANGED_MS, CHANGED_TIMES * this.#expectedMs(update))
    this.#changed = isChanged ? this.#changed + 1 : 0
    if (!isChanged) return
    this.#samples.splice(0, Math.max(0, this.#samples.length - KEPT_SAMPLES + 1))
    this.#isSure ||= this.#changed >= KEPT_SAMPLES
  }

  #measureDelay({ atMs, bytes, isAlone, isProbe }: Sent, nowMs: number): void {
    const tookMs = Math.max(1, nowMs - atMs)
    const isFirst = this.#alone === undefined
    if (isFirst && tookMs < NEAR_DELAY_MS) this.#bytesPerSecond = NEAR_BYTES_PER_SECOND
    const isShorter = !this.#alone || tookMs <= this.#alone.tookMs
    if (isShorter || isProbe) this.#alone = { tookMs, bytes }
    if (isShorter || (isAlone && bytes <= MOST_ALONE_BYTES)) {
      this.#aloneUntilMs = nowMs + (isFirst ? FIRST_DELAY_MEMORY_MS : DELAY_MEMORY_MS)
      this.#wantsDelay = false
    }
    if (nowMs > this.#aloneUntilMs) this.#wantsDelay = true
  }

  #measureRate(rate: number): void {
    this.#isKnown = true
    this.#samples.push(rate)
    if (this.#samples.length > SAMPLES) this.#samples.shift()
    const measured = Math.max(...this.#samples)
    this.#stalled = rate > this.#bytesPerSecond * GROWS_BY ? 0 : this.#stalled + 1
    // The assumption from before the first measurement counts as one until there are enough.
    this.#isSure ||= this.#samples.length >= SAMPLES / 2
    this.#bytesPerSecond = this.#isSure ? measured : Math.max(measured, this.#bytesPerSecond)
    if (this.#isSure) this.#quality = qualityOf(this.#bytesPerSecond, this.#quality)
  }
}

function qualityOf(bytesPerSecond: number, before: LineQuality): LineQuality {
  const isAtLeast = (limit: number, isAlready: boolean) => bytesPerSecond >= limit * (isAlready ? 1 : UP)
  if (isAtLeast(GOOD_BYTES_PER_SECOND, before === 'good')) return 'good'
  return isAtLeast(FAIR_BYTES_PER_SECOND, before !== 'poor') ? 'fair' : 'poor'
}
