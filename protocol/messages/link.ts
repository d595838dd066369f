import { type Static, Type } from 'typebox'
import { codecOf } from '../codec.ts'
import { Base64Url } from '../identity.ts'

/**
 * The `link` channel that every WebRTC connection of ours has. Both ends, again and again: a sign of life, with the
 * MAC over both DTLS fingerprints; nothing else on the link counts before it was right once [T2]. It is repeated
 * because what is sent before the other end's channels are open may be lost.
 */
const Beat = Type.Object({ t: Type.Literal('beat'), tag: Base64Url(43) })

export const LinkMessage = Type.Union([Beat])
export type LinkMessage = Static<typeof LinkMessage>
export const linkMessage = codecOf(LinkMessage, 1024)
