import { type Static, Type } from 'typebox'
import { codecOf } from '../codec.ts'
import { EndReason } from '../end-reason.ts'
import { Base64Url, Key32, ReattachToken, SessionId, SignedDocument } from '../identity.ts'
import { Role } from '../level.ts'
import { RefusedMessage } from '../refusals.ts'

/** Version of everything between the parts; both ends of a session must speak the same. */
export const PROTOCOL_VERSION = 1
/** Largest signaling message; an SDP with candidates, sealed and in base64url, is about 8 kB. */
export const MAX_SIGNALING_BYTES = 96 * 1024

const Body = Base64Url(80 * 1024)
const Nameplate = Type.String({ pattern: '^[0-9]{3,5}$' })
export const IceServer = Type.Object({
  urls: Type.Array(Type.String({ pattern: '^(stun|turns?):', maxLength: 255 }), { minItems: 1, maxItems: 8 }),
  username: Type.Optional(Type.String({ maxLength: 255 })),
  credential: Type.Optional(Type.String({ maxLength: 255 })),
})
export type IceServer = Static<typeof IceServer>

// ---- from the expert's page ----

/** Expert → server: asks for a session. Answer: `session.opened`. */
const SessionOpen = Type.Object({ t: Type.Literal('session.open') })
/** Expert or customer → server after a lost line. Answer: `session.reattached`. */
const SessionReattach = Type.Object({
  t: Type.Literal('session.reattach'),
  sessionId: SessionId,
  token: ReattachToken,
})
/** Expert or customer → server: ends the session. The server tells the others with `session.ended`. */
const SessionLeave = Type.Object({ t: Type.Literal('session.leave'), reason: EndReason })
/** Expert → server: bytes for the customer, which the server hands over unread. */
const ExpertRelay = Type.Object({ t: Type.Literal('relay'), to: Type.Literal('customer'), body: Body })

export const ExpertToServer = Type.Union([SessionOpen, SessionReattach, SessionLeave, ExpertRelay])
export type ExpertToServer = Static<typeof ExpertToServer>

// ---- from the customer's agent ----

/** Customer → server: the first attempt with a nameplate, which burns it [N3]. Answer: `session.joined`. */
const NumberJoin = Type.Object({
  t: Type.Literal('number.join'),
  nameplate: Nameplate,
  protocol: Type.Integer({ minimum: 1, maximum: 1000 }),
})
/** Customer → server: bytes for the expert or the recorder, handed over unread. */
const CustomerRelay = Type.Object({
  t: Type.Literal('relay'),
  to: Type.Union([Type.Literal('expert'), Type.Literal('recorder')]),
  body: Body,
})
/**
 * Customer → server, once a session, before `session.leave` or up to 30 s after the end: the hash of the receipt, which
 * itself stays with the customer. Answer: `receipt.signed`.
 */
const ReceiptSign = Type.Object({ t: Type.Literal('receipt.sign'), hash: Key32 })
export const CustomerToServer = Type.Union([
  NumberJoin,
  SessionReattach,
  SessionLeave,
  CustomerRelay,
  ReceiptSign,
])
export type CustomerToServer = Static<typeof CustomerToServer>

// ---- from the recorder ----

/** Recorder → server: ready to take sessions; `key` is its X25519 public key, which the policy must name. */
const RecorderReady = Type.Object({ t: Type.Literal('recorder.ready'), key: Key32 })
/** Recorder → server: the recording of this session is closed and the recorder has forgotten it. */
const RecorderDone = Type.Object({ t: Type.Literal('recorder.done'), sessionId: SessionId })
/** Recorder → server: bytes for the customer of one of its sessions. */
const RecorderRelay = Type.Object({
  t: Type.Literal('relay'),
  to: Type.Literal('customer'),
  sessionId: SessionId,
  body: Body,
})
export const RecorderToServer = Type.Union([RecorderReady, RecorderDone, RecorderRelay])
export type RecorderToServer = Static<typeof RecorderToServer>

// ---- from the server ----

/** Where both ends find each other; only the operator's own servers, never a public one. */
const IceServers = Type.Array(IceServer, { maxItems: 8 })
/** Which recorder serves the session now. A higher epoch overrules a lower one [R1]. */
export const RecorderLease = Type.Object({ key: Key32, epoch: Type.Integer({ minimum: 1 }) })
export type RecorderLease = Static<typeof RecorderLease>

/** Server → expert: the session is there and waits under this nameplate. */
const SessionOpened = Type.Object({
  t: Type.Literal('session.opened'),
  sessionId: SessionId,
  token: ReattachToken,
  nameplate: Nameplate,
  expiresAtMs: Type.Integer({ minimum: 0 }),
  card: SignedDocument,
  policy: SignedDocument,
  iceServers: IceServers,
})
/** Server → customer: the number was right so far and is burned. The proof between the two ends comes next. */
const SessionJoined = Type.Object({
  t: Type.Literal('session.joined'),
  sessionId: SessionId,
  token: ReattachToken,
  card: SignedDocument,
  policy: SignedDocument,
  recorder: Type.Union([RecorderLease, Type.Null()]),
  iceServers: IceServers,
})
/** Server → expert or customer: attached again. `present` are the others that are attached now. */
const SessionReattached = Type.Object({
  t: Type.Literal('session.reattached'),
  sessionId: SessionId,
  present: Type.Array(Role, { maxItems: 3 }),
  recorder: Type.Union([RecorderLease, Type.Null()]),
  iceServers: IceServers,
})
/** Server → expert or customer: another end came, lost its line or came back. */
const PeerPresence = Type.Object({
  t: Type.Literal('peer'),
  role: Role,
  presence: Type.Union([Type.Literal('joined'), Type.Literal('lost'), Type.Literal('back')]),
})
/** Server → customer: from now on this recorder serves the session, or none does. */
const RecorderAssigned = Type.Object({
  t: Type.Literal('recorder.assigned'),
  recorder: Type.Union([RecorderLease, Type.Null()]),
})
/** Server → recorder: expect the customer of this session and sign acknowledgements with this epoch. */
const RecorderAssign = Type.Object({
  t: Type.Literal('recorder.assign'),
  sessionId: SessionId,
  epoch: Type.Integer({ minimum: 1 }),
  iceServers: IceServers,
})
/**
 * Server → recorder: bring a part of a recording, or its wrapped keys, by HTTP (`/api/recorder/reads/READID`): whole
 * entries from number `from` on, as many as fit a chunk.
 */
const VaultRead = Type.Object({
  t: Type.Literal('vault.read'),
  readId: Type.String({ pattern: '^[A-Za-z0-9_-]{22}$' }),
  sessionId: SessionId,
  what: Type.Union([Type.Literal('wraps'), Type.Literal('entries')]),
  from: Type.Integer({ minimum: 0, maximum: 2 ** 32 }),
})
/**
 * Server → recorder: keep this recording until then even if its time ends before; null: keep it no longer than that.
 * Said again with each connection until the recorder has answered (`/api/recorder/holds`).
 */
const VaultHold = Type.Object({
  t: Type.Literal('vault.hold'),
  requestId: Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' }),
  sessionId: SessionId,
  untilMs: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
})
/** Server → anyone in the session: it is over. `by` is null where nobody but the service ended it. */
const SessionEnded = Type.Object({
  t: Type.Literal('session.ended'),
  sessionId: SessionId,
  reason: EndReason,
  by: Type.Union([Role, Type.Null()]),
})
/** Server → expert or customer: bytes from another end. */
const RelayedToEnd = Type.Object({ t: Type.Literal('relayed'), from: Role, body: Body })
/** Server → recorder: bytes from the customer of this session. */
const RelayedToRecorder = Type.Object({
  t: Type.Literal('relayed'),
  from: Type.Literal('customer'),
  sessionId: SessionId,
  body: Body,
})

/** Server → customer: the `Countersignature` under the receipt's hash, signed with the card key. */
const ReceiptSigned = Type.Object({ t: Type.Literal('receipt.signed'), signed: SignedDocument })

export const ServerToExpert = Type.Union([
  SessionOpened,
  SessionReattached,
  PeerPresence,
  SessionEnded,
  RelayedToEnd,
  RefusedMessage,
])
export type ServerToExpert = Static<typeof ServerToExpert>
export const ServerToCustomer = Type.Union([
  SessionJoined,
  SessionReattached,
  PeerPresence,
  RecorderAssigned,
  SessionEnded,
  RelayedToEnd,
  ReceiptSigned,
  RefusedMessage,
])
export type ServerToCustomer = Static<typeof ServerToCustomer>
export const ServerToRecorder = Type.Union([
  RecorderAssign,
  VaultRead,
  VaultHold,
  SessionEnded,
  RelayedToRecorder,
  RefusedMessage,
])
export type ServerToRecorder = Static<typeof ServerToRecorder>

export const expertToServer = codecOf(ExpertToServer, MAX_SIGNALING_BYTES)
export const customerToServer = codecOf(CustomerToServer, MAX_SIGNALING_BYTES)
export const recorderToServer = codecOf(RecorderToServer, MAX_SIGNALING_BYTES)
export const serverToExpert = codecOf(ServerToExpert, MAX_SIGNALING_BYTES)
export const serverToCustomer = codecOf(ServerToCustomer, MAX_SIGNALING_BYTES)
export const serverToRecorder = codecOf(ServerToRecorder, MAX_SIGNALING_BYTES)
