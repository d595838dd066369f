import { createServer } from 'node:net'
import t from 'tap'
import { openX11Desktop } from '../../../peer-agent/desktop/x11/desktop.ts'
import { openScreenReader } from '../../../peer-agent/desktop/x11/screen-reader.ts'
import { startXServer } from '../../fixtures/x-server.ts'

const SENTENCE = /^[A-Z].*: this computer's screen can't be shared because .*\.$/

t.test('a missing or useless display is said in a sentence', async (t) => {
  const before = { ...process.env }
  t.teardown(() => {
    process.env = before
  })
  delete process.env.DISPLAY
  delete process.env.XDG_SESSION_TYPE
  delete process.env.WAYLAND_DISPLAY
  await t.rejects(openX11Desktop(), { why: 'no-display', message: SENTENCE })
  await t.rejects(openX11Desktop({ display: ':987' }), { why: 'refused', message: SENTENCE })
  await t.rejects(openX11Desktop({ display: 'nonsense' }), { why: 'refused', message: SENTENCE })
  process.env.XDG_SESSION_TYPE = 'wayland'
  await t.rejects(openX11Desktop(), { why: 'wayland', message: SENTENCE })
  await t.rejects(openX11Desktop({ display: ':987' }), { why: 'wayland', message: SENTENCE })
})

t.test('a server that refuses or hangs up is said in a sentence', async (t) => {
  const refusing = createServer((socket) => {
    socket.once('data', () => {
      const reason = Buffer.from('No protocol specified\n')
      const head = Buffer.from([0, reason.length, 11, 0, 0, 0, Math.ceil(reason.length / 4), 0])
      socket.end(Buffer.concat([head, reason, Buffer.alloc(2)]))
    })
  })
  await new Promise<void>((resolve) => refusing.listen(6000 + 5123, '127.0.0.1', resolve))
  t.teardown(() => refusing.close())
  await t.rejects(openX11Desktop({ display: '127.0.0.1:5123' }), {
    why: 'refused',
    message: /No protocol specified/,
  })
})

t.test('a screen that would come out wrong is refused before anybody is asked', async (t) => {
  for (const depth of [8, 16, 30]) {
    const server = await startXServer({ width: 300, height: 200, depth })
    const opening = openX11Desktop({ display: server.display })
    await t.rejects(opening, { why: 'unusual-screen', message: SENTENCE }, `${depth} bits`)
    await server.close()
  }
  const server = await startXServer({ width: 300, height: 200, withoutExtensions: ['DAMAGE'] })
  const opening = openX11Desktop({ display: server.display })
  await t.rejects(opening, { why: 'missing-extension', message: SENTENCE })
  await server.close()
})

t.test('a server without RandR has one monitor, its screen', async (t) => {
  const server = await startXServer({ width: 300, height: 200, withoutExtensions: ['RANDR'] })
  const desktop = await openX11Desktop({ display: server.display })
  const monitors = [{ id: 'screen', primary: true, x: 0, y: 0, width: 300, height: 200 }]
  t.same(desktop.layout(), { width: 300, height: 200, monitors })
  await desktop.close()
  await server.close()
})

t.test('without shared memory the pixels come through the socket, the same', async (t) => {
  const server = await startXServer({ width: 300, height: 200 })
  t.teardown(() => server.close())
  const read = async (shm: boolean) => {
    const reader = await openScreenReader({ display: server.display, shm })
    const pixels = Buffer.alloc(300 * 200 * 4)
    t.equal(await reader.read({ x: 0, y: 0, width: 300, height: 200 }, pixels), true)
    t.equal(await reader.read({ x: 200, y: 0, width: 300, height: 200 }, pixels), false)
    await reader.close()
    return pixels
  }
  const window = server.client.AllocID()
  server.client.CreateWindow(window, server.root, 30, 20, 100, 50, 0, 0, 0, 0, {
    overrideRedirect: true,
    backgroundPixel: 0xcc8844,
  })
  server.client.MapWindow(window)
  await server.sync()
  const shared = await read(true)
  t.equal(Buffer.compare(shared, await read(false)), 0)
  t.same([...shared.subarray((20 * 300 + 30) * 4, (20 * 300 + 30) * 4 + 3)], [0x44, 0x88, 0xcc])
})

t.test('everything under way rejects when the server goes', async (t) => {
  const server = await startXServer({ width: 300, height: 200 })
  const reader = await openScreenReader({ display: server.display })
  await reader.take()
  const waiting = reader.changed()
  await Promise.all([server.close(), t.rejects(waiting, { why: 'lost', message: SENTENCE })])
  await t.rejects(reader.take(), { why: 'lost', message: SENTENCE })
  await reader.close()
})

t.test('names of atoms are not carried from one server to the next', async (t) => {
  const monitors = { left: { x: 0, y: 0, width: 100, height: 200 } }
  const first = await startXServer({ width: 300, height: 200, monitors })
  const one = await openX11Desktop({ display: first.display })
  const second = await startXServer({ width: 300, height: 200, monitors: { other: monitors.left } })
  const two = await openX11Desktop({ display: second.display })
  t.equal(one.layout().monitors[0]!.id, 'left')
  t.equal(two.layout().monitors[0]!.id, 'other')
  await Promise.all([one.close(), two.close()])
  await Promise.all([first.close(), second.close()])
})
