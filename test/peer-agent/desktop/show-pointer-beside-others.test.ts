import { spawn } from 'node:child_process'
import { once } from 'node:events'
import t, { type Test } from 'tap'
import type { Desktop, ShowPointer } from '../../../peer-agent/desktop/port.ts'
import { openX11Desktop } from '../../../peer-agent/desktop/x11/desktop.ts'
import { TurnedClock } from '../../fixtures/turned-clock.ts'
import { startXServer, until, type XServer } from '../../fixtures/x-server.ts'

const LABEL = 'Anna Beispiel zeigt hierhin'
const SCREEN = { width: 900, height: 500 }
const SUBSTRUCTURE_NOTIFY = 1 << 19
const RAISED = { stackMode: 0 }

interface Scene {
  readonly server: XServer
  readonly desktop: Desktop
  readonly pointer: ShowPointer
  /** The mark's window. */
  readonly mark: number
}

/** A desktop with the mark on its one monitor, and a pointer that stays until the clock is turned. */
async function open(t: Test): Promise<Scene> {
  const server = await startXServer(SCREEN)
  t.teardown(() => server.close())
  const desktop = await openX11Desktop({ display: server.display, clock: new TurnedClock() })
  t.teardown(() => desktop.close())
  await desktop.showWatermark({ who: 'Anna Beispiel', what: 'sieht Ihren Bildschirm', expertHolds: false })
  const [mark] = await server.mappedWindows()
  return { server, desktop, mark: mark!, pointer: await desktop.openShowPointer(LABEL) }
}

function cover(server: XServer): number {
  const { client, root } = server
  const window = client.AllocID()
  client.CreateWindow(window, root, 0, 0, SCREEN.width, SCREEN.height, 0, 0, 0, 0, {
    overrideRedirect: true,
    backgroundPixel: 0x808080,
  })
  client.MapWindow(window)
  return window
}

/** Fills with each window that is moved or raised from now on, as often as it is. */
async function movedWindows({ client, root, sync }: XServer): Promise<number[]> {
  const moved: number[] = []
  client.on('event', (event) => {
    if (event.name === 'ConfigureNotify') moved.push(event.wid1 ?? event.wid)
  })
  client.ChangeWindowAttributes(root, { eventMask: SUBSTRUCTURE_NOTIFY })
  // What moves comes over another connection, and may overtake what was asked here.
  await sync()
  return moved
}

/** The pixels where the mark stands. */
async function markPixels(server: XServer): Promise<Buffer> {
  const { rgb, width } = await server.screenshot()
  const rows = Array.from({ length: 40 }, (_, row) => (22 + row) * width + width - 150)
  return Buffer.concat(rows.map((from) => rgb.subarray(from * 3, (from + 130) * 3)))
}

t.test('it is above other windows when shown, and again when shown again', async (t) => {
  const { server, pointer, mark } = await open(t)
  const window = cover(server)
  await until(async () => (await server.mappedWindows()).at(-1) === mark)
  pointer.show(300, 200)
  await until(async () => (await server.mappedWindows()).length === 3)
  const shown = (await server.mappedWindows()).find((id) => id !== mark && id !== window)!
  const order = async (...ids: number[]) => `${await server.mappedWindows()}` === `${ids}`
  await until(() => order(window, shown, mark))
  server.client.ConfigureWindow(window, RAISED)
  await until(() => order(shown, window, mark), { what: 'the mark alone above the window' })
  pointer.show(300, 200)
  await until(() => order(window, shown, mark))
})

t.test('[W1] pointing at the mark never covers it', async (t) => {
  const { server, pointer, mark } = await open(t)
  const before = await markPixels(server)
  pointer.show(SCREEN.width - 60, 40)
  await until(async () => (await server.mappedWindows()).length === 2)
  await until(async () => (await server.mappedWindows()).at(-1) === mark)
  const [shown] = await server.mappedWindows()
  const moved = await movedWindows(server)
  for (let n = 0; n < 30; n++) {
    pointer.show(SCREEN.width - 61 - n, 40)
    await until(() => moved.length > n)
    t.ok((await markPixels(server)).equals(before))
  }
  t.same(new Set(moved), new Set([shown]), 'nor had the mark to be raised')
})

t.test('[W1] pointer and mark do not race for the top', async (t) => {
  const { server, pointer, mark } = await open(t)
  pointer.show(SCREEN.width - 60, 40)
  await until(async () => (await server.mappedWindows()).length === 2)
  await until(async () => (await server.mappedWindows()).at(-1) === mark)
  const [shown] = await server.mappedWindows()
  const moved = await movedWindows(server)
  const window = cover(server)
  // Each time the mark comes back above a window that covers both, the pointer has had its chance to follow.
  for (let times = 0; times < 5; times++) {
    server.client.ConfigureWindow(window, RAISED)
    await server.sync()
    await until(async () => (await server.mappedWindows()).at(-1) === mark)
  }
  t.ok(moved.includes(mark))
  t.notOk(moved.includes(shown!), 'the pointer never comes to the top by itself')
})

t.test('it is gone when the desktop is closed', async (t) => {
  const { server, desktop, pointer } = await open(t)
  pointer.show(300, 200)
  await until(async () => (await server.mappedWindows()).length === 2)
  await desktop.close()
  t.same(await server.mappedWindows(), [])
})

t.test('it is gone when the agent is killed', async (t) => {
  const server = await startXServer(SCREEN)
  t.teardown(() => server.close())
  const script = `
    import { openX11Desktop } from ${JSON.stringify(new URL('../../../peer-agent/desktop/x11/desktop.ts', import.meta.url).href)}
    const desktop = await openX11Desktop()
    const pointer = await desktop.openShowPointer(${JSON.stringify(LABEL)})
    setInterval(() => pointer.show(300, 200), 100)`
  const agent = spawn(process.execPath, ['--import=tsx', '--input-type=module', '-e', script], {
    env: { ...process.env, DISPLAY: server.display },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  await until(async () => (await server.mappedWindows()).length === 1)
  agent.kill('SIGKILL')
  await once(agent, 'exit')
  await until(async () => (await server.mappedWindows()).length === 0)
})
