import { stretchOf } from './bands.ts'
import { lastAtOrBefore, type PosMs, type TimedEvent } from './timed.ts'

/** What kind of mark something leaves on the timeline. */
export const MARK_KINDS = [
  'consent',
  'take-over',
  'clipboard',
  'picture',
  'presence',
  'chat',
  'trouble',
] as const
export type MarkKind = (typeof MARK_KINDS)[number]

export interface FeedItem {
  readonly entry: number
  readonly posMs: PosMs
  readonly isProven: boolean
  readonly what: TimedEvent['what']
  /** Null for what is told in the list but is no place to jump to. */
  readonly mark: MarkKind | null
  /** The customer took mouse and keyboard back with the own hands. */
  readonly isTakeOver: boolean
}

/** Chat and events in the order of time, each where it began. */
export function feedOf(events: readonly TimedEvent[]): FeedItem[] {
  const items: FeedItem[] = []
  let lastHolder: string | null = null
  for (const event of events) {
    const { entry, isProven, what } = event
    const isTakeOver = what.t === 'holder' && lastHolder === 'expert' && isByHand(what)
    if (what.t === 'holder') lastHolder = what.holder
    const posMs = stretchOf(event).fromMs
    items.push({ entry, isProven, posMs, what, isTakeOver, mark: markOf(what, isTakeOver) })
  }
  return items.sort((one, other) => one.posMs - other.posMs || one.entry - other.entry)
}

export function nextMark(feed: readonly FeedItem[], posMs: PosMs): FeedItem | null {
  return feed.find((item) => item.mark !== null && item.posMs > posMs) ?? null
}

export function previousMark(feed: readonly FeedItem[], posMs: PosMs): FeedItem | null {
  return feed.findLast((item) => item.mark !== null && item.posMs < posMs) ?? null
}

/** What was said or happened last at this time; null before anything did. */
export function feedItemAt(feed: readonly FeedItem[], posMs: PosMs): FeedItem | null {
  return feed[lastAtOrBefore(feed, posMs)] ?? null
}

function isByHand(what: Extract<TimedEvent['what'], { t: 'holder' }>): boolean {
  return what.holder === 'customer' && what.customer.moves + what.customer.presses > 0
}

function markOf(what: TimedEvent['what'], isTakeOver: boolean): MarkKind | null {
  switch (what.t) {
    case 'consent':
      return 'consent'
    case 'holder':
      return isTakeOver ? 'take-over' : null
    case 'clipboard':
      return 'clipboard'
    case 'picture':
      return 'picture'
    case 'join':
    case 'end':
    case 'abandoned':
      return 'presence'
    case 'chat':
      return 'chat'
    case 'unreadable':
      return 'trouble'
    case 'level':
    case 'header':
    case 'closing':
      return null
  }
}
