import { EXPERT_CHANNELS } from '../../peer/channel-specs.ts'
import type { Clock } from '../../peer/clock.ts'
import { receiveFilm } from '../../peer/film-receiver.ts'
import { Proof } from '../../peer/proof.ts'
import { SecuredLine, type SecuredLineEvents } from '../../peer/secured-line.ts'
import type { WebSocketLike } from '../../peer/signaling-client.ts'
import type { SignedDocument } from '../../protocol/identity.ts'
import type { IceServer } from '../../protocol/messages/signaling.ts'

export interface ExpertSessionOptions {
  readonly origin: string
  readonly connect: () => WebSocketLike
  readonly clock: Clock
  /** Uniform unsigned 32-bit numbers from a cryptographic source. */
  readonly random32: () => number
  readonly rtc?: object
}

/** The proof needs three messages; a customer who has not answered by then is not there. */
export const PROOF_TIMEOUT_MS = 20_000
/** Time for the last words to leave before the line is closed. */
export const FAREWELL_MS = 300

export interface CustomerLineEvents extends SecuredLineEvents {
  /** The film's track on the link that is ready now, or null. */
  film(track: MediaStreamTrack | null): void
}

/** The expert's end of the line to one customer: it answers, and proves that it knows the secret [T1]. */
export function customerLine(
  { origin, clock, rtc }: ExpertSessionOptions,
  proven: { readonly secret: string; readonly sessionId: string; readonly card: SignedDocument },
  iceServers: () => readonly IceServer[],
  events: CustomerLineEvents,
): SecuredLine {
  return new SecuredLine(
    new Proof({ role: 'expert', origin, ...proven }),
    proven.sessionId,
    {
      isCaller: false,
      role: 'expert',
      otherRole: 'customer',
      channels: Object.values(EXPERT_CHANNELS),
      iceServers,
      clock,
      media: receiveFilm((track) => events.film(track)),
      ...(rtc ? { rtc } : {}),
    },
    events,
  )
}
