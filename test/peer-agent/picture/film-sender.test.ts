import { randomBytes } from 'node:crypto'
import t, { type Test } from 'tap'
import wrtc from 'wrtc'
import { systemClock } from '../../../peer/clock.ts'
import { receiveFilm } from '../../../peer/film-receiver.ts'
import { Link, type LinkEnd } from '../../../peer/link.ts'
import { nodeRtc } from '../../../peer/wrtc.ts'
import type { FilmSender } from '../../../peer-agent/picture/film-sender.ts'
import { until } from '../../fixtures/x-server.ts'
import { filmFrame, QUARTERS } from '../../peer/film-frames.ts'
import { WatchedFilm } from '../../peer/watched-film.ts'

const RATES = { startBitsPerSecond: 2_000_000, mostBitsPerSecond: 4_000_000 }
const SCENE = { width: 320, height: 240, colours: QUARTERS }
/** Between two frames; nothing that is proved depends on it. */
const FRAME_MS = 20

interface Ends {
  /** Descriptions that went over the line. */
  readonly descriptions: string[]
  readonly tracks: (MediaStreamTrack | null)[]
  readonly ended: LinkEnd[]
  readonly frames: () => number
  isReady(): boolean
  close(): void
}

/** A link from the agent's end, with its sender, to an end that takes the film. */
function connect(t: Test, sender: FilmSender, keys = sameKeys()): Ends {
  const links: Link[] = []
  const descriptions: string[] = []
  const tracks: (MediaStreamTrack | null)[] = []
  const ended: LinkEnd[] = []
  let sink: InstanceType<typeof wrtc.nonstandard.RTCVideoSink> | undefined
  let frames = 0
  const receiver = receiveFilm((track) => {
    tracks.push(track)
    sink?.stop()
    if (!track) return
    sink = new wrtc.nonstandard.RTCVideoSink(track)
    sink.onframe = () => {
      frames++
    }
  })
  for (const index of [0, 1]) {
    links[index] = new Link(
      {
        isInitiator: index === 0,
        role: index === 0 ? 'customer' : 'expert',
        otherRole: index === 0 ? 'expert' : 'customer',
        fingerprintsKey: keys[index]!,
        channels: [],
        iceServers: [],
        clock: systemClock,
        rtc: nodeRtc,
        media: index === 0 ? sender : receiver,
      },
      {
        signal(data) {
          if (data.sdp !== undefined) descriptions.push(data.sdp)
          links[1 - index]?.signal(data)
        },
        ready: () => {},
        message: () => {},
        silent: () => {},
        ended: (end) => ended.push(end),
      },
    )
  }
  const close = () => {
    for (const link of links) link.close()
    sink?.stop()
  }
  t.teardown(close)
  return {
    descriptions,
    tracks,
    ended,
    frames: () => frames,
    isReady: () => links.every((link) => link.isReady),
    close,
  }
}

function sameKeys(): [Uint8Array, Uint8Array] {
  const key = randomBytes(32)
  return [key, key]
}

function openSender(t: Test): WatchedFilm {
  const sender = new WatchedFilm(RATES)
  t.teardown(() => sender.close())
  return sender
}

/** Pushes frames that are hard to code until `isSo`. */
async function playUntil(sender: FilmSender, isSo: () => boolean | Promise<boolean>): Promise<void> {
  let id = 0
  await until(async () => {
    sender.push(filmFrame({ ...SCENE, id: ++id, noise: id }))
    await new Promise((resolve) => setTimeout(resolve, FRAME_MS))
    return isSo()
  })
}

t.test('a link has room for the film from its first offer; while none runs nothing is coded', async (t) => {
  const sender = openSender(t)
  t.equal(sender.push(filmFrame({ ...SCENE, id: 1 })), false, 'there is no link yet')
  const ends = connect(t, sender)
  await until(ends.isReady)
  await until(() => ends.tracks.length > 0)
  await until(async () => (await sender.stats()) !== null)
  t.match(await sender.stats(), { framesEncoded: 0, bytesSent: 0, limitedBy: 'none' })
  await playUntil(sender, () => ends.frames() > 3)
  const stats = (await sender.stats())!
  t.ok(stats.framesEncoded > 3 && stats.bytesSent > 1_000 && stats.qpSum > 0 && stats.encodeSeconds > 0)
  t.ok(stats.keyFramesEncoded >= 1)
  await playUntil(sender, async () => {
    const { availableBitsPerSecond, roundTripMs, fractionLost } = (await sender.stats())!
    return availableBitsPerSecond !== null && roundTripMs !== null && fractionLost !== null
  })
  t.equal(ends.descriptions.length, 2, 'one offer, one answer, and no more for the film')
  for (const description of ends.descriptions) {
    t.same(
      description.match(/^a=rtpmap:\d+ \S+/gm)?.map((line) => line.split(' ')[1]),
      ['VP8/90000', 'rtx/90000'],
    )
  }
})

t.test('the rate can be set at any time, and the picture follows it', async (t) => {
  const sender = openSender(t)
  const ends = connect(t, sender)
  await until(ends.isReady)
  /** Mean quantiser of the next frames. */
  const nextQuantiser = async () => {
    const before = (await sender.stats())!
    const count = before.framesEncoded + 15
    await playUntil(sender, async () => (await sender.stats())!.framesEncoded >= count)
    const after = (await sender.stats())!
    return (after.qpSum - before.qpSum) / (after.framesEncoded - before.framesEncoded)
  }
  await playUntil(sender, () => ends.frames() > 15)
  const rich = await nextQuantiser()
  sender.setRate(100_000)
  sender.setRate(120_000)
  await playUntil(sender, async () => (await nextQuantiser()) > rich + 20)
  sender.setRate(4_000_000)
  await playUntil(sender, async () => (await nextQuantiser()) < rich + 10)
  t.pass('coarser when there is less, finer again when there is more')
})

t.test('[T2] no frame leaves, and none is shown, where the certificates are not confirmed', async (t) => {
  const sender = openSender(t)
  const ends = connect(t, sender, [randomBytes(32), randomBytes(32)])
  let isTaken = false
  await until(() => {
    isTaken ||= sender.push(filmFrame({ ...SCENE, id: 1 }))
    return ends.ended.length === 2
  })
  t.ok(ends.ended.includes('fingerprint-mismatch'))
  t.equal(isTaken, false)
  t.same([ends.tracks, ends.frames()], [[], 0])
})

t.test('[S4] one sender serves link after link, and is done when it is closed', async (t) => {
  const sender = openSender(t)
  const first = connect(t, sender)
  await until(first.isReady)
  await playUntil(sender, () => first.frames() > 0)
  const second = connect(t, sender)
  await until(second.isReady)
  first.close()
  await playUntil(sender, () => second.frames() > 0)
  t.match(first.tracks, [{ kind: 'video' }, null], 'the end that took it knows that it is over')
  t.match(second.tracks, [{ kind: 'video' }])
  second.close()
  t.equal(sender.push(filmFrame({ ...SCENE, id: 1 })), false)
  const third = connect(t, sender)
  await until(third.isReady)
  await playUntil(sender, () => third.frames() > 0)
  sender.close()
  t.equal(sender.push(filmFrame({ ...SCENE, id: 1 })), false)
})
