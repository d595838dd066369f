import t from 'tap'
import { fitShowPointer, type PointerBitmaps } from '../../../peer-agent/desktop/show-pointer-bitmap.ts'

const LABEL = 'Anna Beispiel zeigt hierhin'
const SIDES = [true, false].flatMap((right) => [true, false].map((below) => ({ right, below })))
/** Within this, in pixels of a usual screen, nothing but the arrow is drawn. */
const INSIDE_RING = 17

const drawnAt = ({ width, rest }: PointerBitmaps, x: number, y: number) =>
  rest[(y * width + x) * 4 + 3]! >= 128

for (const scale of [1, 1.25, 2]) {
  t.test(`at ${scale} times the size, the tip is one exact pixel on every side`, async (t) => {
    const pointer = await fitShowPointer(LABEL, scale, 900)
    for (const side of SIDES) {
      const bitmaps = await pointer.draw(side)
      const { tipX, tipY } = bitmaps
      t.ok(drawnAt(bitmaps, tipX, tipY))
      const reach = Math.floor(INSIDE_RING * scale)
      let drawn = 0
      let beyond = 0
      for (let dy = -reach; dy <= reach; dy++) {
        for (let dx = -reach; dx <= reach; dx++) {
          if (Math.hypot(dx, dy) > reach || !drawnAt(bitmaps, tipX + dx, tipY + dy)) continue
          drawn++
          if ((side.right ? dx : -dx) < 0 || (side.below ? dy : -dy) < 0) beyond++
        }
      }
      t.ok(drawn > 50, 'the arrow is there')
      t.equal(beyond, 0, 'and ends at its tip')
    }
  })
}

t.test('the two pictures differ in the ring alone', async (t) => {
  const { width, tipX, tipY, ringReach, rest, pulse } = await (await fitShowPointer(LABEL, 1, 900)).draw(
    SIDES[0]!,
  )
  t.equal(rest.length, pulse.length)
  let farthest = 0
  for (let pixel = 0; pixel < rest.length / 4; pixel++) {
    if (rest.compare(pulse, pixel * 4, pixel * 4 + 4, pixel * 4, pixel * 4 + 4) === 0) continue
    const [dx, dy] = [Math.abs((pixel % width) - tipX), Math.abs(Math.floor(pixel / width) - tipY)]
    farthest = Math.max(farthest, dx, dy)
  }
  t.ok(farthest > 30 && farthest <= ringReach, `${farthest} of ${ringReach} pixels`)
})

t.test('text and ground of the label differ strongly', async (t) => {
  const { rest } = await (await fitShowPointer(LABEL, 1, 900)).draw(SIDES[0]!)
  const linear = (value: number) => {
    const part = value / 255
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }
  let [darkest, lightest] = [1, 0]
  for (let at = 0; at < rest.length; at += 4) {
    if (rest[at + 3] !== 255) continue
    const luminance =
      0.0722 * linear(rest[at]!) + 0.7152 * linear(rest[at + 1]!) + 0.2126 * linear(rest[at + 2]!)
    darkest = Math.min(darkest, luminance)
    lightest = Math.max(lightest, luminance)
  }
  const contrast = (lightest + 0.05) / (darkest + 0.05)
  t.ok(contrast > 10, `contrast ${contrast.toFixed(1)} : 1`)
})

t.test('it grows with dense screens, and an overlong label stays in its room', async (t) => {
  const [one, two] = await Promise.all([fitShowPointer(LABEL, 1, 900), fitShowPointer(LABEL, 2, 1800)])
  t.same([two.reachX, two.reachY], [one.reachX * 2, one.reachY * 2])
  for (const [scale, room] of [
    [1, 320],
    [1.5, 700],
    [2, 640],
  ] as const) {
    const long = await fitShowPointer(`Dr. ${'Überlang-'.repeat(50)}Ende zeigt hierhin`, scale, room)
    t.ok(long.reachX <= room && long.reachX > room * 0.8, `${long.reachX} of ${room} pixels`)
  }
})

t.test('whoever points can be named as they like: nothing in a name breaks it', async (t) => {
  for (const who of [
    '<b>&amp;"\'',
    '\u0000\u0007\ud800',
    '漢字 العربية 😀',
    '',
    '</text><rect/>',
    '\u202eabc',
  ]) {
    const { width, height, rest } = await (await fitShowPointer(who, 1, 900)).draw(SIDES[3]!)
    t.equal(rest.length, width * height * 4)
  }
})
