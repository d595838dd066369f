import { type Static, Type } from 'typebox'
import { codecOf } from '../codec.ts'

/**
 * The `clipboard` channel between agent and expert: text alone, at level *control*, one piece at a time and never by
 * itself. The customer sees each in their window, with its first words, and can switch it off.
 */

/** Longest text in UTF-16 units. */
export const MAX_CLIPBOARD_LENGTH = 20_000

const ClipboardText = Type.String({ minLength: 1, maxLength: MAX_CLIPBOARD_LENGTH })

/** Expert → agent: put this text on the customer's clipboard. Answered by `put`. */
const Put = Type.Object({ t: Type.Literal('put'), text: ClipboardText })
/** Expert → agent: please give me what the customer has copied. The customer decides each time. */
const Want = Type.Object({ t: Type.Literal('want') })
export const ExpertToClipboard = Type.Union([Put, Want])
export type ExpertToClipboard = Static<typeof ExpertToClipboard>
export const expertToClipboard = codecOf(ExpertToClipboard, 96 * 1024)

/** Why nothing went over; the expert reads `clipboard.<reason>` in `i18n/`. */
export const CLIPBOARD_REFUSALS = [
  'switched-off',
  'not-granted',
  'declined',
  'empty',
  'too-long',
  'failed',
] as const
export type ClipboardRefusal = (typeof CLIPBOARD_REFUSALS)[number]

/** Agent → expert: the text is on the customer's clipboard. */
const PutDone = Type.Object({ t: Type.Literal('put-done') })
/** Agent → expert: this is what the customer copied and gave. */
const Given = Type.Object({ t: Type.Literal('given'), text: ClipboardText })
/** Agent → expert: nothing went over, and why. */
const NotDone = Type.Object({ t: Type.Literal('not-done'), reason: Type.Enum(CLIPBOARD_REFUSALS) })
export const ClipboardToExpert = Type.Union([PutDone, Given, NotDone])
export type ClipboardToExpert = Static<typeof ClipboardToExpert>
export const clipboardToExpert = codecOf(ClipboardToExpert, 96 * 1024)
