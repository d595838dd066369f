import { SignalingClient } from '../../peer/signaling-client.ts'
import {
  type ExpertToServer,
  expertToServer,
  type ServerToExpert,
  serverToExpert,
} from '../../protocol/messages/signaling.ts'
import type { ExpertSessionOptions } from './customer-line.ts'

export type Signaling = SignalingClient<ServerToExpert, ExpertToServer>

/** The expert's connection to the server; it comes back by itself. */
export function connectSignaling(
  { connect, clock, random32 }: ExpertSessionOptions,
  events: { opened(): void; message(message: ServerToExpert): void },
): Signaling {
  return new SignalingClient(
    {
      connect,
      decode: serverToExpert,
      encode: expertToServer,
      clock,
      random: () => random32() / 2 ** 32,
    },
    {
      ...events,
      // Peer to peer the session goes on; a number that is still asked for is asked for again on `opened`.
      down: () => {},
    },
  )
}
