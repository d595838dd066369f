import { type Static, Type } from 'typebox'
import { codecOf } from '../codec.ts'
import { KEY_CODES } from '../key-codes.ts'
import { MAX_SCREEN_SIDE } from './picture.ts'

/**
 * What the expert's hands do, on the ordered `input` channel and the lossy `pointer` channel. The agent's gate decides
 * on each message whether it reaches the system [K1]; what does not is forgotten. Places are pixels of the
 * customer's screen, as in the picture's layout.
 */

const Place = Type.Integer({ minimum: 0, maximum: MAX_SCREEN_SIDE })
/**
 * Counts up over both channels of one link: a move that arrives after a later button, wheel or move is stale.
 */
const n = Type.Integer({ minimum: 0 })
/** Longest text of one message in UTF-16 units. */
export const MAX_TEXT_LENGTH = 256

export const POINTER_BUTTONS = ['left', 'middle', 'right', 'back', 'forward'] as const
export type PointerButton = (typeof POINTER_BUTTONS)[number]

/** Expert → agent on `pointer`: the pointer is here. Coalesced by the sender; may be lost. */
const At = Type.Object({ t: Type.Literal('at'), n, x: Place, y: Place })
export const ExpertPointerMessage = Type.Union([At])
export const expertPointerMessage = codecOf(ExpertPointerMessage, 1024)

/** Expert → agent: a button goes down or up, here. */
const Button = Type.Object({
  t: Type.Literal('button'),
  n,
  button: Type.Enum(POINTER_BUTTONS),
  isDown: Type.Boolean(),
  x: Place,
  y: Place,
})
/** Expert → agent: the wheel turns, here. In 1/120 of a notch; positive is right and down. */
const Wheel = Type.Object({
  t: Type.Literal('wheel'),
  n,
  x: Place,
  y: Place,
  dx: Type.Integer({ minimum: -12_000, maximum: 12_000 }),
  dy: Type.Integer({ minimum: -12_000, maximum: 12_000 }),
})
/** Expert → agent: these characters, whatever the two keyboards are [K5]. `\n` is Enter, `\t` is Tab. */
const Text = Type.Object({
  t: Type.Literal('text'),
  text: Type.String({ minLength: 1, maxLength: MAX_TEXT_LENGTH }),
})
/**
 * Expert → agent: a key as such, for shortcuts and whatever is no text. `character` is what the expert's keyboard has
 * on it, in lower case: of a shortcut like Ctrl+Z it is the letter that matters, not its place.
 */
const Key = Type.Object({
  t: Type.Literal('key'),
  code: Type.Enum(KEY_CODES),
  isDown: Type.Boolean(),
  character: Type.Optional(Type.String({ minLength: 1, maxLength: 2 })),
})
/** Expert → agent, several times a second while a key or button is down: silence lets go of it. */
const Holding = Type.Object({ t: Type.Literal('holding') })
/** Expert → agent: everything is up now, since the page lost the keyboard or the customer took over. */
const LetGo = Type.Object({ t: Type.Literal('let-go') })
/** Expert → agent, at every level: point the customer to this place. Drawn, never injected. */
const Show = Type.Object({ t: Type.Literal('show'), x: Place, y: Place })

export const InputMessage = Type.Union([Button, Wheel, Text, Key, Holding, LetGo, Show])
export type InputMessage = Static<typeof InputMessage>
/** What asks the gate to touch the system. */
export type RemoteInput = Exclude<InputMessage, { t: 'show' }> | Static<typeof At>
export const inputMessage = codecOf(InputMessage, 4096)
