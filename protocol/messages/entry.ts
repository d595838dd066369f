import { type Static, Type } from 'typebox'
import { codecOf } from '../codec.ts'
import { CONSENT_EVENTS } from '../consent.ts'
import { END_REASONS } from '../end-reason.ts'
import { Key32, SessionId } from '../identity.ts'
import { Holder, Level, Role, Subject } from '../level.ts'
import { ScreenLayout } from './picture.ts'

/**
 * A recording is a chain of entries. Each is a frame; `prev` is the SHA-256 (base64url) of the whole bytes of the
 * entry before, so that the chain can be checked without any key [R5]. Entry 0 is the header.
 */

const seq = Type.Integer({ minimum: 1, maximum: 2 ** 32 })
const atMs = Type.Integer({ minimum: 0 })

/** Entry 0. Payload empty. */
const Header = Type.Object({
  t: Type.Literal('header'),
  v: Type.Literal(1),
  sessionId: SessionId,
  startedAtMs: atMs,
  agent: Type.String({ maxLength: 80 }),
  /** As the operator signed it in the policy. */
  retentionDays: Type.Integer({ minimum: 1, maximum: 365 }),
  /** SHA-256 of the wrapped keys, which are kept beside the chain so that they can be destroyed [R6]. */
  wraps: Key32,
  /** Ed25519 key of this one session; it signs the closing. */
  signKey: Key32,
})
/** What a sealed record is about; `RECORD_CONTENT[type]` names the content it holds. */
export const RECORD_TYPES = [
  'keyframe',
  'tiles',
  'chat',
  'consent',
  'holder',
  'clipboard',
  'level',
  'picture',
  'file',
  'join',
  'end',
  'gap',
] as const
/** Payload: AES-256-GCM box under the session's key; nonce 0⁴ || seq as u64 big endian; additional data: the header's bytes. */
const Record = Type.Object({
  t: Type.Literal('record'),
  seq,
  atMs,
  type: Type.Enum(RECORD_TYPES),
  prev: Key32,
})
/**
 * Last entry of an orderly end, by the agent. Payload: Ed25519 signature (64 bytes) with the header's `signKey` over
 * `SIGNING_CONTEXT.closing || 0x00 || sessionId || 0x00 || this entry's header bytes`. These hold `prev`, and with it
 * the whole chain; nothing follows that would hash this entry, so they have to be signed themselves.
 */
const Closing = Type.Object({ t: Type.Literal('closing'), seq, atMs, prev: Key32 })
/** Last entry where the agent went without closing, by the recorder. Payload empty, nothing signed. */
const Abandoned = Type.Object({
  t: Type.Literal('abandoned'),
  seq,
  atMs,
  prev: Key32,
  reason: Type.Enum(END_REASONS),
})

export const Entry = Type.Union([Header, Record, Closing, Abandoned])
export type Entry = Static<typeof Entry>
export type RecordingHeader = Static<typeof Header>
export type RecordType = (typeof RECORD_TYPES)[number]
export const entry = codecOf(Entry, 65_536)

/** The wrapped halves of the session's key K = K1 xor K2, each an age file in base64url [R4]. */
export const KeyWraps = Type.Object({
  t: Type.Literal('wraps'),
  /** K1 for every key of group A. */
  a: Type.String({ maxLength: 120_000 }),
  /** K2 for every key of group B. */
  b: Type.String({ maxLength: 120_000 }),
})
export type KeyWraps = Static<typeof KeyWraps>
export const keyWraps = codecOf(Type.Union([KeyWraps]), 262_144)

// ---- what a sealed record holds: frames with these headers ----

const Still = Type.Object({
  x: Type.Integer({ minimum: 0 }),
  y: Type.Integer({ minimum: 0 }),
  width: Type.Integer({ minimum: 1 }),
  height: Type.Integer({ minimum: 1 }),
  /** Bytes of this rectangle's lossless WebP in the payload. */
  bytes: Type.Integer({ minimum: 1 }),
})
/** The whole screen, or what changed since the record before; payload: lossless WebP images one after the other. */
const Stills = Type.Object({
  t: Type.Literal('stills'),
  layout: Type.Optional(ScreenLayout),
  cursor: Type.Optional(Type.Object({ x: Type.Integer(), y: Type.Integer() })),
  stills: Type.Array(Still, { maxItems: 4096 }),
})
const Chat = Type.Object({
  t: Type.Literal('chat'),
  from: Type.Union([Type.Literal('customer'), Type.Literal('expert')]),
  text: Type.String(),
})
const Consent = Type.Object({
  t: Type.Literal('consent'),
  event: Type.Enum(CONSENT_EVENTS),
  subject: Subject,
})
const count = Type.Integer({ minimum: 0 })
/**
 * One stretch of the control log: who held mouse and keyboard from when to when, and how many events each made.
 * Never which keys, never where [K6].
 */
const HolderInterval = Type.Object({
  t: Type.Literal('holder'),
  holder: Holder,
  fromMs: atMs,
  toMs: atMs,
  expert: Type.Object({ moves: count, buttons: count, wheels: count, keys: count, refused: count }),
  customer: Type.Object({ moves: count, presses: count }),
})
/** Text that went between the two clipboards: its length, never what it said. */
const ClipboardMoved = Type.Object({
  t: Type.Literal('clipboard'),
  from: Type.Union([Type.Literal('customer'), Type.Literal('expert')]),
  length: count,
})
const LevelNow = Type.Object({ t: Type.Literal('level'), level: Type.Union([Level, Type.Null()]) })
const PictureNow = Type.Object({
  t: Type.Literal('picture'),
  state: Type.Union([Type.Literal('live'), Type.Literal('frozen'), Type.Literal('card')]),
  reason: Type.Optional(Type.String({ maxLength: 40 })),
})
const Join = Type.Object({ t: Type.Literal('join'), who: Role, name: Type.String({ maxLength: 200 }) })
const End = Type.Object({
  t: Type.Literal('end'),
  reason: Type.Enum(END_REASONS),
  by: Type.Union([Role, Type.Null()]),
})

export const RecordContent = Type.Union([
  Stills,
  Chat,
  Consent,
  HolderInterval,
  ClipboardMoved,
  LevelNow,
  PictureNow,
  Join,
  End,
])
export type RecordContent = Static<typeof RecordContent>
export type StillsContent = Static<typeof Stills>
export type HolderInterval = Static<typeof HolderInterval>
export const recordContent = codecOf(RecordContent, 1024 * 1024)

/** The content of each type of record. `file` and `gap` have none yet: nothing makes them. */
export const RECORD_CONTENT = {
  keyframe: 'stills',
  tiles: 'stills',
  chat: 'chat',
  consent: 'consent',
  holder: 'holder',
  clipboard: 'clipboard',
  level: 'level',
  picture: 'picture',
  join: 'join',
  end: 'end',
} as const satisfies Partial<Record<RecordType, RecordContent['t']>>
export type FilledRecordType = keyof typeof RECORD_CONTENT
export type ContentOf<Type extends FilledRecordType> = Extract<
  RecordContent,
  { t: (typeof RECORD_CONTENT)[Type] }
>
