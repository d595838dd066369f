import t from 'tap'
import { startWindowsDesk } from '../../../fixtures/wine/desk.ts'
import { until } from '../../../fixtures/x-server.ts'

const SPOT = [700, 600] as const
const VK = { rightButton: 0x02, rightShift: 0xa1 }
const HELD = { leftButton: 0x01, downArrow: 0x28, leftControl: 0xa2, leftAlt: 0xa4 }
/** Shift, Ctrl and Alt of whichever side. */
const EITHER_SIDE = [0x10, 0x11, 0x12]
/** Window messages of a button that goes down. */
const DOWN = { left: 0x201, right: 0x204, middle: 0x207, extra: 0x20b }
const MOVED = 0x200

const desk = await startWindowsDesk(t)
await desk.ask('openInjector', null)
await desk.ask('watchAll')

t.beforeEach(async () => {
  await desk.ask('letGo')
  await desk.ask('spied')
})

/** What of the mouse went by, but for its moves. */
async function spiedButtons() {
  return (await desk.ask('spied')).filter(({ what }) => what !== MOVED).map(({ what, data }) => [what, data])
}

t.test('the pointer goes to exactly the pixel that was asked for', async (t) => {
  const { width, height } = desk
  // While wine still puts up its desktop it refuses to move the pointer.
  await until(async () => (await desk.ask('visit', [[10, 20]]))[0]?.y === 20)
  const corners = [
    [0, 0],
    [width - 1, 0],
    [0, height - 1],
    [width - 1, height - 1],
  ] as const
  const places = [
    ...corners,
    ...Array.from({ length: 200 }, (_, n) => [(n * 373 + 11) % width, (n * 257 + 5) % height] as const),
  ]
  const reached = await desk.ask('visit', places)
  t.same(
    reached,
    places.map(([x, y]) => ({ x, y })),
  )
  const [outside] = await desk.ask('visit', [[width + 50, -3]])
  t.same(outside, { x: width - 1, y: 0 }, 'and stays on the screen')
})

t.test('five buttons go down and up, at their place, with our tag', async (t) => {
  for (const button of ['left', 'middle', 'right', 'back', 'forward'] as const) {
    await desk.ask('button', button, true, ...SPOT)
    t.equal((await desk.ask('state')).isHolding, true)
    await desk.ask('button', button, true, ...SPOT)
    await desk.ask('button', button, false, ...SPOT)
    await desk.ask('button', button, false, ...SPOT)
  }
  t.same(await desk.ask('cursor'), { x: SPOT[0], y: SPOT[1] })
  const spied = await desk.ask('spied')
  t.ok(spied.every(({ isInjected, isTagged }) => isInjected && isTagged))
  t.same(
    spied.filter(({ what }) => what !== MOVED).map(({ what, data }) => [what, data]),
    [
      [DOWN.left, 0],
      [DOWN.left + 1, 0],
      [DOWN.middle, 0],
      [DOWN.middle + 1, 0],
      [DOWN.right, 0],
      [DOWN.right + 1, 0],
      [DOWN.extra, 1],
      [DOWN.extra + 1, 1],
      [DOWN.extra, 2],
      [DOWN.extra + 1, 2],
    ],
    'once each: what is down is not pressed again, what is up not released',
  )
  t.same(await desk.ask('state'), { isHolding: false, refused: 0, shielded: 0 })
})

t.test('the wheel turns by less than a notch, both ways', async (t) => {
  const [vertical, horizontal] = [0x20a, 0x20e]
  await desk.ask('wheel', 0, 7, ...SPOT)
  await desk.ask('wheel', -40, -240, ...SPOT)
  await desk.ask('wheel', 0, 0, ...SPOT)
  t.same(await spiedButtons(), [
    [vertical, -7],
    [vertical, 240],
    [horizontal, -40],
  ])
})

t.test('[K2] letting go releases whatever is down and throws away the rest of a text', async (t) => {
  await desk.ask('clearEdit')
  for (const code of ['ControlLeft', 'AltLeft', 'ArrowDown'] as const) await desk.ask('key', code, true)
  await desk.ask('button', 'left', true, ...SPOT)
  const down = await desk.ask('down')
  for (const key of Object.values(HELD)) t.ok(down.includes(key), `${key} is down`)
  // The button went down beside it.
  await desk.ask('focusEdit')
  await desk.ask('textThenLetGo', 'x'.repeat(250))
  t.same(await desk.ask('down'), [])
  t.equal((await desk.ask('state')).isHolding, false)
  await desk.ask('text', 'y')
  await until(async () => (await desk.ask('editText')).endsWith('y'))
  t.match(await desk.ask('editText'), /^x{8}y$/, 'one turn’s worth of it was typed')
})

t.test('closing lets go', async (t) => {
  await desk.ask('key', 'ShiftRight', true)
  await desk.ask('button', 'right', true, ...SPOT)
  t.same(
    (await desk.ask('down')).filter((key) => !EITHER_SIDE.includes(key)),
    [VK.rightButton, VK.rightShift],
  )
  await desk.ask('closeInjector')
  t.same(await desk.ask('down'), [])
})

t.test('[K5] what an agent held when it was killed is released', async (t) => {
  const holder = await desk.ask('startHolder')
  const held = Object.values(HELD)
  const areDown = async () => {
    const down = await desk.ask('down')
    return held.every((key) => down.includes(key))
  }
  await until(areDown, { what: 'the other agent to hold its keys', withinMs: 30_000 })
  await desk.ask('kill', holder)
  t.ok(await areDown(), 'Windows does not release them by itself')
  t.ok((await desk.ask('releaseHeld')) >= held.length)
  t.same(await desk.ask('down'), [])
  t.equal(await desk.ask('releaseHeld'), 0)
})
