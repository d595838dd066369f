import t from 'tap'
import { areaOf, place } from '../../expert-ui/picture/viewport.ts'
import type { ScreenLayout } from '../../protocol/messages/picture.ts'

const two: ScreenLayout = {
  width: 3200,
  height: 1080,
  monitors: [
    { id: 'left', primary: true, x: 0, y: 0, width: 1920, height: 1080 },
    { id: 'right', primary: false, x: 1920, y: 56, width: 1280, height: 1024 },
  ],
}

const room = (width: number, height: number, x = 0, y = 0) => ({ x, y, width, height })

t.test('a chosen monitor is shown alone, no choice or a vanished one shows all', (t) => {
  t.match(areaOf(two, 'right'), { x: 1920, y: 56, width: 1280, height: 1024 })
  t.same(areaOf(two, null), { x: 0, y: 0, width: 3200, height: 1080 })
  t.same(areaOf(two, 'gone'), { x: 0, y: 0, width: 3200, height: 1080 })
  t.end()
})

t.test('fit uses all of one direction and centres in the other', (t) => {
  const placed = place(areaOf(two, 'left'), room(960, 1000), 'fit', 1)
  t.match(placed, { scale: 0.5, width: 960, height: 540, left: 0, top: 230, sharp: false })
  t.end()
})

t.test('actual size means device pixels, also on a scaled display', (t) => {
  const placed = place(areaOf(two, 'left'), room(3000, 2000), 'actual', 1.5)
  t.equal(placed.width * 1.5, 1920)
  t.equal(placed.sharp, true)
  t.equal((placed.left * 1.5) % 1, 0)
  t.end()
})

t.test('what is larger than the room starts at its corner and scrolls', (t) => {
  t.match(place(areaOf(two, null), room(800, 600), 'actual', 1), {
    left: 0,
    top: 0,
    width: 3200,
  })
  t.end()
})

t.test('whole multiples stay sharp, everything else is smoothed', (t) => {
  const area = { x: 0, y: 0, width: 800, height: 600 }
  t.equal(place(area, room(1600, 1200), 'fit', 1).sharp, true)
  t.equal(place(area, room(1200, 900), 'fit', 1).sharp, false)
  t.equal(place(area, room(400, 300), 'fit', 1).sharp, false)
  t.end()
})

t.test('a room that begins between two pixels does not blur the picture', (t) => {
  for (const pixelRatio of [1, 1.25, 1.5, 2]) {
    for (const zoom of ['fit', 'actual'] as const) {
      const uneven = room(1000.4, 800.7, 53.48, 52.9)
      const { left, top } = place({ x: 0, y: 0, width: 640, height: 400 }, uneven, zoom, pixelRatio)
      for (const edge of [uneven.x + left, uneven.y + top]) {
        const devicePixels = edge * pixelRatio
        t.ok(Math.abs(devicePixels - Math.round(devicePixels)) < 1e-6, `${zoom} at ${pixelRatio}`)
      }
      t.ok(left >= 0 && top >= 0)
    }
  }
  t.end()
})
