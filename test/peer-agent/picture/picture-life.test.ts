import { readdirSync, readlinkSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import { openScreenReader } from '../../../peer-agent/desktop/x11/screen-reader.ts'
import { startCapture } from '../../../peer-agent/picture/capture.ts'
import { startPicture } from '../../../peer-agent/picture/picture.ts'
import { createPixels } from '../../../peer-agent/picture/pixels.ts'
import { AMPLE_LINE } from '../../fixtures/ample-line.ts'
import { startXServer, until } from '../../fixtures/x-server.ts'
import { createViewer } from './viewer.ts'

t.test('screens opened and closed eight times leave nothing behind', async (t) => {
  const server = await startXServer({ width: 800, height: 600 })
  t.teardown(() => server.close())
  for (let round = 0; round < 8; round++) {
    let updates = 0
    const ignored = () => {}
    const capture = await startCapture(
      await openScreenReader({ display: server.display }),
      createPixels(),
      {
        update: () => {
          updates++
        },
        filmFrame: ignored,
        looks: ignored,
        place: ignored,
        stills: ignored,
        failed: (error) => t.fail(error.message),
      },
      1000,
    )
    capture.request(AMPLE_LINE)
    await until(() => updates === 1)
    await capture.close()
  }
  t.same(openDescriptors(server.display), [], 'no descriptor')
  t.same(sharedMemory(), [], 'no shared memory')
})

t.test('nor do their threads', async (t) => {
  const server = await startXServer({ width: 800, height: 600 })
  t.teardown(() => server.close())
  for (let round = 0; round < 3; round++) {
    const viewer = createViewer()
    const picture = await startPicture({ desktopKind: 'x11', display: server.display }, viewer.events)
    picture.request(AMPLE_LINE)
    await until(() => viewer.updates.length === 1)
    await picture.close()
    t.same(viewer.failures, [])
  }
  t.same(openDescriptors(server.display), [])
  t.same(sharedMemory(), [])
})

t.test('closing records what is still owed, and nothing comes afterwards', async (t) => {
  const server = await startXServer({ width: 400, height: 300 })
  t.teardown(() => server.close())
  const viewer = createViewer()
  const picture = await startPicture(
    { desktopKind: 'x11', display: server.display, stillsIntervalMs: 60_000 },
    viewer.events,
  )
  picture.request(AMPLE_LINE)
  await until(() => viewer.stills.length === 1)
  viewer.onUpdate = () => picture.request(AMPLE_LINE)
  picture.request(AMPLE_LINE)
  server.run('xsetroot', ['-solid', '#123456'])
  await until(() => viewer.canvas.rgb[0] === 0x12)
  const shown = viewer.updates.at(-1)!.capturedAtMs
  await Promise.all([picture.close(), picture.close()])
  t.equal(viewer.stills.at(-1)!.coversUntilMs, shown)
  const { length } = viewer.updates
  picture.request(AMPLE_LINE)
  await server.sync()
  t.equal(viewer.updates.length, length)
})

t.test('a new link gets one whole update for its one request, whatever was on its way', async (t) => {
  const viewer = createViewer()
  const picture = await startPicture({ desktopKind: 'fake' }, viewer.events)
  for (let link = 1; link <= 21; link++) {
    picture.request(AMPLE_LINE)
    // Now and then the worker has answered by then, now and then not.
    for (let turns = 0; turns < link % 7; turns++) await turn()
    const before = viewer.updates.length
    picture.refresh()
    picture.request(AMPLE_LINE)
    await until(() => viewer.updates.length > before)
    t.equal(viewer.updates.length, before + 1)
    t.ok(viewer.updates.at(-1)!.layout)
  }
  await picture.close()
})

t.test('a screen that cannot be opened is refused with a sentence', async (t) => {
  const { events } = createViewer()
  await t.rejects(startPicture({ desktopKind: 'x11', display: ':987' }, events), {
    name: 'DesktopUnavailable',
    why: 'refused',
    message: /^The desktop :987 could not be opened: this computer's screen can't be shared because /,
  })
  await t.rejects(startPicture({ desktopKind: 'macos' }, events), { message: /macos desktop/ })
})

t.test('the fake desktop has a picture too', async (t) => {
  const viewer = createViewer()
  const picture = await startPicture({ desktopKind: 'fake' }, viewer.events)
  picture.request(AMPLE_LINE)
  await until(() => viewer.updates.length === 1)
  t.same([...viewer.canvas.rgb.subarray(0, 3)], [0x33, 0x66, 0x99])
  await picture.close()
})

function sharedMemory(): string[] {
  return readdirSync('/dev/shm').filter((name) => name.startsWith('lotse-'))
}

/** What this process holds of shared memory. */
function openDescriptors(display: string): string[] {
  const links = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`)
    } catch {
      return ''
    }
  })
  return links.filter((link) => link.includes('/dev/shm/') || link.includes(`X11-unix/X${display.slice(1)}`))
}
