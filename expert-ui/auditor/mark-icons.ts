import Pause from '@lucide/svelte/icons/circle-pause'
import Clipboard from '@lucide/svelte/icons/clipboard'
import Eye from '@lucide/svelte/icons/eye'
import EyeOff from '@lucide/svelte/icons/eye-off'
import Hand from '@lucide/svelte/icons/hand'
import Info from '@lucide/svelte/icons/info'
import Question from '@lucide/svelte/icons/message-circle-question-mark'
import MessageSquare from '@lucide/svelte/icons/message-square'
import TriangleAlert from '@lucide/svelte/icons/triangle-alert'
import User from '@lucide/svelte/icons/user'
import type { FeedItem, MarkKind } from '../playback/feed.ts'

/** The sign of each kind of mark, on the timeline and in the list; a shape each, so that colour is not needed. */
export const MARK_ICONS = {
  consent: Question,
  'take-over': Hand,
  clipboard: Clipboard,
  picture: EyeOff,
  presence: User,
  chat: MessageSquare,
  trouble: TriangleAlert,
} satisfies Record<MarkKind, unknown>

const PICTURE_ICONS = { live: Eye, frozen: Pause, card: EyeOff }

export function iconOf({ mark, what }: FeedItem): typeof Info {
  if (what.t === 'picture') return PICTURE_ICONS[what.state]
  return mark ? MARK_ICONS[mark] : Info
}
