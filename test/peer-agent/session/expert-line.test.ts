import t from 'tap'
import { EXPERT_CHANNELS } from '../../../peer/channel-specs.ts'
import { receiveFilm } from '../../../peer/film-receiver.ts'
import { Proof } from '../../../peer/proof.ts'
import { SecuredLine } from '../../../peer/secured-line.ts'
import { nodeRtc } from '../../../peer/wrtc.ts'
import { FilmSender } from '../../../peer-agent/picture/film-sender.ts'
import { ExpertLine } from '../../../peer-agent/session/expert-line.ts'
import {
  agentToExpert,
  type ExpertToAgent,
  expertToAgent,
} from '../../../protocol/messages/control-channel.ts'
import { MEMORY_ORIGIN, newOperator, sign } from '../../fixtures/memory-service.ts'
import { fastClock } from '../../fixtures/players.ts'
import { until } from '../../fixtures/x-server.ts'

const { signing } = await newOperator()
const PROVEN = {
  secret: '123456',
  sessionId: 'A'.repeat(22),
  origin: MEMORY_ORIGIN,
  card: sign('card', {}, signing),
}
const CONTROL = EXPERT_CHANNELS.control.label

/** The agent's line, and an expert's end that can go and come back under the same key. */
function openLine() {
  const told: string[] = []
  const heard: string[] = []
  const tracks: string[] = []
  let isCut = false
  const film = new FilmSender({ startBitsPerSecond: 1_000_000, mostBitsPerSecond: 1_000_000 })
  const note = (what: string) => void told.push(what)
  const agent: ExpertLine = new ExpertLine(
    { ...PROVEN, iceServers: () => [], clock: fastClock, rtc: nodeRtc, film },
    {
      relay: (body) => isCut || expert.receive(body),
      proved: () => agent.call(),
      linked: () => note('linked'),
      lost: () => note('lost'),
      back: () => note('back'),
      drawn: (seq) => note(`drawn ${seq}`),
      filmShown: (id) => note(`film ${id}`),
      preferred: (picture) => note(`prefers ${picture}`),
      asked: (level) => note(`asked ${level}`),
      returned: (level) => note(`returned ${level}`),
      input: () => {},
      pointer: () => {},
      clipboard: () => {},
      chat: () => {},
      ended: (reason) => note(`ended ${reason}`),
    },
  )
  const expert: SecuredLine = new SecuredLine(
    new Proof({ role: 'expert', ...PROVEN }),
    PROVEN.sessionId,
    {
      isCaller: false,
      role: 'expert',
      otherRole: 'customer',
      channels: Object.values(EXPERT_CHANNELS),
      iceServers: () => [],
      clock: fastClock,
      rtc: nodeRtc,
      media: receiveFilm((track) => tracks.push(track ? track.kind : 'none')),
    },
    {
      relay: (body) => isCut || agent.receive(body),
      proved: () => {},
      stage: () => {},
      failed: (reason) => note(`failed ${reason}`),
      ready: () => {},
      lost: () => {},
      back: () => {},
      message: (label, data) => {
        if (label === CONTROL) heard.push(JSON.stringify(agentToExpert.decode(data)))
      },
    },
  )
  return {
    agent,
    told,
    heard,
    tracks,
    start: () => agent.start(),
    say: (message: ExpertToAgent) => expert.send(CONTROL, expertToAgent.encode(message)),
    close() {
      isCut = true
      agent.close()
      expert.close()
      film.close()
    },
  }
}

t.test(
  'what the expert prefers and has on the canvas is heard, and the line is told when it changes',
  async (t) => {
    const line = openLine()
    t.teardown(line.close)
    line.agent.tellLine('fair')
    line.start()
    await until(() => line.told.includes('linked') && line.tracks.length > 0 && line.heard.length > 0)
    t.same(line.heard, ['{"t":"line","quality":"fair"}'], 'said on the new link')
    t.same(line.tracks, ['video'])
    line.agent.tellLine('fair')
    line.agent.tellLine('poor')
    await until(() => line.heard.length > 1)
    t.same(line.heard.slice(1), ['{"t":"line","quality":"poor"}'])

    line.say({ t: 'prefer', picture: 'smooth' })
    line.say({ t: 'film-shown', id: 9 })
    line.say({ t: 'drawn', seq: 4 })
    await until(() => line.told.includes('drawn 4'))
    t.same(line.told, ['linked', 'prefers smooth', 'film 9', 'drawn 4'])
  },
)
