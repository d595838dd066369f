import { type Static, Type } from 'typebox'
import { codecOf } from '../codec.ts'

/** Longest chat message in UTF-16 units. */
export const MAX_CHAT_LENGTH = 2000

/** Either person: one line of chat. `id` lets the receiver drop one it has had, after a lost line. */
const ChatLine = Type.Object({
  t: Type.Literal('chat'),
  id: Type.String({ pattern: '^[A-Za-z0-9_-]{21}$' }),
  text: Type.String({ minLength: 1, maxLength: MAX_CHAT_LENGTH }),
  atMs: Type.Integer({ minimum: 0 }),
})
export type ChatLine = Static<typeof ChatLine>
/** Receiver of a line: it is here. Unanswered lines are sent again on the next link. */
const ChatReceived = Type.Object({
  t: Type.Literal('received'),
  id: Type.String({ pattern: '^[A-Za-z0-9_-]{21}$' }),
})
export const ChatMessage = Type.Union([ChatLine, ChatReceived])
export type ChatMessage = Static<typeof ChatMessage>
export const chatMessage = codecOf(ChatMessage, 16 * 1024)
