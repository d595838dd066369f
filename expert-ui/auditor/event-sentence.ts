import type { FeedItem } from '../playback/feed.ts'
import { duration } from '../words/duration.ts'

/** Key and gaps of the sentence for what happened; chat has none, it speaks for itself. */
export interface Sentence {
  readonly key: string
  readonly gaps: Readonly<Record<string, string | number>>
  /** Keys of words that fill gaps. */
  readonly words: Readonly<Record<string, string>>
}

export function eventSentence({ what, isTakeOver, entry }: FeedItem): Sentence | null {
  const say = (key: string, gaps: Sentence['gaps'] = {}, words: Sentence['words'] = {}) => ({
    key,
    gaps,
    words,
  })
  switch (what.t) {
    case 'chat':
      return null
    case 'consent':
      return say(`player.consent-${what.event}`, {}, { subject: `player.subject-${what.subject}` })
    case 'holder': {
      const time = duration(what.toMs - what.fromMs)
      return say(isTakeOver ? 'player.take-over' : `player.holder-${what.holder}`, { time })
    }
    case 'clipboard':
      return say(`player.clipboard-${what.from}`, { count: what.length })
    case 'level':
      return say(`player.level-${what.level ?? 'none'}`)
    case 'picture':
      return say(`player.picture-${what.state}`)
    case 'join':
      return say(`player.join-${what.who}`, { name: what.name })
    case 'end':
      return say(`player.end-${what.reason}`)
    case 'abandoned':
      return say('player.abandoned')
    case 'header':
      return say('player.header')
    case 'closing':
      return say('player.closing')
    case 'unreadable':
      return say('player.unreadable', { entry })
  }
}

/** The counts of a stretch of the control log, for those who want to know [K6]. */
export function holderCounts({ what }: FeedItem): Sentence | null {
  if (what.t !== 'holder') return null
  const { moves, buttons, wheels, keys } = what.expert
  const { customer } = what
  return what.holder === 'expert'
    ? { key: 'player.counts-expert', gaps: { moves, buttons, wheels, keys }, words: {} }
    : { key: 'player.counts-customer', gaps: { moves: customer.moves, presses: customer.presses }, words: {} }
}
