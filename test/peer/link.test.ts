import { randomBytes } from 'node:crypto'
import t from 'tap'
import { EXPERT_CHANNELS } from '../../peer/channel-specs.ts'
import { systemClock } from '../../peer/clock.ts'
import { Link, type LinkEnd } from '../../peer/link.ts'
import { nodeRtc } from '../../peer/wrtc.ts'
import type { SignalData } from '../../protocol/messages/relayed.ts'

const channels = Object.values(EXPERT_CHANNELS)

interface End {
  link: Link
  ready: Promise<void>
  ended: Promise<LinkEnd>
  messages: [string, string | Uint8Array][]
  arrived: (count: number) => Promise<void>
}

function pair(
  keys: [Uint8Array, Uint8Array],
  tamper: (data: SignalData, from: string) => SignalData = (data) => data,
): [End, End] {
  const ends: End[] = []
  const make = (index: number): End => {
    const messages: [string, string | Uint8Array][] = []
    let onMessage = () => {}
    let readyNow = () => {}
    let endedNow: (end: LinkEnd) => void = () => {}
    const ready = new Promise<void>((resolve) => {
      readyNow = resolve
    })
    const ended = new Promise<LinkEnd>((resolve) => {
      endedNow = resolve
    })
    const link = new Link(
      {
        isInitiator: index === 0,
        role: index === 0 ? 'customer' : 'expert',
        otherRole: index === 0 ? 'expert' : 'customer',
        fingerprintsKey: keys[index]!,
        channels,
        iceServers: [],
        clock: systemClock,
        rtc: nodeRtc,
      },
      {
        signal: (data) => ends[1 - index]?.link.signal(tamper(data, index === 0 ? 'customer' : 'expert')),
        ready: () => readyNow(),
        message: (label, data) => {
          messages.push([label, data])
          onMessage()
        },
        silent: () => {},
        ended: (end) => endedNow(end),
      },
    )
    const arrived = (count: number) =>
      new Promise<void>((resolve) => {
        onMessage = () => messages.length >= count && resolve()
        onMessage()
      })
    return { link, ready, ended, messages, arrived }
  }
  ends.push(make(0), make(1))
  return [ends[0]!, ends[1]!]
}

t.test('[T2] a link carries text and large frames once both fingerprints are confirmed', async (t) => {
  const key = randomBytes(32)
  const [a, b] = pair([key, key])
  t.equal(a.link.send('control', 'too early'), false)
  await Promise.all([a.ready, b.ready])
  const frame = randomBytes(3_000_000)
  a.link.send('picture', frame)
  a.link.send('control', 'hello')
  b.link.send('chat', 'grüße 😀')
  await Promise.all([b.arrived(2), a.arrived(1)])
  t.same(a.messages, [['chat', 'grüße 😀']])
  t.equal(Buffer.compare(b.messages.find(([label]) => label === 'picture')![1] as Uint8Array, frame), 0)
  t.match(
    b.messages.find(([label]) => label === 'control'),
    ['control', 'hello'],
  )
  a.link.close()
  t.equal(await b.ended, 'closed')
  b.link.close()
})

t.test('[T2] ends that do not share the key see a mismatch and no message', async (t) => {
  const [a, b] = pair([randomBytes(32), randomBytes(32)])
  const ends = await Promise.all([a.ended, b.ended])
  t.ok(ends.includes('fingerprint-mismatch'), ends.join())
  t.same([...a.messages, ...b.messages], [])
})
