import { type Static, Type } from 'typebox'
import { codecOf } from '../../protocol/codec.ts'
import { CUSTOMER_HOLDS_BECAUSE } from '../../protocol/control.ts'
import { EndReason } from '../../protocol/end-reason.ts'
import { Holder, Level, Role, Subject } from '../../protocol/level.ts'
import { MAX_CHAT_LENGTH } from '../../protocol/messages/chat.ts'
import { PICTURE_REASONS } from '../../protocol/messages/control-channel.ts'
import { RefusalCodeSchema } from '../../protocol/refusals.ts'

/** What the agent tells its window, and what the customer's window answers. One schema for both ends. */

const Person = Type.Object({ name: Type.String(), team: Type.String() })

/** What can be wrong with a number before anything was sent, and that nothing could be sent. */
export const NUMBER_PROBLEMS = [
  'number-too-short',
  'number-too-long',
  'number-not-digits',
  'number-mistyped',
  'no-service',
] as const
const Problem = Type.Union([RefusalCodeSchema, EndReason, Type.Enum(NUMBER_PROBLEMS)])
export type Problem = Static<typeof Problem>

/** The customer is to type the number; `problem` says what was wrong with the last one. */
const NumberScreen = Type.Object({
  t: Type.Literal('number'),
  operatorName: Type.String(),
  problem: Type.Optional(Problem),
  retryAfterSeconds: Type.Optional(Type.Integer()),
})
/** Nothing to decide: a connection is being made. */
const BusyScreen = Type.Object({
  t: Type.Literal('busy'),
  what: Type.Enum(['joining', 'proving', 'preparing', 'connecting', 'ending']),
})
/** One question, two answers [C2, C4, C8]. */
const QuestionScreen = Type.Object({
  t: Type.Literal('question'),
  subject: Subject,
  expert: Person,
  operatorName: Type.String(),
  retentionDays: Type.Integer(),
  /** When the question counts as declined, ms since the epoch. */
  expiresAtMs: Type.Integer(),
})
/** The session runs. */
const SharingScreen = Type.Object({
  t: Type.Literal('sharing'),
  expert: Person,
  level: Level,
  holder: Holder,
  /** Why the customer holds; null while the expert does. */
  because: Type.Union([Type.Enum(CUSTOMER_HOLDS_BECAUSE), Type.Null()]),
  /** How long the customer's hands must rest before the expert may go on: 1 to 5 [K3]. */
  restSeconds: Type.Integer(),
  clipboard: Type.Object({
    /** The customer lets text go between the two clipboards. */
    isOn: Type.Boolean(),
    /** First words of what the expert asks to have, while the customer has not decided. */
    wanted: Type.Union([Type.String(), Type.Null()]),
    /** The last text that went over, for the customer to know: from whom, and its first words. */
    last: Type.Union([
      Type.Object({ from: Type.Enum(['customer', 'expert']), words: Type.String(), atMs: Type.Integer() }),
      Type.Null(),
    ]),
  }),
  recorder: Type.String(),
  picture: Type.Enum(['live', 'frozen', 'card']),
  pictureReason: Type.Optional(Type.Enum(PICTURE_REASONS)),
  line: Type.Enum(['up', 'lost']),
  sinceMs: Type.Integer(),
  stopKeyName: Type.String(),
})
/** What the customer can keep, in few words; the file says all. */
const EndedReceipt = Type.Object({
  fileName: Type.String(),
  expert: Person,
  startedAtMs: Type.Integer(),
  endedAtMs: Type.Integer(),
  granted: Type.Array(Level),
  keptUntilMs: Type.Integer(),
})
export type EndedReceipt = Static<typeof EndedReceipt>
/** It is over; nobody sees the screen. */
const EndedScreen = Type.Object({
  t: Type.Literal('ended'),
  reason: EndReason,
  by: Type.Union([Role, Type.Null()]),
  /** Name of the recording, which the customer may quote later. Null where none was made. */
  recordingId: Type.Union([Type.String(), Type.Null()]),
  retentionDays: Type.Integer(),
  /** Null where none could be made. */
  receipt: Type.Union([EndedReceipt, Type.Null()]),
})
export const Screen = Type.Union([NumberScreen, BusyScreen, QuestionScreen, SharingScreen, EndedScreen])
export type Screen = Static<typeof Screen>

/** One chat line, new or newly delivered. Agent → window. */
const ChatShown = Type.Object({
  t: Type.Literal('chat'),
  id: Type.String(),
  from: Type.Enum(['customer', 'expert']),
  text: Type.String(),
  atMs: Type.Integer(),
  delivered: Type.Boolean(),
})
const ScreenShown = Type.Object({ t: Type.Literal('screen'), screen: Screen })
/**
 * The action came without a press of the customer's own mouse or key, or too early: please do it again [C4]. So for
 * answers, and for whatever else widens: showing the picture again, a shorter rest, giving or allowing the clipboard.
 */
const AnswerIgnored = Type.Object({ t: Type.Literal('answer-ignored') })
export const ToWindow = Type.Union([ScreenShown, ChatShown, AnswerIgnored])
export type ToWindow = Static<typeof ToWindow>
export type ChatShown = Static<typeof ChatShown>

const NumberEntered = Type.Object({ t: Type.Literal('number'), typed: Type.String({ maxLength: 64 }) })
const Answer = Type.Object({ t: Type.Literal('answer'), subject: Subject, granted: Type.Boolean() })
/** Takes a level back for good, and those above it [C5]; it can be asked for again. */
const Withdrawn = Type.Object({
  t: Type.Literal('withdraw'),
  level: Type.Union([Type.Literal('control'), Type.Literal('admin')]),
})
/** "Blick weg": expert and recording get a plain card until the customer lifts it [C5]. */
const Hidden = Type.Object({ t: Type.Literal('hide'), isHidden: Type.Boolean() })
/** How long the customer's hands must rest before the expert may go on [K3]. */
const RestChosen = Type.Object({ t: Type.Literal('rest'), seconds: Type.Integer({ minimum: 1, maximum: 5 }) })
const ClipboardSwitched = Type.Object({ t: Type.Literal('clipboard'), isOn: Type.Boolean() })
/** Whether the expert gets the copied text they asked for. */
const ClipboardAnswered = Type.Object({ t: Type.Literal('clipboard-answer'), isGiven: Type.Boolean() })
const ChatTyped = Type.Object({
  t: Type.Literal('chat'),
  text: Type.String({ minLength: 1, maxLength: MAX_CHAT_LENGTH }),
})
/** End button, from any screen. */
const EndPressed = Type.Object({ t: Type.Literal('end') })
/** The customer has read the last page, or gives up before a session began. */
const Quit = Type.Object({ t: Type.Literal('quit') })
export const FromWindow = Type.Union([
  NumberEntered,
  Answer,
  Withdrawn,
  Hidden,
  RestChosen,
  ClipboardSwitched,
  ClipboardAnswered,
  ChatTyped,
  EndPressed,
  Quit,
])
export type FromWindow = Static<typeof FromWindow>

export const toWindow = codecOf(ToWindow, 64 * 1024)
export const fromWindow = codecOf(FromWindow, 16 * 1024)

/** An HTML file that the customer may save with a button of the window; nothing is written before. */
export interface OfferedFile {
  /** Letters, digits, dots and dashes. */
  readonly name: string
  readonly text: string
}

/** The customer's window as the agent sees it; the page in the browser's app mode is one way to draw it. */
export interface CustomerWindow {
  show(screen: Screen): void
  chat(line: ChatShown): void
  answerIgnored(): void
  /** The file that the end page's button saves, from now on. */
  offer(file: OfferedFile): void
  /** The process that shows the window, whose windows take no remote input; undefined where it is not ours. */
  readonly process: number | undefined
  onAction(listener: (action: FromWindow) => void): void
  /** The customer closed the window. During a session that ends it; before one it quits. */
  onClosed(listener: () => void): void
  /** Takes the window from the screen and leaves nothing of it behind. */
  close(): Promise<void>
}
