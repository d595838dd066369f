import { randomBytes } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import t from 'tap'
import { EXPERT_CHANNELS } from '../../peer/channel-specs.ts'
import { LinkKeeper } from '../../peer/link-keeper.ts'
import { nodeRtc } from '../../peer/wrtc.ts'
import type { SealedContent } from '../../protocol/messages/relayed.ts'
import { fastClock } from '../fixtures/players.ts'

type Signal = Extract<SealedContent, { t: 'signal' }>

interface End {
  readonly keeper: LinkKeeper
  readonly seen: string[]
}

/** A caller and one answering end after the other, over signaling that can be cut. */
function scene() {
  const changes = new EventEmitter()
  const fingerprintsKey = randomBytes(32)
  let isCut = false
  let answerer: End | undefined
  function open(isCaller: boolean): End {
    const seen: string[] = []
    const note = (event: string) => {
      seen.push(event)
      changes.emit('change')
    }
    const other = () => (isCaller ? answerer : caller)
    const keeper = new LinkKeeper(
      {
        isCaller,
        role: isCaller ? 'customer' : 'expert',
        otherRole: isCaller ? 'expert' : 'customer',
        fingerprintsKey,
        channels: Object.values(EXPERT_CHANNELS),
        iceServers: () => [],
        clock: fastClock,
        rtc: nodeRtc,
      },
      {
        signal: (content) => isCut || other()?.keeper.receive(content as Signal),
        ready: () => note('ready'),
        message: (_label, data) => note(String(data)),
        lost: () => note('lost'),
        back: () => note('back'),
        failed: (reason) => note(reason),
      },
    )
    return { keeper, seen }
  }
  const caller = open(true)
  return {
    caller,
    answer: () => {
      answerer = open(false)
      return answerer
    },
    cutSignaling: (isNowCut: boolean) => {
      isCut = isNowCut
    },
    until: async (isSo: () => boolean) => {
      while (!isSo()) await once(changes, 'change')
    },
  }
}

t.test(
  '[S4] a link that went is made anew by itself, under the same key, as soon as signaling allows',
  async (t) => {
    const { caller, answer, cutSignaling, until } = scene()
    const first = answer()
    caller.keeper.call()
    await until(() => caller.keeper.isUp && first.keeper.isUp)
    t.equal(caller.keeper.send('control', 'one'), true)
    await until(() => first.seen.includes('one'))

    cutSignaling(true)
    first.keeper.close()
    await until(() => caller.seen.includes('lost'))
    t.equal(caller.keeper.isUp, false)
    t.equal(caller.keeper.send('control', 'into the void'), false, 'the sender is told that it was not taken')

    cutSignaling(false)
    const second = answer()
    await until(() => caller.keeper.isUp && second.keeper.isUp)
    caller.keeper.send('control', 'two')
    await until(() => second.seen.includes('two'))
    t.same(caller.seen, ['ready', 'lost', 'ready'])
    caller.keeper.close()
    second.keeper.close()
  },
)

t.test('[S4] signals of a link that is over change nothing', async (t) => {
  const { caller, answer, until } = scene()
  const end = answer()
  caller.keeper.call()
  await until(() => caller.keeper.isUp && end.keeper.isUp)
  end.keeper.receive({ t: 'signal', link: 0 as 1, signal: { type: 'offer', sdp: 'late' } })
  caller.keeper.receive({ t: 'signal', link: 7, signal: { type: 'answer', sdp: 'never asked for' } })
  caller.keeper.send('control', 'still here')
  await until(() => end.seen.includes('still here'))
  t.same(end.seen, ['ready', 'still here'])
  caller.keeper.close()
  end.keeper.close()
})
