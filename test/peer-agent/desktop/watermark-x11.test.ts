import { spawn } from 'node:child_process'
import { once } from 'node:events'
import t, { type Test } from 'tap'
import type { Watermark, WatermarkContent } from '../../../peer-agent/desktop/port.ts'
import { drawWatermark } from '../../../peer-agent/desktop/watermark-bitmap.ts'
import { openX11Desktop } from '../../../peer-agent/desktop/x11/desktop.ts'
import { openPhysicalInput } from '../../fixtures/physical-input.ts'
import { type MonitorPlace, startXServer, until, type XServer } from '../../fixtures/x-server.ts'

const VIEWING: WatermarkContent = {
  who: 'Anna Beispiel · Technik Nord',
  what: 'sieht Ihren Bildschirm',
  expertHolds: false,
}
const HOLDING: WatermarkContent = { ...VIEWING, what: 'bewegt Ihre Maus', expertHolds: true }
const MONITORS = {
  left: { x: 0, y: 0, width: 700, height: 600 },
  right: { x: 700, y: 0, width: 500, height: 600 },
}
const EDGE = 12
const BUTTON_PRESS = 1 << 2

async function show(t: Test): Promise<{ server: XServer; mark: Watermark }> {
  const server = await startXServer({ width: 1200, height: 600, monitors: MONITORS })
  t.teardown(() => server.close())
  const desktop = await openX11Desktop({ display: server.display })
  t.teardown(() => desktop.close())
  return { server, mark: await desktop.showWatermark(VIEWING) }
}

/** Whether the mark stands at the top right of this monitor, to the pixel, but for the round corners. */
async function stands(server: XServer, monitor: MonitorPlace, content: WatermarkContent): Promise<boolean> {
  const bitmap = await drawWatermark(content, 1, monitor.width - 2 * EDGE)
  const { rgb, width } = await server.screenshot()
  const left = monitor.x + monitor.width - EDGE - bitmap.width
  for (let row = bitmap.cornerRadius; row < bitmap.height - bitmap.cornerRadius; row++) {
    for (let column = 0; column < bitmap.width; column++) {
      const seen = ((monitor.y + EDGE + row) * width + left + column) * 3
      const drawn = (row * bitmap.width + column) * 4
      for (let part = 0; part < 3; part++) {
        if (rgb[seen + part] !== bitmap.bgrx[drawn + 2 - part]) return false
      }
    }
  }
  return true
}

const standsEverywhere = async (server: XServer, content = VIEWING) =>
  (await stands(server, MONITORS.left, content)) && (await stands(server, MONITORS.right, content))

function coverEverything(server: XServer): number {
  const { client, root } = server
  const window = client.AllocID()
  client.CreateWindow(window, root, 0, 0, 1200, 600, 0, 0, 0, 0, {
    overrideRedirect: true,
    backgroundPixel: 0x808080,
    eventMask: BUTTON_PRESS,
  })
  client.MapWindow(window)
  return window
}

t.test(
  '[W1] the mark stands at the top right of every monitor as soon as showWatermark resolves',
  async (t) => {
    const { server, mark } = await show(t)
    t.ok(await standsEverywhere(server))
    await mark.update(HOLDING)
    t.ok(await standsEverywhere(server, HOLDING), 'and says at once what is new')
    t.equal((await server.mappedWindows()).length, 2, 'the old marks are gone')
  },
)

t.test('[W1] it stays above a window that is opened later', async (t) => {
  const { server } = await show(t)
  const window = coverEverything(server)
  await server.sync()
  await until(() => standsEverywhere(server))
  server.client.ConfigureWindow(window, { stackMode: 0 })
  await server.sync()
  await until(() => standsEverywhere(server), { what: 'the mark above a window that was raised' })
})

t.test('[W1] clicks pass through it', async (t) => {
  const { server } = await show(t)
  coverEverything(server)
  await until(() => standsEverywhere(server))
  const clicked = new Promise<unknown>((resolve) => {
    server.client.on('event', (event) => {
      if ((event as { name?: string }).name === 'ButtonPress') resolve(event)
    })
  })
  const input = await openPhysicalInput(server.display)
  t.teardown(() => input.close())
  await input.moveTo(1150, 40)
  await input.click()
  t.match(await clicked, { name: 'ButtonPress', rootx: 1150, rooty: 40 })
})

t.test('[W1] it follows when monitors change', async (t) => {
  const { server } = await show(t)
  await server.setMonitors({ only: { x: 0, y: 0, width: 1200, height: 600 } })
  const whole = { x: 0, y: 0, width: 1200, height: 600 }
  await until(() => stands(server, whole, VIEWING), { what: 'the mark on the one monitor' })
  await server.setMonitors({})
  await server.resize(900, 500)
  await until(() => stands(server, { x: 0, y: 0, width: 900, height: 500 }, VIEWING))
  await until(async () => (await server.mappedWindows()).length === 1)
})

t.test('[W1] it comes back when another program hides, moves or destroys it', async (t) => {
  const { server, mark } = await show(t)
  let lost: string | undefined
  mark.onLost((reason) => {
    lost = reason
  })
  const { client } = server
  const [first] = await server.mappedWindows()
  client.UnmapWindow(first!)
  await server.sync()
  await until(() => standsEverywhere(server))
  const [second] = await server.mappedWindows()
  client.ConfigureWindow(second!, { x: 5, y: 300 })
  await server.sync()
  await until(() => standsEverywhere(server))
  const [third] = await server.mappedWindows()
  client.DestroyWindow(third!)
  await server.sync()
  await until(() => standsEverywhere(server))
  t.equal(lost, undefined)
})

t.test('[W2] a program that keeps removing it makes it lost', async (t) => {
  const { server, mark } = await show(t)
  let lost: string | undefined
  mark.onLost((reason) => {
    lost = reason
  })
  await until(async () => {
    for (const window of await server.mappedWindows()) server.client.DestroyWindow(window)
    return lost !== undefined
  })
  t.match(lost, /keeps removing the mark/)
})

t.test('[W2] it is lost when the server cuts us off', async (t) => {
  const { server, mark } = await show(t)
  const lost = new Promise<string>((resolve) => mark.onLost(resolve))
  const [window] = await server.mappedWindows()
  const since = performance.now()
  server.client.KillClient(window!)
  t.match(await lost, /connection to the X server ended/)
  t.ok(performance.now() - since < 1000)
  await t.rejects(mark.update(HOLDING))
})

t.test('[W2] without a desktop there is no mark', async (t) => {
  const server = await startXServer({ width: 300, height: 200 })
  const desktop = await openX11Desktop({ display: server.display })
  await server.close()
  await t.rejects(desktop.showWatermark(VIEWING))
  await desktop.close()
})

t.test('[W3] it is gone when closed', async (t) => {
  const { server, mark } = await show(t)
  await mark.close()
  t.same(await server.mappedWindows(), [])
})

t.test('[W3] it is gone within a second when the agent is killed', async (t) => {
  const server = await startXServer({ width: 1200, height: 600, monitors: MONITORS })
  t.teardown(() => server.close())
  const script = `
    import { openX11Desktop } from ${JSON.stringify(new URL('../../../peer-agent/desktop/x11/desktop.ts', import.meta.url).href)}
    const desktop = await openX11Desktop()
    await desktop.showWatermark(${JSON.stringify(VIEWING)})
    console.log('shown')`
  const agent = spawn(process.execPath, ['--import=tsx', '--input-type=module', '-e', script], {
    env: { ...process.env, DISPLAY: server.display },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(agent.stdout, 'data')
  t.ok(await standsEverywhere(server))
  const since = performance.now()
  agent.kill('SIGKILL')
  await until(async () => (await server.mappedWindows()).length === 0)
  t.ok(performance.now() - since < 1000, `${(performance.now() - since).toFixed(0)} ms`)
})
