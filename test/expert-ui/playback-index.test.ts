import t from 'tap'
import { Coverage, type Rect } from '../../expert-ui/playback/coverage.ts'
import { SealedStore } from '../../expert-ui/playback/sealed-store.ts'
import { StillIndex } from '../../expert-ui/playback/still-index.ts'
import { layoutOf, seededNumbers } from '../fixtures/recording.ts'

const SEED = Number(process.env.LOTSE_SEED ?? Math.floor(Math.random() * 2 ** 31))

/** A screen whose pixels name the still that drew them. */
class PaintedScreen {
  #width = 0
  #pixels = new Int32Array(0)

  clear(width: number, height: number): void {
    this.#width = width
    this.#pixels = new Int32Array(width * height)
  }

  draw({ x, y, width, height }: Rect, name: number): void {
    for (let row = y; row < y + height; row++)
      this.#pixels.fill(name, row * this.#width + x, row * this.#width + x + width)
  }

  get pixels(): number[] {
    return [...this.#pixels]
  }
}

function madeUp(seed: number) {
  const below = seededNumbers(seed)
  const index = new StillIndex()
  const screen = new PaintedScreen()
  const after = new Map<number, number[]>()
  let [width, height] = [0, 0]
  let entry = 0
  for (let record = 0; record < 60; record++) {
    entry += 1 + below(3)
    const isNew = record === 0 || below(14) === 0
    const resized = isNew && (record === 0 || below(2) === 0)
    if (resized) {
      ;[width, height] = [40 + below(90), 30 + below(70)]
      screen.clear(width, height)
    }
    const stills = Array.from({ length: below(5) }, (_, number) => {
      const isWhole = below(10) === 0
      const onGrid = below(2) === 0 ? 16 : 1
      const x = isWhole ? 0 : Math.floor(below(width) / onGrid) * onGrid
      const y = isWhole ? 0 : Math.floor(below(height) / onGrid) * onGrid
      const place = isWhole
        ? { x, y, width, height }
        : { x, y, width: 1 + below(width - x), height: 1 + below(height - y) }
      screen.draw(place, entry * 10 + number + 1)
      return { ...place, bytes: 1 }
    })
    const layout = isNew ? { layout: layoutOf(width, height) } : {}
    index.add(entry, { t: 'stills', stills, ...layout }, stills.length)
    after.set(entry, screen.pixels)
  }
  return { index, after, below }
}

t.test('[R7] drawing only what is still seen gives the same screen as drawing everything', async (t) => {
  t.comment(`seed ${SEED}`)
  let different = 0
  for (let round = 0; round < 25; round++) {
    const { index, after, below } = madeUp(SEED + round)
    const entries = [...after.keys()]
    const screen = new PaintedScreen()
    let shown: number | null = null
    for (let jump = 0; jump < 40; jump++) {
      const entry = entries[below(entries.length)]!
      const plan = index.plan(entry, shown)!
      if (plan.fromNothing) screen.clear(plan.layout.width, plan.layout.height)
      for (const step of plan.steps)
        for (const still of step.stills) screen.draw(still, step.entry * 10 + still.offset + 1)
      if (screen.pixels.join() !== after.get(entry)!.join()) different++
      shown = entry
    }
  }
  t.equal(different, 0)
})

t.test('[R7] what later pictures cover is not decoded', async (t) => {
  const index = new StillIndex()
  const whole = { x: 0, y: 0, width: 128, height: 128, bytes: 1 }
  index.add(1, { t: 'stills', layout: layoutOf(128, 128), stills: [whole] }, 1)
  for (let entry = 2; entry < 500; entry++)
    index.add(entry, { t: 'stills', stills: [{ x: 64, y: 0, width: 64, height: 64, bytes: 1 }] }, 1)
  t.same(
    index.plan(499, null)!.steps.map(({ entry }) => entry),
    [1, 499],
  )
  t.same(
    index.plan(499, 300)!.steps.map(({ entry }) => entry),
    [499],
    'going on needs only what changed',
  )
  t.same(index.plan(499, 499)!.steps, [])
  t.equal(index.plan(0, null), null, 'before the first picture there is none')
})

t.test('a still off the screen ends its record, and the picture is not called whole', async (t) => {
  const index = new StillIndex()
  const at = (x: number) => ({ x, y: 0, width: 16, height: 16, bytes: 2 })
  index.add(1, { t: 'stills', layout: layoutOf(32, 16), stills: [at(0), at(17), at(16)] }, 6)
  const plan = index.plan(1, null)!
  t.equal(plan.isWhole, false)
  t.same(plan.steps, [{ entry: 1, stills: [{ ...at(0), offset: 0 }] }])
  index.add(2, { t: 'stills', layout: layoutOf(20_000, 20_000), stills: [at(0)] }, 2)
  t.equal(index.plan(2, null)!.layout.width, 32, 'a forged size is not taken')
})

t.test('a damaged still takes those behind it in its record along', async (t) => {
  const index = new StillIndex()
  const at = (x: number) => ({ x, y: 0, width: 16, height: 16, bytes: 2 })
  index.add(1, { t: 'stills', layout: layoutOf(48, 16), stills: [at(0), at(16), at(32)] }, 6)
  index.damaged(1, 2)
  const plan = index.plan(1, null)!
  t.equal(plan.isWhole, false)
  t.same(
    plan.steps[0]!.stills.map(({ x }) => x),
    [0],
  )
})

t.test('an odd rectangle covers only the squares it holds whole', async (t) => {
  const covered = new Coverage(40, 20)
  covered.take({ x: 1, y: 0, width: 39, height: 20 })
  t.equal(covered.isSeen({ x: 0, y: 0, width: 16, height: 16 }), true)
  t.equal(covered.isSeen({ x: 16, y: 0, width: 24, height: 20 }), false)
  covered.take({ x: 0, y: 0, width: 16, height: 20 })
  t.equal(covered.isWhole, true)
})

t.test('[R7] ciphertext beyond the budget is let go of and asked for again', async (t) => {
  const asked: number[] = []
  const entry = (number: number) => new Uint8Array(10).fill(number)
  const store = new SealedStore(async (from) => {
    asked.push(from)
    return [entry(from), entry(from + 1)]
  }, 45)
  for (let from = 0; from < 10; from += 2) store.add(from, [entry(from), entry(from + 1)])
  for (const number of [9, 0, 1, 8, 3, 5, 0])
    t.same(await store.entry(number), entry(number), `entry ${number}`)
  t.ok(asked.length >= 3 && asked.length <= 4, 'each chunk once while it is held', { asked })
  await t.rejects(store.entry(10))
})
