import { type Static, Type } from 'typebox'
import { codecOf } from '../codec.ts'
import { Base64Url, Key32 } from '../identity.ts'

/** What travels inside `relay` bodies. The server sees these envelopes and can read none of what is sealed. */

/** Customer ↔ expert: the CPace share (draft-irtf-cfrg-cpace, section 7), the customer's first. */
const Share = Type.Object({ t: Type.Literal('share'), y: Key32, protocol: Type.Integer({ minimum: 1 }) })
/** Customer ↔ expert: key confirmation; without the right secret it does not verify [T1]. */
const Confirm = Type.Object({ t: Type.Literal('confirm'), tag: Base64Url(86) })
/** Customer ↔ recorder: an ephemeral X25519 key; the recorder's own key is in the policy. */
const Hail = Type.Object({ t: Type.Literal('hail'), y: Key32 })
/** Any two ends with a key: number `n` (strictly rising in each direction) and an AES-256-GCM box. */
const Sealed = Type.Object({
  t: Type.Literal('sealed'),
  n: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  box: Base64Url(64 * 1024),
})

export const Relayed = Type.Union([Share, Confirm, Hail, Sealed])
export type Relayed = Static<typeof Relayed>
export const relayed = codecOf(Relayed, 70 * 1024)

/** What a sealed box holds. */

/** Either end: SDP or ICE of link number `link`; links are counted up, messages of an older link are dropped. */
const Signal = Type.Object({
  t: Type.Literal('signal'),
  link: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
  signal: Type.Object({
    type: Type.Optional(Type.String({ maxLength: 32 })),
    sdp: Type.Optional(Type.String({ maxLength: 40_000 })),
    candidate: Type.Optional(
      Type.Object({
        candidate: Type.String({ maxLength: 1024 }),
        sdpMid: Type.Optional(Type.Union([Type.String({ maxLength: 64 }), Type.Null()])),
        sdpMLineIndex: Type.Optional(Type.Union([Type.Integer({ minimum: 0, maximum: 64 }), Type.Null()])),
      }),
    ),
    renegotiate: Type.Optional(Type.Boolean()),
    transceiverRequest: Type.Optional(Type.Object({ kind: Type.String({ maxLength: 16 }) })),
  }),
})
/** Customer → expert before there is a link: what the customer is doing, so that the expert is not left guessing. */
const Stage = Type.Object({
  t: Type.Literal('stage'),
  stage: Type.Union([
    Type.Literal('deciding'),
    Type.Literal('granted'),
    Type.Literal('waiting-for-recorder'),
  ]),
})
export const SealedContent = Type.Union([Signal, Stage])
export type SealedContent = Static<typeof SealedContent>
export type SignalData = Static<typeof Signal>['signal']
export const sealedContent = codecOf(SealedContent, 48 * 1024)
