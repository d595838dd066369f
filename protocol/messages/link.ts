import { type Static, Type } from 'typebox'
import { codecOf } from '../codec.ts'
import { Base64Url } from '../identity.ts'

/** The `link` channel that every WebRTC connection of ours has: trust first, then a sign of life. */

/** Both ends, first of all: MAC over both DTLS fingerprints; nothing else counts before it is right [T2]. */
const Fingerprints = Type.Object({ t: Type.Literal('fingerprints'), tag: Base64Url(43) })
/** Both ends, once a second: the line is alive. */
const Beat = Type.Object({ t: Type.Literal('beat') })

export const LinkMessage = Type.Union([Fingerprints, Beat])
export type LinkMessage = Static<typeof LinkMessage>
export const linkMessage = codecOf(LinkMessage, 1024)
