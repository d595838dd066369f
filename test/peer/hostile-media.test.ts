import { randomBytes } from 'node:crypto'
import t from 'tap'
import wrtc from 'wrtc'
import { systemClock } from '../../peer/clock.ts'
import { Link, type LinkEnd } from '../../peer/link.ts'
import { nodeRtc } from '../../peer/wrtc.ts'
import { takenAnswer, withoutRouting } from '../../peer-agent/picture/film-description.ts'
import { FilmSender } from '../../peer-agent/picture/film-sender.ts'
import type { SignalData } from '../../protocol/messages/relayed.ts'
import { until } from '../fixtures/x-server.ts'
import { filmFrame, QUARTERS } from './film-frames.ts'

const MID = 'urn:ietf:params:rtp-hdrext:sdes:mid'
const FRAME = filmFrame({ id: 1, width: 192, height: 16, colours: QUARTERS })
/** More than any start of a stream takes until it is decoded. */
const MANY_PACKETS = 60

type Connection = RTCPeerConnection & { onicecandidate: ((event: RTCPeerConnectionIceEvent) => void) | null }

interface Attack {
  readonly name: string
  /** Whether the answer announces the source of the stream. */
  readonly announcesSource: boolean
  readonly lineEnd: string
}
const ATTACKS: readonly Attack[] = [
  { name: 'a stream that names the section', announcesSource: false, lineEnd: '\r\n' },
  { name: 'a stream that was announced', announcesSource: true, lineEnd: '\r\n' },
  { name: 'a stream announced in other lines', announcesSource: true, lineEnd: '\n' },
]

/** An expert who says that they only take the film, and sends one of their own. */
async function hostileExpert(offer: string, attack: Attack) {
  const connection = new wrtc.RTCPeerConnection({ iceServers: [] }) as Connection
  const source = new wrtc.nonstandard.RTCVideoSource()
  const named = offer.includes(MID) ? offer : offer.replace('a=sendonly', `a=extmap:14 ${MID}\r\na=sendonly`)
  await connection.setRemoteDescription({ type: 'offer', sdp: named.replace('a=sendonly', 'a=sendrecv') })
  const track = source.createTrack()
  connection.addTrack(track, new wrtc.MediaStream())
  const real = await connection.createAnswer()
  await connection.setLocalDescription(real)
  const lines = real.sdp!.replace('a=sendrecv', 'a=recvonly').split('\r\n')
  const told = attack.announcesSource ? lines : lines.filter((line) => !/^a=(ssrc|msid)/.test(line))
  return {
    connection,
    answer: told.join(attack.lineEnd),
    close() {
      track.stop()
      connection.close()
    },
    push: () => source.onFrame(FRAME),
    packetsSent: async () => (await statsOf(connection, 'outbound-rtp')).packetsSent ?? 0,
  }
}

async function statsOf(connection: RTCPeerConnection, type: string): Promise<Record<string, number>> {
  const report = (await connection.getStats()) as unknown as Map<string, Record<string, unknown>>
  const found = [...report.values()].filter((entry) => entry.type === type)
  return (found[0] ?? {}) as Record<string, number>
}

function trickle(from: Connection, take: (candidate: RTCIceCandidateInit) => unknown): void {
  from.onicecandidate = ({ candidate }) => {
    if (!candidate) return
    const { sdpMid, sdpMLineIndex } = candidate
    take({ candidate: candidate.candidate, sdpMid, sdpMLineIndex })
  }
}

/** The hostile expert against an agent's end that does, or does not, what ours does with descriptions. */
async function decodedBy(attack: Attack, isGuarded: boolean): Promise<number | undefined> {
  const agent = new wrtc.RTCPeerConnection({ iceServers: [] }) as Connection
  agent.addTransceiver('video', { direction: 'sendonly' })
  const offer = (await agent.createOffer()).sdp!
  const own = isGuarded ? withoutRouting(offer) : offer
  const early: RTCIceCandidateInit[] = []
  trickle(agent, (candidate) => early.push(candidate))
  await agent.setLocalDescription({ type: 'offer', sdp: own })
  const expert = await hostileExpert(own, attack)
  trickle(expert.connection, (candidate) => agent.addIceCandidate(candidate))
  const { answer } = expert
  const taken = isGuarded ? takenAnswer(answer, 1_000_000) : answer.replaceAll(/\r?\n/g, '\r\n')
  await agent.setRemoteDescription({ type: 'answer', sdp: taken })
  for (const candidate of early) await expert.connection.addIceCandidate(candidate)
  await until(
    async () => {
      expert.push()
      return (await expert.packetsSent()) > MANY_PACKETS
    },
    { what: 'the hostile stream' },
  )
  const { framesDecoded } = await statsOf(agent, 'inbound-rtp')
  expert.close()
  agent.close()
  return framesDecoded
}

for (const attack of ATTACKS) {
  t.test(`[S2] the agent decodes nothing: ${attack.name}`, async (t) => {
    t.ok((await decodedBy(attack, false))! > 0, 'the attack works where nothing is done against it')
    t.equal(await decodedBy(attack, true), undefined)
  })
}

t.test("[S2] on the agent's own link a stream from the expert finds nobody", async (t) => {
  const sender = new FilmSender({ startBitsPerSecond: 1_000_000, mostBitsPerSecond: 1_000_000 })
  let agent: RTCPeerConnection | undefined
  let expert: Awaited<ReturnType<typeof hostileExpert>> | undefined
  const early: RTCIceCandidateInit[] = []
  const link: Link = new Link(
    {
      isInitiator: true,
      role: 'customer',
      otherRole: 'expert',
      fingerprintsKey: randomBytes(32),
      channels: [],
      iceServers: [],
      clock: systemClock,
      rtc: nodeRtc,
      media: {
        theirDirection: sender.theirDirection,
        prepare: (connection) => {
          agent = connection
          return sender.prepare(connection)
        },
      },
    },
    {
      signal: (data) => void hear(data),
      ready: () => {},
      message: () => {},
      silent: () => {},
      ended: () => {},
    },
  )
  async function hear({ sdp, candidate }: SignalData): Promise<void> {
    if (candidate && expert) await expert.connection.addIceCandidate(candidate as RTCIceCandidateInit)
    else if (candidate) early.push(candidate as RTCIceCandidateInit)
    if (sdp === undefined) return
    const made = await hostileExpert(sdp, ATTACKS[1]!)
    trickle(made.connection, (one) => link.signal({ candidate: one } as SignalData))
    link.signal({ type: 'answer', sdp: made.answer })
    expert = made
    for (const one of early) await made.connection.addIceCandidate(one)
  }
  await until(
    async () => {
      expert?.push()
      return expert !== undefined && (await expert.packetsSent()) > MANY_PACKETS
    },
    { what: 'the hostile stream' },
  )
  t.equal((await statsOf(agent!, 'inbound-rtp')).framesDecoded, undefined)
  expert!.close()
  link.close()
  sender.close()
})

t.test('[S2] a wish for a transceiver ends the link instead of opening one', async (t) => {
  const ended = new Promise<LinkEnd>((resolve) => {
    const link = new Link(
      {
        isInitiator: true,
        role: 'customer',
        otherRole: 'expert',
        fingerprintsKey: randomBytes(32),
        channels: [],
        iceServers: [],
        clock: systemClock,
        rtc: nodeRtc,
      },
      { signal: () => {}, ready: () => {}, message: () => {}, silent: () => {}, ended: resolve },
    )
    link.signal({ type: 'transceiverRequest', transceiverRequest: { kind: 'video' } })
  })
  t.equal(await ended, 'protocol-error')
})
