import t from 'tap'
import { FILM_STRIP_ROWS } from '../../protocol/film-strip.ts'
import { until } from '../fixtures/x-server.ts'
import { QUARTERS, type Rgb } from './film-frames.ts'
import { launch, openFilmStage } from './film-stage.ts'

const RATES = { startBitsPerSecond: 2_500_000, mostBitsPerSecond: 6_000_000 }
/** Of 255: what VP8 and the way to I420 and back may be off. */
const MOST_ERROR = 10
/** Pixels beside an edge: there the brightness is right, and farther from it the colour, which VP8 codes at half size. */
const BRIGHT_BESIDE = 4
const COLOUR_BESIDE = 16

const browser = await launch()
t.teardown(() => browser.close())

const isNear = (found: readonly number[], wanted: readonly number[]) =>
  found.every((value, at) => Math.abs(value - wanted[at]!) <= MOST_ERROR)
const brightness = ([r, g, b]: Rgb) => [0.299 * r + 0.587 * g + 0.114 * b]

/** Points in the corners of each quarter, so far from its edges. */
function corners(beside: number, width: number, height: number) {
  return QUARTERS.flatMap((wanted, quarter) => {
    const lefts = quarter % 2 ? [width / 2 + beside, width - beside] : [beside, width / 2 - beside]
    const tops = quarter > 1 ? [height / 2 + beside, height - beside] : [beside, height / 2 - beside]
    return lefts.flatMap((x) => tops.map((y) => ({ x, y, wanted })))
  })
}

t.test('a film comes to the page with its colours, in its place', async (t) => {
  const stage = await openFilmStage(browser, RATES)
  t.teardown(() => stage.close())
  const [width, height] = [640, 360]
  const scene = { id: 7, width, height, colours: QUARTERS }
  await stage.show(scene)
  const { page } = stage
  t.equal(await page.evaluate(() => filmPage.size), `${width}x${height + FILM_STRIP_ROWS}`)
  // The first frames are coarse; the same picture again makes it fine.
  let wrong: string[] = []
  const isFine = async () => {
    await stage.show(scene)
    const look = (places: ReturnType<typeof corners>) =>
      page.evaluate((all) => all.map(({ x, y }) => filmPage.pixel(x, y)), places)
    const wrongOnes = async (beside: number, of: (colour: Rgb) => readonly number[]) => {
      const places = corners(beside, width, height)
      const found = await look(places)
      const off = places.filter(({ wanted }, at) => !isNear(of(found[at]!), of(wanted)))
      return off.map(({ x, y, wanted }) => `${x}, ${y} is not ${wanted.join()}`)
    }
    wrong = [
      ...(await wrongOnes(BRIGHT_BESIDE, brightness)),
      ...(await wrongOnes(COLOUR_BESIDE, (colour) => colour)),
    ]
    return wrong.length === 0
  }
  await until(isFine, { what: 'the right colours' }).catch(() => {})
  t.same(wrong, [])

  t.comment('another film, of another size, over the same track')
  const turned = [QUARTERS[3], QUARTERS[2], QUARTERS[1], QUARTERS[0]] as const
  await stage.show({ id: 300, width: 1280, height: 704, colours: turned })
  t.equal(await page.evaluate(() => filmPage.size), `1280x${704 + FILM_STRIP_ROWS}`)
  const found = await page.evaluate(() => filmPage.pixel(1000, 600))
  t.ok(isNear(found, QUARTERS[0]), found.join())
  await stage.show({ id: 301, width: 192, height: 16, colours: QUARTERS })
  t.equal(await page.evaluate(() => filmPage.size), `192x${16 + FILM_STRIP_ROWS}`, 'the smallest there is')
  t.equal(await page.evaluate(() => filmPage.unreadable), 0)
})

t.test('the strip can be read in every frame, at 150 kbit/s and whatever moves above it', async (t) => {
  const stage = await openFilmStage(browser, { startBitsPerSecond: 150_000, mostBitsPerSecond: 150_000 })
  t.teardown(() => stage.close())
  for (let id = 0x100; id < 0x100 + 30; id += 3) {
    await stage.show({ id: id * 37, width: 640, height: 360, colours: QUARTERS, noise: id })
  }
  const { frames, unreadable } = await stage.page.evaluate(() => filmPage)
  t.equal(unreadable, 0, `none of ${frames} frames`)
})
