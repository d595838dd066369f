import fc from 'fast-check'
import t from 'tap'
import { type Area, areaOf, pixelUnder, place, type Zoom } from '../../expert-ui/picture/viewport.ts'
import { TWO_MONITORS } from './sample-desktop.ts'

const area: fc.Arbitrary<Area> = fc.record({
  x: fc.integer({ min: 0, max: 5000 }),
  y: fc.integer({ min: 0, max: 3000 }),
  width: fc.integer({ min: 1, max: 8000 }),
  height: fc.integer({ min: 1, max: 5000 }),
})
const pixelRatio = fc.constantFrom(0.5, 0.75, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3)
const zoom = fc.constantFrom<Zoom>('fit', 'actual')
/** Rooms begin anywhere; scroll positions are whole device pixels. */
const situation = fc.record({
  area,
  pixelRatio,
  zoom,
  room: fc.record({
    x: fc.double({ min: 0, max: 300, noNaN: true }),
    y: fc.double({ min: 0, max: 300, noNaN: true }),
    width: fc.double({ min: 50, max: 4000, noNaN: true }),
    height: fc.double({ min: 50, max: 3000, noNaN: true }),
  }),
  scrolled: fc.record({ x: fc.integer({ min: 0, max: 2000 }), y: fc.integer({ min: 0, max: 2000 }) }),
})
type Situation = typeof situation extends fc.Arbitrary<infer T> ? T : never

/** Layout engines keep positions in 1/64 of a CSS pixel. */
const asLaidOut = (cssPixels: number) => Math.floor(cssPixels * 64) / 64

function shown({ area, pixelRatio, zoom, room, scrolled }: Situation) {
  const placed = place(area, room, zoom, pixelRatio)
  const at = (start: number, offset: number, scrolledBy: number) =>
    asLaidOut(start + offset - (zoom === 'actual' ? scrolledBy / pixelRatio : 0))
  const origin = { x: at(room.x, placed.left, scrolled.x), y: at(room.y, placed.top, scrolled.y) }
  const under = (x: number, y: number) => pixelUnder(area, placed.scale, pixelRatio, origin, { x, y })
  /** The device pixel at which the picture's own corner is drawn. */
  const corner = { x: Math.round(origin.x * pixelRatio), y: Math.round(origin.y * pixelRatio) }
  return { placed, under, corner }
}

t.test('at actual size every device pixel is exactly one of the customer, whatever the ratio', (t) => {
  fc.assert(
    fc.property(situation, fc.nat(), fc.nat(), (chosen, someX, someY) => {
      const { area, pixelRatio } = chosen
      const { under, corner } = shown({ ...chosen, zoom: 'actual' })
      const [x, y] = [someX % area.width, someY % area.height]
      const found = under((corner.x + x) / pixelRatio, (corner.y + y) / pixelRatio)
      return found.isInside && found.x === area.x + x && found.y === area.y + y
    }),
    { numRuns: 2000 },
  )
  t.end()
})

t.test('the middle of a pixel, wherever it is drawn, leads back to it', (t) => {
  fc.assert(
    fc.property(situation, fc.nat(), fc.nat(), (chosen, someX, someY) => {
      const { area, pixelRatio } = chosen
      const { placed, under, corner } = shown(chosen)
      const deviceScale = placed.scale * pixelRatio
      const [x, y] = [someX % area.width, someY % area.height]
      const tip = (edge: number, pixel: number) => Math.floor(edge + (pixel + 0.5) * deviceScale) / pixelRatio
      const found = under(tip(corner.x, x), tip(corner.y, y))
      // Half a device pixel to either side of the tip; the very pixel where none is drawn smaller than one.
      const most = 0.5 / deviceScale + 0.5
      return Math.abs(found.x - area.x - x) < most && Math.abs(found.y - area.y - y) < most
    }),
    { numRuns: 2000 },
  )
  t.end()
})

t.test('no place leads out of what is shown, and only places over it count as inside', (t) => {
  const anywhere = fc.double({ min: -5000, max: 20_000, noNaN: true })
  fc.assert(
    fc.property(situation, anywhere, anywhere, (chosen, x, y) => {
      const { area, pixelRatio } = chosen
      const { placed, under, corner } = shown(chosen)
      const found = under(x, y)
      const isWithin = (at: number, edge: number, size: number) =>
        at * pixelRatio >= edge - 1 && at * pixelRatio <= edge + size * placed.scale * pixelRatio + 1
      const isClamped =
        found.x >= area.x &&
        found.x < area.x + area.width &&
        found.y >= area.y &&
        found.y < area.y + area.height &&
        Number.isInteger(found.x) &&
        Number.isInteger(found.y)
      const isOver = isWithin(x, corner.x, area.width) && isWithin(y, corner.y, area.height)
      return isClamped && (!found.isInside || isOver)
    }),
    { numRuns: 2000 },
  )
  t.end()
})

t.test('a chosen monitor is pointed at where it stands on the whole screen', (t) => {
  const right = areaOf(TWO_MONITORS, 'HDMI-1')
  const placed = place(right, { x: 0, y: 0, width: 640, height: 600 }, 'fit', 1)
  const under = (x: number, y: number) =>
    pixelUnder(right, placed.scale, 1, { x: placed.left, y: placed.top }, { x, y })
  t.match(placed, { scale: 0.5, left: 0, top: 44 })
  t.same(under(0, 44), { x: 1921, y: 57, isInside: true })
  t.same(under(639, 555), { x: 3199, y: 1079, isInside: true })
  t.same(under(320, 43), { x: 2561, y: 56, isInside: false }, 'the bar above is beside it')
  t.same(under(320, 556), { x: 2561, y: 1079, isInside: false })
  t.end()
})

t.test('a picture twice as large gives two device pixels to each of the customer', (t) => {
  const area = { x: 0, y: 0, width: 100, height: 100 }
  const under = (x: number) => pixelUnder(area, 2, 1, { x: 10, y: 0 }, { x, y: 0 }).x
  t.same([10, 11, 12, 13, 14].map(under), [0, 0, 1, 1, 2])
  t.end()
})
