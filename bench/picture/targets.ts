import type { Figures } from './measure.ts'

type Found = Readonly<Record<string, Figures>>

/**
 * What the picture has to reach, and against whom; only what was measured in this run is judged. An entry says: this
 * figure of Lotse's is at most (at least) so much, or so much of the peer's.
 */
interface Target {
  readonly run: string
  readonly what: string
  readonly atMost?: number
  readonly atLeast?: number
  readonly peer?: string
  /** With a peer: Lotse's figure against so many times the peer's. */
  readonly times?: number
}

const TARGETS: readonly Target[] = [
  { run: 'full idle', what: 'p50Ms', peer: 'tigervnc', times: 1 },
  { run: 'full idle', what: 'senderCpuPercent', atMost: 1 },
  { run: 'full typing', what: 'p50Ms', peer: 'tigervnc', times: 1 },
  { run: 'full typing', what: 'senderCpuPercent', atMost: 3 },
  { run: 'full scroll', what: 'shownFps', peer: 'chromium', times: 0.95 },
  { run: 'full scroll', what: 'p50Ms', peer: 'chromium', times: 0.9 },
  { run: 'full scroll', what: 'mbitPerSecond', peer: 'chromium', times: 1 },
  { run: 'full scroll', what: 'senderCpuPercent', peer: 'chromium', times: 0.75 },
  { run: 'full film', what: 'shownFps', atLeast: 29 },
  { run: 'full film', what: 'p50Ms', peer: 'tigervnc', times: 1 },
  { run: 'full fullscreen', what: 'legibleP50Ms', peer: 'tigervnc', times: 1 },
  { run: 'full fullscreen', what: 'exactP50Ms', atMost: 500 },
  { run: '10m scroll', what: 'shownFps', atLeast: 25 },
  { run: '10m scroll', what: 'p50Ms', peer: 'chromium', times: 1 },
  { run: '10m fullscreen', what: 'legibleP50Ms', atMost: 170 },
  { run: '2m scroll', what: 'shownFps', atLeast: 24 },
  { run: '2m scroll', what: 'p50Ms', peer: 'chromium', times: 1 },
  { run: '2m scroll', what: 'smallChangeAfterMs', atMost: 100 },
  // The line itself delays by less than a frame of the page: its queue is empty while somebody types.
  { run: '1m typing', what: 'p50Ms', atMost: 60 },
  { run: 'wet dialog', what: 'legibleP50Ms', atMost: 2000 },
  { run: 'wet keys', what: 'p50Ms', atMost: 1000 },
]
/** Where more is better. */
const WANTED_HIGH = new Set(['shownFps'])

/** Every target missed, as a sentence. */
export function shortOf(found: Found): string[] {
  const short = TARGETS.flatMap((target) => missedBy(target, found))
  for (const [run, figures] of Object.entries(found)) {
    if (!run.startsWith('lotse')) continue
    if (figures.isExactInTheEnd !== 1) short.push(`${run}: at rest the canvas is not the screen`)
    // On a narrow line half a second does not carry a whole screen.
    else if (run.startsWith('lotse full') && figures.isExactSoon !== 1)
      short.push(`${run}: half a second later the canvas is not the screen, ${figures.psnrSoonDb} dB`)
  }
  return short
}

function missedBy({ run, what, atMost, atLeast, peer, times }: Target, found: Found): string[] {
  const figure = found[`lotse ${run}`]?.[what]
  if (figure === undefined) return []
  const isHigh = WANTED_HIGH.has(what)
  const theirs = peer === undefined ? undefined : found[`${peer} ${run}`]?.[what]
  if (peer !== undefined && theirs === undefined) return []
  const limit = theirs === undefined ? (atMost ?? atLeast)! : theirs * times!
  if (isHigh ? figure >= limit : figure <= limit) return []
  const against = theirs === undefined ? '' : `, ${times} times that of ${peer}`
  return [`${run}: ${what} is ${figure}, ${isHigh ? 'less' : 'more'} than ${limit}${against}`]
}
