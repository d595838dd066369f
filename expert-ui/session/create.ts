import { systemClock } from '../../peer/clock.ts'
import type { WebSocketLike } from '../../peer/signaling-client.ts'
import { LiveExpertSession } from './expert-session.ts'
import type { ExpertSession } from './view.ts'

/** The session of this page, with the browser's own network, clock and generator. */
export function createExpertSession({ origin }: { origin: string }): ExpertSession {
  const session = new LiveExpertSession({
    origin,
    connect: () => new WebSocket(`${origin.replace(/^http/, 'ws')}/ws/expert`) as WebSocketLike,
    clock: systemClock,
    random32: () => crypto.getRandomValues(new Uint32Array(1))[0]!,
  })
  // The keys live in this page alone: a page that goes takes the session with it, and the customer is told at once.
  addEventListener('pagehide', () => session.close())
  return session
}
