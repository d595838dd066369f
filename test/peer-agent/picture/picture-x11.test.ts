import { randomBytes } from 'node:crypto'
import t, { type Test } from 'tap'
import { startPicture } from '../../../peer-agent/picture/picture.ts'
import type { Picture } from '../../../peer-agent/picture/port.ts'
import { AMPLE_LINE } from '../../fixtures/ample-line.ts'
import { openPhysicalInput } from '../../fixtures/physical-input.ts'
import { startXServer, until, type XServer, type XServerOptions } from '../../fixtures/x-server.ts'
import { createViewer, untilExact, type Viewer } from './viewer.ts'

const Z_PIXMAP = 2
const DEPTH = 24
const LEFT = { x: 0, y: 0, width: 700, height: 600 }
const RIGHT = { x: 700, y: 0, width: 500, height: 600 }

async function share(
  t: Test,
  options: XServerOptions = {},
): Promise<{ server: XServer; viewer: Viewer; picture: Picture }> {
  const server = await startXServer({ width: 1200, height: 600, ...options })
  t.teardown(() => server.close())
  const viewer = createViewer()
  const picture = await startPicture(
    { desktopKind: 'x11', display: server.display, stillsIntervalMs: 200 },
    viewer.events,
  )
  t.teardown(() => picture.close())
  viewer.onUpdate = () => picture.request(AMPLE_LINE)
  return { server, viewer, picture }
}

/** Opens an xterm that says something, and waits until its window is there. */
async function openXterm(server: XServer, geometry: string, script: string): Promise<number> {
  const before = await server.mappedWindows()
  server.run('xterm', ['-geometry', geometry, '-e', 'sh', '-c', `${script}; exec cat`])
  let opened: number | undefined
  await until(async () => {
    opened = (await server.mappedWindows()).find((id) => !before.includes(id))
    return opened !== undefined
  })
  return opened!
}

/** A window of the test's own, without a window manager around it. */
function createWindow(
  server: XServer,
  place: { x: number; y: number; width: number; height: number },
): number {
  const { client, root } = server
  const window = client.AllocID()
  const { x, y, width, height } = place
  client.CreateWindow(window, root, x, y, width, height, 0, 0, 0, 0, {
    overrideRedirect: true,
    backgroundPixel: 0x2f6fd0,
  })
  client.MapWindow(window)
  return window
}

/** Gives the root window a cursor that is one square of colour. */
function setCursor(server: XServer, colour: { R: number; G: number; B: number }): void {
  const { client, root } = server
  const [mask, gc, cursor] = [client.AllocID(), client.AllocID(), client.AllocID()]
  client.CreatePixmap(mask, root, 1, 16, 12)
  client.CreateGC(gc, mask, { foreground: 1 })
  client.PolyFillRectangle(mask, gc, [0, 0, 16, 12])
  client.CreateCursor(cursor, mask, mask, colour, { R: 0, G: 0, B: 0 }, 3, 4)
  client.ChangeWindowAttributes(root, { cursor })
}

function fill(server: XServer, window: number, colour: number, place: number[]): void {
  const { client } = server
  const gc = client.AllocID()
  client.CreateGC(gc, window, { foreground: colour })
  client.PolyFillRectangle(window, gc, place)
  client.FreeGC(gc)
}

function putNoise(server: XServer, window: number, width: number, height: number): void {
  const { client } = server
  const gc = client.AllocID()
  client.CreateGC(gc, window, {})
  client.PutImage(Z_PIXMAP, window, gc, width, height, 0, 0, 0, DEPTH, randomBytes(width * height * 4))
  client.FreeGC(gc)
}

t.test('at rest the picture is the screen, bit for bit, whatever moved before', async (t) => {
  const { server, viewer, picture } = await share(t, { windowManager: true })
  server.run('xsetroot', ['-mod', '5', '7', '-fg', '#204060', '-bg', '#d0e0f0'])
  picture.request(AMPLE_LINE)
  const terminal = await openXterm(server, '80x24+20+20', 'seq 1 400; ls -la /usr/bin | head -200')
  await openXterm(server, '60x20+500+200', 'head -c 4000 /dev/urandom | od')
  await untilExact(server, () => viewer.canvas)
  for (let step = 1; step <= 20; step++) {
    server.client.ConfigureWindow(terminal, { x: 20 + step * 13, y: 20 + step * 7 })
    await server.sync()
  }
  await untilExact(server, () => viewer.canvas, 'the exact picture after moving a window')
  server.client.ConfigureWindow(terminal, { stackMode: 1 })
  await server.sync()
  await untilExact(server, () => viewer.canvas, 'the exact picture after lowering a window')
  const last = viewer.updates.at(-1)!.capturedAtMs
  await until(() => (viewer.stills.at(-1)?.coversUntilMs ?? 0) >= last, { what: 'the last record' })
  // What moved a moment ago may be coarse in it; one more record then makes it exact.
  const isRecorded = async () => {
    await viewer.recorded()
    return Buffer.compare(viewer.recording.rgb, viewer.canvas.rgb) === 0
  }
  await until(isRecorded, { what: 'the exact recording' })
  t.ok(viewer.stills[0]!.keyframe)
  t.same(viewer.failures, [])
})

t.test('what is typed into a terminal shows', async (t) => {
  const { server, viewer, picture } = await share(t, { windowManager: true })
  const input = await openPhysicalInput(server.display)
  t.teardown(() => input.close())
  picture.request(AMPLE_LINE)
  await openXterm(server, '80x24+20+20', 'stty echo')
  await input.moveTo(200, 200)
  await input.click()
  await untilExact(server, () => viewer.canvas)
  const empty = Buffer.from(viewer.canvas.rgb)
  await input.type('Hello, "World" {42}\n')
  await until(() => Buffer.compare(empty, viewer.canvas.rgb) !== 0, { what: 'the typed text' })
  await untilExact(server, () => viewer.canvas)
})

t.test('two monitors are one picture with two places in it', async (t) => {
  const { server, viewer, picture } = await share(t, { monitors: { left: LEFT, right: RIGHT } })
  picture.request(AMPLE_LINE)
  createWindow(server, { x: 600, y: 100, width: 250, height: 120 })
  await untilExact(server, () => viewer.canvas)
  t.same(viewer.updates[0]!.layout, {
    width: 1200,
    height: 600,
    monitors: [
      { id: 'left', primary: true, ...LEFT },
      { id: 'right', primary: false, ...RIGHT },
    ],
  })
})

t.test(
  'a smaller monitor beside a large one: both exact after scrolling, moving, a film and typing',
  async (t) => {
    const monitors = {
      large: { x: 0, y: 0, width: 1000, height: 800 },
      small: { x: 1000, y: 200, width: 640, height: 480 },
    }
    const { server, viewer, picture } = await share(t, { width: 1640, height: 800, monitors })
    const exact = (after: string) =>
      untilExact(server, () => viewer.canvas, `the exact picture after ${after}`)
    picture.request(AMPLE_LINE)
    await openXterm(server, '100x20+20+300', 'seq 1 3000')
    await exact('scrolling')
    const window = createWindow(server, { x: 860, y: 220, width: 400, height: 300 })
    await exact('a window on both')
    for (let step = 1; step <= 20; step++) {
      server.client.ConfigureWindow(window, { x: 860 + step * 12, y: 220 + step * 8 })
      await server.sync()
    }
    await exact('moving it')
    const isCoarse = () => viewer.updates.at(-1)!.tiles.some(({ coding }) => coding === 'jpeg')
    for (let frame = 0; frame < 300 && !isCoarse(); frame++) {
      const { length } = viewer.updates
      putNoise(server, window, 400, 300)
      await until(() => viewer.updates.length > length, { what: 'the next picture' })
    }
    t.ok(isCoarse(), 'while it plays it has losses')
    await exact('a film')
    fill(server, window, 0xffffff, [30, 30, 9, 12])
    await exact('a letter')
    t.same(viewer.failures, [])
  },
)

t.test('where the monitors do not begin at the corner, the picture does', async (t) => {
  const { server, viewer, picture } = await share(t, { monitors: { only: RIGHT } })
  picture.request(AMPLE_LINE)
  createWindow(server, { x: 690, y: 10, width: 60, height: 40 })
  const shot = await server.screenshot()
  await until(() => viewer.canvas.width === 500 && viewer.canvas.rgb.some((byte) => byte !== 0))
  await server.sync()
  const columns = await until(() => viewer.canvas.rgb[(10 * 500 + 49) * 3] === 0x2f).then(() => true)
  t.ok(columns, 'the window reaches as far as on the monitor')
  t.equal(viewer.canvas.rgb[(10 * 500 + 50) * 3], shot.rgb[(10 * 1200 + 750) * 3])
})

t.test('only what changed is coded, not what was merely drawn again', async (t) => {
  const { server, viewer, picture } = await share(t)
  const window = createWindow(server, { x: 100, y: 100, width: 400, height: 300 })
  await server.sync()
  picture.request(AMPLE_LINE)
  await untilExact(server, () => viewer.canvas)
  const before = viewer.updates.length
  fill(server, window, 0x2f6fd0, [0, 0, 400, 300])
  await server.sync()
  fill(server, window, 0xff8800, [50, 60, 21, 9])
  await untilExact(server, () => viewer.canvas)
  t.match(
    viewer.updates.slice(before).map(({ tiles }) => tiles),
    [[{ x: 150, y: 160, width: 21, height: 9, coding: 'solid' }]],
  )
})

t.test('the cursor travels beside the picture: looks and place', async (t) => {
  const { server, viewer } = await share(t)
  const input = await openPhysicalInput(server.display)
  t.teardown(() => input.close())
  await until(() => viewer.looks.length > 0 && viewer.places.length > 0)
  const before = viewer.looks.length
  await input.moveTo(321, 123)
  await until(() => viewer.places.at(-1)?.x === 321 && viewer.places.at(-1)?.y === 123)
  setCursor(server, { R: 0xffff, G: 0x8000, B: 0 })
  await until(() => viewer.looks.length > before)
  const { width, height, hotX, hotY, rgba } = viewer.looks.at(-1)!
  t.same({ width, height, hotX, hotY }, { width: 16, height: 12, hotX: 3, hotY: 4 })
  t.equal(Buffer.from(rgba).toString('hex'), 'ff8000ff'.repeat(16 * 12))
  t.equal(viewer.updates.length, 0, 'and needs no update')
})

t.test('a screen that changes its size goes on, exact again', async (t) => {
  const { server, viewer, picture } = await share(t)
  picture.request(AMPLE_LINE)
  createWindow(server, { x: 50, y: 50, width: 300, height: 200 })
  await untilExact(server, () => viewer.canvas)
  await server.resize(1000, 500)
  await untilExact(server, () => viewer.canvas, 'the exact picture of the smaller screen')
  t.equal(viewer.canvas.width, 1000)
  await server.resize(1200, 600)
  await untilExact(server, () => viewer.canvas, 'the exact picture of the larger screen')
  await server.setMonitors({ left: LEFT, right: RIGHT })
  await until(() => viewer.updates.some(({ layout }) => layout?.monitors.length === 2))
  await untilExact(server, () => viewer.canvas)
  const last = viewer.updates.at(-1)!.capturedAtMs
  await until(() => viewer.stills.at(-1)!.coversUntilMs >= last)
  await viewer.recorded()
  t.equal(Buffer.compare(viewer.recording.rgb, viewer.canvas.rgb), 0)
  t.same(viewer.failures, [])
})

t.test('a screen that goes away is told', async (t) => {
  const { server, viewer, picture } = await share(t)
  picture.request(AMPLE_LINE)
  await until(() => viewer.updates.length > 0)
  await server.close()
  await until(() => viewer.failures.length > 0)
  t.match(viewer.failures, [/can't be shared because the connection to the X server ended/])
})
