import { type Static, Type } from 'typebox'
import { codecOf } from '../codec.ts'
import { CUSTOMER_HOLDS_BECAUSE } from '../control.ts'
import { EndReason } from '../end-reason.ts'
import { Holder, Level, Subject } from '../level.ts'

/** The `control` channel between agent and expert: ordered, reliable, small JSON. The agent decides, the expert asks. */

/** Both: this end leaves now, for this reason. The receiver tears down and shows the sentence. */
const Bye = Type.Object({ t: Type.Literal('bye'), reason: EndReason })

/** Agent → expert, on every change: everything the expert may know of consent. */
export const SharingState = Type.Object({
  t: Type.Literal('state'),
  level: Type.Union([Level, Type.Null()]),
  holder: Holder,
  /** Why the customer holds; null while the expert does. */
  because: Type.Union([Type.Enum(CUSTOMER_HOLDS_BECAUSE), Type.Null()]),
  /** How long the customer's hands must rest before the expert holds again [K3]. */
  restMs: Type.Integer({ minimum: 0, maximum: 60_000 }),
  /** What the customer is being asked for now; remote input is dropped meanwhile [C3]. */
  question: Type.Union([Subject, Type.Null()]),
  /** The levels an `ask` would be taken for now; what is never in it this service or device does not offer [C6]. */
  askable: Type.Array(Level, { maxItems: 3 }),
  /** The customer lets text go between the two clipboards. */
  clipboard: Type.Boolean(),
  /** This device takes an injected Ctrl+Alt+Del. */
  ctrlAltDel: Type.Boolean(),
  /** Name of the recorder in the session, as shown to both people [T4]. */
  recorder: Type.String({ maxLength: 80 }),
})
export type SharingState = Static<typeof SharingState>
/** Agent → expert: whether the picture is live, and if not, why. */
export const PICTURE_REASONS = [
  'no-recorder',
  'recorder-silent',
  'recorder-disk-full',
  'recorder-failed',
  'hidden',
] as const
const PictureState = Type.Object({
  t: Type.Literal('picture'),
  state: Type.Union([Type.Literal('live'), Type.Literal('frozen'), Type.Literal('card')]),
  reason: Type.Optional(Type.Enum(PICTURE_REASONS)),
})
export type PictureState = Static<typeof PictureState>

/** Expert → agent: update `seq` of the picture is on the canvas; the agent may send more. */
const Drawn = Type.Object({ t: Type.Literal('drawn'), seq: Type.Integer({ minimum: 0 }) })
/** Expert → agent: please ask the customer for this level [C2]. */
const Ask = Type.Object({ t: Type.Literal('ask'), level: Level })
/** Expert → agent: I need this level, and those above it, no longer. */
const Return = Type.Object({
  t: Type.Literal('return'),
  level: Type.Union([Type.Literal('control'), Type.Literal('admin')]),
})

/** What comes first where the line can't carry both: exact text or even motion. */
export const PICTURE_PREFERENCES = ['sharp', 'smooth'] as const
export type PicturePreference = (typeof PICTURE_PREFERENCES)[number]
/** Expert → agent. Sharp until said otherwise. */
const Prefer = Type.Object({ t: Type.Literal('prefer'), picture: Type.Enum(PICTURE_PREFERENCES) })
/** Expert → agent: a frame of the film with this id is on the canvas. Said once for each film. */
const FilmShown = Type.Object({
  t: Type.Literal('film-shown'),
  id: Type.Integer({ minimum: 1, maximum: 0xffff }),
})

/**
 * Agent → expert, when it changes. `good`: everything arrives exact at once. `fair`: large changes come coarse first.
 * `poor`: text first, and slowly.
 */
export const LINE_QUALITIES = ['good', 'fair', 'poor'] as const
export type LineQuality = (typeof LINE_QUALITIES)[number]
const LineNow = Type.Object({ t: Type.Literal('line'), quality: Type.Enum(LINE_QUALITIES) })

/** Agent → expert: that input was meant for the customer's own Lotse window, which takes none of yours. */
const Shielded = Type.Object({ t: Type.Literal('shielded') })

export const AgentToExpert = Type.Union([Bye, SharingState, PictureState, LineNow, Shielded])
export type AgentToExpert = Static<typeof AgentToExpert>
export const ExpertToAgent = Type.Union([Bye, Drawn, Ask, Return, Prefer, FilmShown])
export type ExpertToAgent = Static<typeof ExpertToAgent>
export const agentToExpert = codecOf(AgentToExpert, 4096)
export const expertToAgent = codecOf(ExpertToAgent, 4096)
