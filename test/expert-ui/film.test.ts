import t from 'tap'
import type { Film, ScreenLayout } from '../../protocol/messages/picture.ts'
import { until } from '../fixtures/x-server.ts'
import type { TestPage } from './browser.ts'
import { connectByWebRtc, connectDirectly, film, filmsShown, inFilm, openCamera } from './film-stage.ts'
import { noise, paint, rgba, watch } from './picture-stage.ts'
import { type CodedTile, type Extras, encodeTile, encodeUpdate, type Rgb } from './reference-encoder.ts'

const [width, height] = [281, 133]
const layout: ScreenLayout = {
  width,
  height,
  monitors: [{ id: 'a', primary: true, x: 0, y: 0, width, height }],
}
const screen = noise(width, height, 255, 9)
const place: Omit<Film, 'id'> = { x: 44, y: 32, width: 200, height: 80 }
const one: Film = { id: 1, ...place }
const two: Film = { id: 2, ...place }

/** Four even quarters, which a coder changes little and a wrong place a lot. */
function quarters(colours: readonly (readonly [number, number, number])[]): Rgb {
  const pixels = new Uint8Array(place.width * place.height * 3)
  for (let at = 0; at < place.width * place.height; at++) {
    const [right, low] = [at % place.width >= place.width / 2, at >= (place.width * place.height) / 2]
    pixels.set(colours[(low ? 2 : 0) + (right ? 1 : 0)]!, at * 3)
  }
  return { width: place.width, height: place.height, pixels }
}

const LIVELY = quarters([
  [200, 40, 40],
  [40, 200, 40],
  [40, 40, 200],
  [200, 200, 40],
])
const GREY = quarters(new Array(4).fill([120, 120, 120]))

class FilmPage {
  readonly page: TestPage
  #seq = 0

  constructor(page: TestPage) {
    this.page = page
  }

  async update(extras: Extras, tiles: CodedTile[] = [], newLayout?: ScreenLayout): Promise<string> {
    return this.page.picture(encodeUpdate(++this.#seq, tiles, newLayout, extras))
  }

  async begin(extras: Extras = {}): Promise<void> {
    this.#seq = 0
    const tiles = [encodeTile(screen, { x: 0, y: 0, width, height }, 'rgb')]
    const answer = await this.update(extras, tiles, layout)
    if (answer !== 'drawn') throw new Error(answer)
  }

  /** Whether the film's place shows this, and all beside it the screen; within what coding may change. */
  async shows(wanted: Rgb, within: number): Promise<boolean> {
    const seen = await this.page.pixels()
    const expected = rgba(placed(wanted))
    const beside = Buffer.from(seen.rgba)
    for (let row = 0; row < place.height; row++) {
      const at = ((place.y + row) * width + place.x) * 4
      expected.copy(beside, at, at, at + place.width * 4)
    }
    if (Buffer.compare(beside, expected) !== 0) throw new Error('something beside the film changed')
    return isNear(inFilm(seen.rgba, width, one), inFilm(expected, width, one), within)
  }

  /** The page has been drawn often enough since for any frame it had to be there. */
  async stays(wanted: Rgb, within: number): Promise<boolean> {
    await this.page.page.evaluate(async () => {
      for (let drawn = 0; drawn < 6; drawn++) await new Promise(requestAnimationFrame)
    })
    return this.shows(wanted, within)
  }
}

const still: Rgb = { ...place, pixels: new Uint8Array(place.width * place.height * 3) }
for (let row = 0; row < place.height; row++) {
  const from = ((place.y + row) * width + place.x) * 3
  still.pixels.set(screen.pixels.subarray(from, from + place.width * 3), row * place.width * 3)
}

function placed(part: Rgb): Rgb {
  const whole = { ...screen, pixels: screen.pixels.slice() }
  const source = { ...screen, pixels: new Uint8Array(screen.pixels.length) }
  for (let row = 0; row < place.height; row++) {
    const from = row * place.width * 3
    source.pixels.set(
      part.pixels.subarray(from, from + place.width * 3),
      ((place.y + row) * width + place.x) * 3,
    )
  }
  paint(whole, place, source)
  return whole
}

/** Where colours meet, a picture of half the size is blurred: there one pixel in ten may be further off. */
function isNear(seen: Buffer, wanted: Buffer, within: number): boolean {
  let far = 0
  for (let at = 0; at < seen.length; at++) if (Math.abs(seen[at]! - wanted[at]!) > within) far++
  return within === 0 ? far === 0 : far < seen.length / 10
}

const WAYS = {
  'read by the worker': { prepare: undefined, within: 0 },
  'taken from a video element': {
    prepare: (page: TestPage['page']) =>
      page.addInitScript(() => Reflect.deleteProperty(globalThis, 'MediaStreamTrackProcessor')),
    within: 6,
  },
}
for (const [way, { prepare, within }] of Object.entries(WAYS)) {
  t.test(`only frames of the film that runs are drawn, where it runs: ${way}`, async (t) => {
    const page = await watch(prepare)
    const stage = new FilmPage(page)
    t.teardown(() => page.close())
    await openCamera(page)
    await stage.begin()
    await connectDirectly(page)
    await film(page, 1, GREY, 'once')
    t.ok(await stage.stays(still, 0), 'no film runs yet')

    t.equal(await stage.update({ film: one }), 'drawn')
    await film(page, 2, GREY, 'once')
    t.ok(await stage.stays(still, 0), 'a frame of another film')
    await film(page, 1, LIVELY, 'once')
    await until(() => stage.shows(LIVELY, within), { what: 'the first frame' })
    t.same(await filmsShown(page), [1])
    await film(page, 1, GREY, 'once')
    await until(() => stage.shows(GREY, within), { what: 'the next frame' })
    t.same(await filmsShown(page), [1], 'said once')

    const repaired = encodeTile(screen, place, 'rgb')
    t.equal(await stage.update({ film: null }, [repaired]), 'drawn')
    t.ok(await stage.shows(still, 0), 'what came with the end is exact')
    await film(page, 1, LIVELY, 'once')
    t.ok(await stage.stays(still, 0), 'nothing is drawn after the end')

    t.equal(await stage.update({ film: two }), 'drawn')
    await film(page, 1, GREY, 'once')
    t.ok(await stage.stays(still, 0), 'a late frame of the film before')
    await film(page, 2, LIVELY, 'once')
    await until(() => stage.shows(LIVELY, within), { what: 'the second film' })
    t.same(await filmsShown(page), [1, 2])

    await page.page.evaluate(() => globalThis.fakeSession.reset())
    await stage.begin()
    await film(page, 2, GREY, 'once')
    t.ok(await stage.stays(still, 0), 'a new link has no film until it says so')
    t.equal(await stage.update({ film: two }), 'drawn')
    await page.page.evaluate(() => globalThis.fakeSession.film(null))
    await film(page, 2, GREY, 'once')
    t.ok(await stage.stays(still, 0), 'a track that was taken back shows nothing')
    t.same(page.troubles, [])
  })
}

t.test('a film that was coded and sent at half its size is drawn at its whole size', async (t) => {
  const page = await watch()
  const stage = new FilmPage(page)
  t.teardown(() => page.close())
  await openCamera(page)
  await stage.begin({ film: { ...one, id: 40_321 } })
  await connectByWebRtc(page)
  await film(page, 40_321, LIVELY, 'on and on')
  await until(() => stage.shows(LIVELY, 24), { what: 'the film' })
  t.same(await filmsShown(page), [40_321])
  t.equal(await stage.update({ film: null }, [encodeTile(screen, place, 'rgb')]), 'drawn')
  t.ok(await stage.stays(still, 0), 'frames go on coming, and none is drawn')
})
