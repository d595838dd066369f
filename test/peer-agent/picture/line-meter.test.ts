import t from 'tap'
import { LineMeter } from '../../../peer-agent/picture/line-meter.ts'

/** A line of this rate and delay, driven as fast as the meter and the sender allow, with a clock turned by hand. */
function drive(
  meter: LineMeter,
  line: { bytesPerSecond: number; delayMs: number },
  seconds: number,
  start = 0,
  sender = { makeMs: 1, times: 1 },
) {
  const onTheWay: { seq: number; drawnAtMs: number }[] = []
  meter.relink()
  let nowMs = start
  let freeAtMs = start
  let longestQueueMs = 0
  const untilMs = start + seconds * 1000
  for (let seq = start * 1000 + 1; nowMs < untilMs; ) {
    const room = meter.roomBytes
    if (room > 0) {
      const bytes = room * sender.times
      nowMs += sender.makeMs
      freeAtMs = Math.max(freeAtMs, nowMs) + (bytes / line.bytesPerSecond) * 1000
      longestQueueMs = Math.max(longestQueueMs, freeAtMs - nowMs)
      for (; onTheWay[0] && onTheWay[0].drawnAtMs <= nowMs; onTheWay.shift())
        meter.drawn(onTheWay[0].seq, onTheWay[0].drawnAtMs)
      meter.sent(seq, bytes, nowMs)
      onTheWay.push({ seq: seq++, drawnAtMs: freeAtMs + line.delayMs })
      continue
    }
    const next = onTheWay.shift()!
    nowMs = Math.max(nowMs, next.drawnAtMs)
    meter.drawn(next.seq, nowMs)
  }
  return { nowMs, longestQueueMs }
}

const LINES = {
  'the same room': { bytesPerSecond: 10_000_000, delayMs: 3 },
  '10 Mbit/s': { bytesPerSecond: 1_250_000, delayMs: 40 },
  '2 Mbit/s': { bytesPerSecond: 250_000, delayMs: 20 },
  '128 kbit/s, 300 ms': { bytesPerSecond: 16_000, delayMs: 300 },
}

for (const [name, line] of Object.entries(LINES)) {
  t.test(`the rate is found on a line like ${name}, and no long queue grows`, async (t) => {
    const meter = new LineMeter()
    // Ends between two measurements of the delay, for which the line runs empty.
    const { nowMs } = drive(meter, line, 17)
    t.ok(meter.bytesPerSecond > line.bytesPerSecond * 0.7, `not far below: ${meter.bytesPerSecond}`)
    t.ok(meter.bytesPerSecond < line.bytesPerSecond * 1.3, `nor above: ${meter.bytesPerSecond}`)
    const { longestQueueMs } = drive(meter, line, 10, nowMs + 1)
    t.ok(longestQueueMs < 2 * meter.delayMs + 100, `the line's queue: ${Math.round(longestQueueMs)} ms`)
  })
}

t.test('a sender that takes its time and sends more than it may makes no line look faster', async (t) => {
  for (const [name, line] of Object.entries(LINES).slice(1)) {
    const meter = new LineMeter()
    const { nowMs } = drive(meter, line, 17, 0, { makeMs: 35, times: 1.4 })
    t.ok(meter.bytesPerSecond < line.bytesPerSecond * 1.3, `${name}: ${Math.round(meter.bytesPerSecond)}`)
    const { longestQueueMs } = drive(meter, line, 10, nowMs + 1, { makeMs: 35, times: 1.4 })
    t.ok(
      longestQueueMs < 3 * meter.delayMs + 100,
      `${name}, the line's queue: ${Math.round(longestQueueMs)} ms`,
    )
  }
})

t.test('a line that gets narrower and wider again is followed both ways', async (t) => {
  const meter = new LineMeter()
  let { nowMs } = drive(meter, LINES['10 Mbit/s'], 10)
  t.equal(meter.quality, 'good')
  ;({ nowMs } = drive(meter, LINES['128 kbit/s, 300 ms'], 30, nowMs + 1))
  t.equal(meter.quality, 'poor')
  t.ok(meter.windowBytes < 30_000, `${meter.windowBytes} bytes at once`)
  drive(meter, LINES['10 Mbit/s'], 10, nowMs + 1)
  t.equal(meter.quality, 'good')
})

t.test('what was too little to fill the line says nothing of how much it carries', async (t) => {
  const meter = new LineMeter()
  const { nowMs } = drive(meter, LINES['10 Mbit/s'], 10)
  meter.relink()
  const before = meter.bytesPerSecond
  for (let key = 0; key < 200; key++) {
    meter.sent(20_000_000 + key, 900, nowMs + key * 120)
    meter.drawn(20_000_000 + key, nowMs + key * 120 + 45)
  }
  t.equal(meter.bytesPerSecond, before)
})

t.test(
  'at most a dozen updates are on their way, and a page that claims too much gains nothing',
  async (t) => {
    const meter = new LineMeter()
    for (let seq = 1; seq <= 12; seq++) meter.sent(seq, 10, seq)
    t.equal(meter.roomBytes, 0)
    meter.drawn(12, 20)
    t.ok(meter.roomBytes > 0)
    meter.drawn(5_000, 21)
    meter.sent(13, 10, 22)
    meter.drawn(13, 30)
    t.ok(Number.isFinite(meter.bytesPerSecond))
  },
)

t.test('a new link begins with nothing on its way', async (t) => {
  const meter = new LineMeter()
  for (let seq = 1; seq <= 12; seq++) meter.sent(seq, 10_000, seq)
  meter.relink()
  t.ok(meter.roomBytes > 0)
})
