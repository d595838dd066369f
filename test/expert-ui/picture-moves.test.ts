import fc from 'fast-check'
import t from 'tap'
import { CELL } from '../../protocol/cells.ts'
import type { CellRun, ScreenLayout } from '../../protocol/messages/picture.ts'
import { noise, paint, rgba, watch } from './picture-stage.ts'
import { type CodedTile, type Extras, encodeTile, encodeUpdate } from './reference-encoder.ts'
import { ScreenModel } from './screen-model.ts'

const [width, height] = [203, 141]
const layout: ScreenLayout = {
  width,
  height,
  monitors: [{ id: 'a', primary: true, x: 0, y: 0, width, height }],
}
const whole = { x: 0, y: 0, width, height }
const page = await watch()
t.teardown(() => page.close())

let seq = 0
/** A new link with a screen full of noise. */
async function begin(seed: number): Promise<ScreenModel> {
  const screen = noise(width, height, 255, seed)
  seq = 1
  await page.page.evaluate(() => globalThis.fakeSession.reset())
  const answer = await page.picture(encodeUpdate(seq, [encodeTile(screen, whole, 'rgb')], layout))
  if (answer !== 'drawn') throw new Error(answer)
  return new ScreenModel(screen)
}

async function send(extras: Extras, tiles: CodedTile[] = []): Promise<string> {
  return page.picture(encodeUpdate(++seq, tiles, undefined, extras))
}

const isSame = async (model: ScreenModel) =>
  Buffer.compare((await page.pixels()).rgba, rgba(model.screen)) === 0

t.test('a copy is what was there before it, in whichever direction the two overlap', async (t) => {
  const model = await begin(1)
  for (const [dx, dy] of [
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
    [7, 13],
    [-7, -13],
    [17, -3],
    [-17, 3],
    [0, 0],
  ] as const) {
    const extras = { copies: [{ x: 30 + dx, y: 20 + dy, width: 151, height: 99, fromX: 30, fromY: 20 }] }
    t.equal(await send(extras), 'drawn')
    model.apply(extras)
    t.ok(await isSame(model), `by ${dx}, ${dy}`)
  }
})

t.test('any order of copies, keeps, recalls and tiles leaves exactly what they say', async (t) => {
  const copy = fc
    .tuple(fc.integer({ min: 1, max: width }), fc.integer({ min: 1, max: height }))
    .chain(([w, h]) =>
      fc.record({
        x: fc.nat(width - w),
        y: fc.nat(height - h),
        fromX: fc.nat(width - w),
        fromY: fc.nat(height - h),
        width: fc.constant(w),
        height: fc.constant(h),
      }),
    )
  const across = Math.ceil(width / CELL)
  // Slots on both sides of the end of a row and of a sheet of the atlas.
  const run: fc.Arbitrary<CellRun> = fc.nat(across - 1).chain((column) =>
    fc.record({
      x: fc.constant(column * CELL),
      y: fc.nat(Math.ceil(height / CELL) - 1).map((row) => row * CELL),
      cells: fc.integer({ min: 1, max: across - column }),
      slot: fc.oneof(fc.integer({ min: 28, max: 33 }), fc.integer({ min: 508, max: 513 }), fc.constant(4090)),
    }),
  )
  const update = fc.record({
    copies: fc.array(copy, { maxLength: 2 }),
    recalls: fc.array(run, { maxLength: 6 }),
    tile: fc.option(fc.record({ place: copy, seed: fc.nat() })),
    keeps: fc.array(run, { maxLength: 3 }),
  })
  let recalled = 0
  await fc.assert(
    fc.asyncProperty(fc.array(update, { minLength: 3, maxLength: 6 }), fc.nat(), async (updates, seed) => {
      const model = await begin(seed)
      for (const { copies, recalls, tile, keeps } of updates) {
        const extras = { copies, recalls: recalls.filter((one) => model.canRecall(one, keeps)), keeps }
        recalled += extras.recalls.length
        const source = tile && noise(width, height, 255, tile.seed)
        const tiles = tile && source ? [encodeTile(source, tile.place, 'rgb')] : []
        const answer = await send(extras, tiles)
        if (answer !== 'drawn') throw new Error(answer)
        model.apply(extras, () => tile && source && paint(model.screen, tile.place, source))
      }
      if (!(await isSame(model))) throw new Error('the canvas differs')
    }),
    { numRuns: 20 },
  )
  t.ok(recalled > 0, `${recalled} runs were shown again`)
  t.same(page.troubles, [])
})

t.test('[S2] what is in no slot, or does not fit, is not shown: nothing of that update is', async (t) => {
  const model = await begin(3)
  const copies = [{ x: 0, y: 0, width: 50, height: 50, fromX: 100, fromY: 100 }]
  const keeps = [{ x: 128, y: 0, cells: 2, slot: 7 }]
  t.equal(await send({ keeps }), 'drawn')
  const recalls = (one: CellRun) => send({ copies, recalls: [one] })
  t.equal(await recalls({ x: 0, y: 0, cells: 1, slot: 9 }), 'malformed', 'never kept')
  t.equal(await recalls({ x: 0, y: 0, cells: 2, slot: 7 }), 'malformed', 'a cell of the edge in the middle')
  t.equal(await recalls({ x: 0, y: 128, cells: 1, slot: 7 }), 'malformed', 'a whole cell at the edge')
  t.equal(
    await send({
      keeps: [{ x: 128, y: 0, cells: 2, slot: 20 }],
      recalls: [{ x: 0, y: 0, cells: 2, slot: 20 }],
    }),
    'malformed',
    'nor what is kept just before',
  )
  t.ok(await isSame(model), 'nothing was drawn')
  t.equal(await send({ recalls: [{ x: 0, y: 0, cells: 1, slot: 7 }] }), 'drawn', 'the others are still there')
})

t.test('a new layout and a new link forget what was kept', async (t) => {
  await begin(4)
  const kept = { x: 0, y: 0, cells: 1, slot: 0 }
  t.equal(await send({ keeps: [kept] }), 'drawn')
  t.equal(await send({ recalls: [kept] }), 'drawn')
  const withLayout = encodeUpdate(++seq, [], layout, { recalls: [kept] })
  t.equal(await page.picture(withLayout), 'malformed', 'with a new layout')
  const both = encodeUpdate(++seq, [], layout, { keeps: [kept], recalls: [{ ...kept, x: 64 }] })
  t.equal(await page.picture(both), 'drawn', 'but for what is kept with it')
  t.equal(await page.picture(encodeUpdate(++seq, [], layout)), 'drawn')
  t.equal(await send({ recalls: [kept] }), 'malformed', 'after a new layout')
  t.equal(await send({ keeps: [kept] }), 'drawn')
  await begin(5)
  t.equal(await send({ recalls: [kept] }), 'malformed', 'after a new link')
})
