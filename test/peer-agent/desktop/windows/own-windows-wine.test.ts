import t from 'tap'
import { startWindowsDesk } from '../../../fixtures/wine/desk.ts'
import { until } from '../../../fixtures/x-server.ts'

const MOVED = 0x200
const FREE_SPOT = [900, 650] as const

t.test('[C4] a window of our own, or of a program that ours started, takes no remote input', async (t) => {
  const desk = await startWindowsDesk(t)
  await desk.ask('watchAll')
  // The window is not of the process that was started, as with a browser that starts another in its place.
  const started = await desk.ask('start', 'cmd.exe', ['/c', 'notepad.exe'])
  let window = await desk.ask('foreground')
  await until(
    async () => {
      window = await desk.ask('foreground')
      return window !== null && (await desk.ask('parentOf', window.process)) === started
    },
    { what: 'the window of our own', withinMs: 30_000 },
  )
  const { x, y } = window!
  await desk.ask('openInjector', started)
  await desk.ask('key', 'ShiftLeft', true)
  t.equal((await desk.ask('state')).isHolding, false)
  await desk.ask('spied')

  await desk.ask('text', 'Ja')
  await desk.ask('key', 'Enter', true)
  await desk.ask('key', 'Enter', false)
  await desk.ask('button', 'left', true, x, y)
  await desk.ask('button', 'left', false, x, y)
  await desk.ask('wheel', 0, 120, x, y)
  t.same(
    (await desk.ask('spied')).filter(({ what, device }) => device === 'key' || what !== MOVED),
    [],
    'nothing but the pointer moves',
  )
  t.same(await desk.ask('state'), { isHolding: false, refused: 0, shielded: 5 })

  await desk.ask('button', 'left', true, ...FREE_SPOT)
  await desk.ask('button', 'left', false, x, y)
  await desk.ask('focusEdit')
  await desk.ask('text', 'frei')
  await until(async () => (await desk.ask('editText')) === 'frei')
  t.same(
    await desk.ask('state'),
    { isHolding: false, refused: 0, shielded: 5 },
    'all others take it; a button that is down goes up anywhere',
  )
  t.same(await desk.ask('down'), [])
})
