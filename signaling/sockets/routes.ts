import websocket from '@fastify/websocket'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { WebSocket } from 'ws'
import { MAX_SIGNALING_BYTES } from '../../protocol/messages/signaling.ts'
import { type Connection, refuse } from '../connection.ts'
import type { Hub } from '../hub.ts'
import { addressBlock } from '../limits/address-block.ts'
import { type Pace, Wire } from './wire.ts'

/** How long sockets may take to say good-bye when the service stops. */
const GOODBYE_MS = 1_000

/** Takes upgrades, before any route is made. `letGo` is called when the service stops. */
export async function takeSockets(app: FastifyInstance, letGo: () => Promise<void>): Promise<void> {
  await app.register(websocket, {
    options: { maxPayload: MAX_SIGNALING_BYTES, perMessageDeflate: false },
    // A broken frame has made `ws` close the socket with its own code already; anything else is a fault of ours.
    errorHandler(_error, socket) {
      if (socket.readyState === socket.OPEN) socket.terminate()
    },
    async preClose() {
      const server = app.websocketServer
      await letGo()
      const impatience = setTimeout(() => {
        for (const client of server.clients) client.terminate()
      }, GOODBYE_MS)
      await new Promise((done) => server.close(done))
      clearTimeout(impatience)
    },
  })
}

/** The three sockets, one for each kind of participant. */
export function addSockets(app: FastifyInstance, hub: Hub, pace: Pace): void {
  app.get('/ws/expert', { websocket: true, config: { access: 'expert' } }, (socket, request) => {
    admit(hub, socket, request, 'expert', pace, (wire) => ({
      role: 'expert',
      wire,
      login: request.account!,
      bond: { to: 'unbound' },
    }))
  })
  app.get('/ws/customer', { websocket: true, config: { access: 'public' } }, (socket, request) => {
    admit(hub, socket, request, 'customer', pace, (wire) => ({
      role: 'customer',
      wire,
      addressBlock: addressBlock(request.ip),
      bond: { to: 'unbound' },
    }))
  })
  app.get('/ws/recorder', { websocket: true, config: { access: 'recorder' } }, (socket, request) => {
    // It holds the operator's token and speaks for many sessions.
    admit(hub, socket, request, 'recorder', null, (wire) => ({
      role: 'recorder',
      wire,
      key: null,
      sessions: new Set(),
    }))
  })
}

function admit(
  hub: Hub,
  socket: WebSocket,
  request: FastifyRequest,
  role: Connection['role'],
  pace: Pace | null,
  connect: (wire: Wire) => Connection,
): void {
  let connection: Connection | null = null
  const wire = new Wire(socket, {
    clock: hub.clock,
    pace,
    events: {
      onMessage: async (data, isBinary) => {
        if (connection) await hub.receive(connection, data, isBinary)
      },
      onClosed: () => {
        if (connection) hub.disconnected(connection)
      },
    },
  })
  if (request.refusedWith) {
    refuse({ role, wire }, request.refusedWith)
    return
  }
  connection = connect(wire)
  hub.connected(connection)
}
