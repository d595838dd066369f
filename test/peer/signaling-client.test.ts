import t from 'tap'
import { SignalingClient, type WebSocketLike } from '../../peer/signaling-client.ts'
import {
  type CustomerToServer,
  customerToServer,
  type ServerToCustomer,
  serverToCustomer,
} from '../../protocol/messages/signaling.ts'
import { TurnedClock } from '../fixtures/turned-clock.ts'

interface FakeSocket extends WebSocketLike {
  readonly sent: string[]
  isClosed: boolean
}

function scene(random: () => number) {
  const clock = new TurnedClock()
  const sockets: FakeSocket[] = []
  const calls: string[] = []
  const connect = (): FakeSocket => {
    const socket: FakeSocket = {
      onopen: null,
      onmessage: null,
      onclose: null,
      onerror: null,
      sent: [],
      isClosed: false,
      send: (text) => socket.sent.push(text),
      close: () => {
        socket.isClosed = true
      },
    }
    sockets.push(socket)
    return socket
  }
  const client = new SignalingClient<ServerToCustomer, CustomerToServer>(
    { connect, decode: serverToCustomer, encode: customerToServer, clock, random },
    {
      opened: () => calls.push('opened'),
      message: (message) => calls.push(message.t),
      down: (attempt) => calls.push(`down ${attempt}`),
    },
  )
  const event = (data: unknown = {}) => data as never
  return { clock, sockets, calls, client, event }
}

t.test('[S4] a lost connection comes back by itself, later each time and never all at once', async (t) => {
  const { clock, sockets, calls, event } = scene(() => 0.999)
  const waits: number[] = []
  for (let attempt = 0; attempt < 9; attempt++) {
    sockets.at(-1)!.onclose!(event())
    waits.push(Math.round(clock.nextMs))
    clock.turn(clock.nextMs)
  }
  t.same(waits, [250, 500, 999, 1998, 3996, 7992, 14985, 14985, 14985])
  t.equal(calls.at(-1), 'down 9')
  sockets.at(-1)!.onopen!(event())
  t.equal(calls.at(-1), 'opened')
  sockets.at(-1)!.onclose!(event())
  t.equal(Math.round(clock.nextMs), 250, 'once it worked it begins small again')
})

t.test('[S4] with jitter, the wait is anywhere below its ceiling', async (t) => {
  const { clock, sockets, event } = scene(() => 0)
  sockets[0]!.onclose!(event())
  t.equal(clock.nextMs, 0)
})

t.test('[S4] a server that never answers is given up and tried again', async (t) => {
  const { clock, sockets, calls } = scene(() => 0.5)
  clock.turn(10_000)
  t.same(calls, ['down 1'])
  t.ok(sockets[0]!.isClosed)
  clock.turn(1_000)
  t.equal(sockets.length, 2)
})

t.test('[S2] what cannot be read is not acted on, and nothing is queued while it is down', async (t) => {
  const { sockets, calls, client, event } = scene(() => 0.5)
  t.equal(client.send({ t: 'session.leave', reason: 'customer-ended' }), false)
  const socket = sockets[0]!
  socket.onopen!(event())
  for (const data of ['{', '{"t":"no such thing"}', new ArrayBuffer(4), 'x'.repeat(200_000)])
    socket.onmessage!(event({ data }))
  t.same(calls, ['opened'])
  t.equal(client.send({ t: 'session.leave', reason: 'customer-ended' }), true)
  t.equal(socket.sent.length, 1)
  client.close()
  t.ok(socket.isClosed)
  socket.onerror!(event())
  t.same(calls, ['opened'], 'a closed client stays closed')
})
