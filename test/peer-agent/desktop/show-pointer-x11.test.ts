import t, { type Test } from 'tap'
import type { ShowPointer } from '../../../peer-agent/desktop/port.ts'
import {
  fitShowPointer,
  type PointerBitmaps,
  type PointerSide,
} from '../../../peer-agent/desktop/show-pointer-bitmap.ts'
import { connectX } from '../../../peer-agent/desktop/x11/connection.ts'
import { watchMonitors } from '../../../peer-agent/desktop/x11/monitors.ts'
import { LINGER_MS, openShowPointer } from '../../../peer-agent/desktop/x11/show-pointer.ts'
import { openPhysicalInput } from '../../fixtures/physical-input.ts'
import { TurnedClock } from '../../fixtures/turned-clock.ts'
import { type MonitorPlace, startXServer, until, type XServer } from '../../fixtures/x-server.ts'

const LABEL = 'Anna zeigt hierhin'
const GREY = 0x808080
const BUTTON_PRESS = 1 << 2
const HERE: PointerSide = { right: true, below: true }

interface Scene {
  readonly server: XServer
  readonly pointer: ShowPointer
  readonly clock: TurnedClock
  /** Of the layout, on the root window. */
  readonly left: number
  readonly top: number
  /** Resolves once the server has dealt with all that the pointer asked of it. */
  settled(): Promise<void>
}

async function open(t: Test, screen: MonitorPlace, monitors?: Record<string, MonitorPlace>): Promise<Scene> {
  const { width, height } = screen
  const server = await startXServer({ width, height, ...(monitors && { monitors }) })
  t.teardown(() => server.close())
  const { client, root } = server
  const ground = client.AllocID()
  client.CreateWindow(ground, root, 0, 0, width, height, 0, 0, 0, 0, {
    overrideRedirect: true,
    backgroundPixel: GREY,
    eventMask: BUTTON_PRESS,
  })
  client.MapWindow(ground)
  await server.sync()
  const connection = await connectX({ display: server.display })
  t.teardown(() => connection.close())
  const placed = await (await watchMonitors(connection)).read()
  const clock = new TurnedClock()
  const pointer = await openShowPointer({
    connection,
    placed: () => placed,
    lowestOfMark: () => undefined,
    label: LABEL,
    clock,
  })
  t.teardown(() => pointer.close())
  const { left, top } = placed
  return { server, pointer, clock, left, top, settled: () => connection.sync() }
}

const drawings = new Map<string, Promise<PointerBitmaps>>()

function drawn(scale: number, side: PointerSide): Promise<PointerBitmaps> {
  const key = JSON.stringify([scale, side])
  const drawing =
    drawings.get(key) ?? fitShowPointer(LABEL, scale, 10_000).then((pointer) => pointer.draw(side))
  drawings.set(key, drawing)
  return drawing
}

/** Whether the screen shows the pointer with its tip at this place, and grey everywhere else, to the pixel. */
async function looks(
  server: XServer,
  x: number,
  y: number,
  side: PointerSide,
  { isWide = true, scale = 1 } = {},
): Promise<boolean> {
  const bitmaps = await drawn(scale, side)
  const bgra = isWide ? bitmaps.pulse : bitmaps.rest
  const { rgb, width, height } = await server.screenshot()
  const expected = Buffer.alloc(rgb.length, 0x80)
  for (let row = 0; row < bitmaps.height; row++) {
    for (let column = 0; column < bitmaps.width; column++) {
      const from = (row * bitmaps.width + column) * 4
      const [atX, atY] = [x - bitmaps.tipX + column, y - bitmaps.tipY + row]
      if (bgra[from + 3]! < 128 || atX < 0 || atY < 0 || atX >= width || atY >= height) continue
      const to = (atY * width + atX) * 3
      for (let part = 0; part < 3; part++) expected[to + part] = bgra[from + 2 - part]!
    }
  }
  return expected.equals(rgb)
}

const isGone = async (server: XServer) => (await server.mappedWindows()).length === 1

t.test('the tip is exactly at the place, on every side, and nothing but the pointer is drawn', async (t) => {
  const { server, pointer } = await open(t, { x: 0, y: 0, width: 600, height: 300 })
  const places: [number, number, PointerSide][] = [
    [200, 150, { right: true, below: true }],
    [0, 0, { right: true, below: true }],
    [599, 0, { right: false, below: true }],
    [0, 299, { right: true, below: false }],
    [599, 299, { right: false, below: false }],
  ]
  for (const [x, y, side] of places) {
    pointer.show(x, y)
    await until(() => looks(server, x, y, side), { what: `the pointer at ${x}, ${y}` })
  }
})

t.test(
  'places are counted from the corner of the layout, and sides from the edges of a monitor',
  async (t) => {
    const { server, pointer, left, top } = await open(
      t,
      { x: 0, y: 0, width: 1400, height: 400 },
      {
        first: { x: 100, y: 50, width: 600, height: 300 },
        second: { x: 700, y: 50, width: 600, height: 300 },
      },
    )
    t.same([left, top], [100, 50])
    pointer.show(10, 20)
    await until(() => looks(server, 110, 70, HERE))
    pointer.show(595, 150)
    await until(() => looks(server, 695, 200, { right: false, below: true }))
    pointer.show(605, 295)
    await until(() => looks(server, 705, 345, { right: true, below: false }))
  },
)

t.test('on a dense monitor it is twice as large', async (t) => {
  const { server, pointer } = await open(t, { x: 0, y: 0, width: 1000, height: 2160 })
  pointer.show(300, 1000)
  await until(() => looks(server, 300, 1000, HERE, { scale: 2 }))
})

t.test('clicks pass through arrow, ring and label', async (t) => {
  const { server, pointer } = await open(t, { x: 0, y: 0, width: 600, height: 300 })
  const clicks: string[] = []
  server.client.on('event', (event: { name?: string | undefined }) => {
    if (event.name !== 'ButtonPress') return
    const { rootx, rooty } = event as unknown as { rootx: number; rooty: number }
    clicks.push(`${rootx} ${rooty}`)
  })
  pointer.show(300, 200)
  await until(() => looks(server, 300, 200, HERE))
  const input = await openPhysicalInput(server.display)
  t.teardown(() => input.close())
  for (const [x, y] of [
    [300, 200],
    [310, 210],
    [300, 234],
    [450, 255],
  ] as const) {
    await input.moveTo(x, y)
    await input.click()
  }
  await until(() => clicks.length === 4)
  t.same(clicks, ['300 200', '310 210', '300 234', '450 255'])
})

t.test('the ring widens twice, then rests, and does so anew after a pause', async (t) => {
  const { server, pointer, clock } = await open(t, { x: 0, y: 0, width: 600, height: 300 })
  pointer.show(300, 200)
  for (const isWide of [true, false, true, false]) {
    await until(() => looks(server, 300, 200, HERE, { isWide }), { what: isWide ? 'wide' : 'small' })
    clock.turn(300)
  }
  t.equal(clock.nextMs, LINGER_MS - 1200, 'nothing more happens until it goes')
  pointer.show(310, 200)
  await until(() => looks(server, 310, 200, HERE, { isWide: false }), { what: 'moved at rest' })
  clock.turn(1501)
  pointer.show(310, 210)
  await until(() => looks(server, 310, 210, HERE))
})

t.test('it stays four seconds after it was last shown, or until it is hidden', async (t) => {
  const { server, pointer, clock, settled } = await open(t, { x: 0, y: 0, width: 600, height: 300 })
  pointer.show(300, 200)
  await until(() => looks(server, 300, 200, HERE))
  clock.turn(LINGER_MS - 1)
  pointer.show(320, 200)
  clock.turn(LINGER_MS - 1)
  await settled()
  t.notOk(await isGone(server))
  clock.turn(1)
  await settled()
  t.ok(await isGone(server))
  t.equal(clock.nextMs, Number.POSITIVE_INFINITY)
  pointer.show(300, 200)
  await until(() => looks(server, 300, 200, HERE))
  pointer.hide()
  await settled()
  t.ok(await isGone(server))
  t.equal(clock.nextMs, Number.POSITIVE_INFINITY)
  pointer.show(300, 200)
  await until(() => looks(server, 300, 200, HERE))
  await pointer.close()
  t.ok(await isGone(server))
  pointer.show(300, 200)
  await settled()
  t.ok(await isGone(server), 'closed is closed')
})

t.test('moving it moves one window, and only another side needs another', async (t) => {
  const { server, pointer } = await open(t, { x: 0, y: 0, width: 600, height: 300 })
  pointer.show(300, 200)
  await until(() => looks(server, 300, 200, HERE))
  const [, first] = await server.mappedWindows()
  pointer.show(320, 100)
  await until(() => looks(server, 320, 100, HERE))
  t.equal((await server.mappedWindows())[1], first)
  pointer.show(590, 100)
  await until(() => looks(server, 590, 100, { right: false, below: true }))
  const windows = await server.mappedWindows()
  t.equal(windows.length, 2)
  t.not(windows[1], first)
  pointer.show(300, 200)
  await until(() => looks(server, 300, 200, HERE))
  t.equal((await server.mappedWindows())[1], first, 'drawn once')
})
