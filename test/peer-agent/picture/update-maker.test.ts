import t from 'tap'
import type { Rect } from '../../../peer-agent/desktop/port.ts'
import type { LineNow } from '../../../peer-agent/picture/coder-choice.ts'
import { FilmDirector } from '../../../peer-agent/picture/film.ts'
import { createPixels } from '../../../peer-agent/picture/pixels.ts'
import { ScreenCopy } from '../../../peer-agent/picture/screen-copy.ts'
import { type MadeUpdate, UpdateMaker } from '../../../peer-agent/picture/update-maker.ts'
import type { Film } from '../../../protocol/messages/picture.ts'
import { AMPLE_LINE } from '../../fixtures/ample-line.ts'
import { PlayedPage } from '../../fixtures/played-page.ts'
import { Desk } from './drawn-desk.ts'

const NARROW: LineNow = { bytesPerSecond: 200_000, roomBytes: 6_000, prefer: 'sharp' }
const MIDDLE: LineNow = { bytesPerSecond: 1_250_000, roomBytes: 40_000, prefer: 'smooth' }
const VIDEO = { x: 130, y: 70, width: 320, height: 240 }

/** The agent's half of the picture and a page, with a desk that is drawn by hand and a clock turned by hand. */
function open(width = 900, height = 500) {
  const pixels = createPixels()
  const desk = new Desk(width, height)
  const director = new FilmDirector()
  const maker = new UpdateMaker(pixels, new ScreenCopy(pixels, width, height), director)
  const page = new PlayedPage()
  let nowMs = 0
  let isNew = true
  maker.restart(nowMs)
  async function update(line: LineNow, rects: readonly Rect[], passedMs = 33): Promise<MadeUpdate> {
    nowMs += passedMs
    for (const rect of rects) {
      pixels.scratch(rect.width * rect.height * 4).set(desk.bytesOf(rect))
      pixels.blit(rect, maker.screen.fresh)
    }
    const made = await maker.make(rects, line, nowMs)
    const { film, copies, keeps, recalls, tiles } = made
    await page.draw(
      {
        ...(isNew
          ? { layout: { width, height, monitors: [{ id: 'a', primary: true, ...desk.whole }] } }
          : {}),
        ...(film === undefined ? {} : { film }),
        copies: [...copies],
        keeps: [...keeps],
        recalls: [...recalls],
        tiles: tiles.map(({ tile }) => tile),
      },
      Buffer.concat(tiles.map(({ bytes }) => bytes)),
    )
    isNew = false
    return made
  }
  /** Nothing changes any more: as many updates as it takes until nothing is owed or coarse. */
  async function settle(line: LineNow): Promise<number> {
    let updates = 0
    while (maker.screen.hasMore || maker.repairAtMs !== undefined) {
      await update(line, [], 100)
      if (++updates > 2_000) throw new Error('it never comes to rest')
    }
    return updates
  }
  const isExact = () => Buffer.compare(page.rgb, desk.rgb) === 0
  return { desk, maker, director, page, update, settle, isExact }
}

for (const [name, line] of Object.entries({ ample: AMPLE_LINE, middle: MIDDLE, narrow: NARROW })) {
  t.test(
    `at rest the page is the screen, bit for bit, after any work on a line that is ${name}`,
    async (t) => {
      const { desk, update, settle, isExact } = open()
      desk.text(desk.whole, 1)
      await update(line, [desk.whole])
      await settle(line)
      t.ok(isExact(), 'a page of text')
      const works: Record<string, (step: number) => Rect[]> = {
        typing: (step) => [desk.text({ x: 20 + step * 9, y: 40, width: 9, height: 16 }, step)],
        scrolling: (step) => [desk.scroll({ x: 64, y: 32, width: 700, height: 400 }, 0, -13, step)],
        'scrolling sideways': (step) => [desk.scroll({ x: 10, y: 32, width: 800, height: 300 }, 21, 0, step)],
        'a video': () => [desk.noise(VIDEO)],
        'a dragged window': (step) =>
          desk.drag({ x: 50 + step * 17, y: 60 + step * 5, width: 300, height: 200 }),
        'a new screen': (step) => [desk.text(desk.whole, 100 + step)],
        'a photograph': () => [desk.gradient({ x: 33, y: 44, width: 600, height: 400 })],
      }
      for (const [work, change] of Object.entries(works)) {
        for (let step = 0; step < 12; step++) await update(line, change(step))
        await settle(line)
        t.ok(isExact(), work)
      }
    },
  )
}

t.test('scrolled text goes as copies, and what is left is small', async (t) => {
  const { desk, update, isExact } = open()
  desk.text(desk.whole, 1)
  await update(AMPLE_LINE, [desk.whole])
  let bytes = 0
  for (let step = 0; step < 10; step++) {
    const rect = desk.scroll({ x: 0, y: 50, width: 900, height: 400 }, 0, -15, step)
    const { copies, tiles } = await update(AMPLE_LINE, [rect])
    t.ok(copies.length > 0)
    bytes += tiles.reduce((sum, { tile }) => sum + tile.bytes, 0)
    t.ok(isExact())
  }
  t.ok(bytes < 60_000, `${bytes} bytes for ten steps`)
})

t.test('a window that comes back is recalled, not coded', async (t) => {
  const { desk, update, isExact } = open()
  const window = { x: 100, y: 50, width: 600, height: 380 }
  desk.text(desk.whole, 1)
  await update(AMPLE_LINE, [desk.whole])
  const covered = desk.copy(window)
  desk.text(window, 2)
  const { keeps } = await update(AMPLE_LINE, [window])
  t.ok(keeps.length > 0)
  desk.put(window, covered)
  const { recalls, tiles } = await update(AMPLE_LINE, [window])
  t.ok(recalls.reduce((sum, { cells }) => sum + cells, 0) >= 28)
  t.ok(tiles.reduce((sum, { tile }) => sum + tile.bytes, 0) < 20_000, 'only the window’s edges are coded')
  t.ok(isExact())
})

t.test('where the line is narrow a video becomes a film, and exact again when it rests', async (t) => {
  const { desk, director, update, settle, isExact } = open()
  desk.text(desk.whole, 1)
  await update(NARROW, [desk.whole])
  await settle(NARROW)
  await update(NARROW, [], 2_000)
  let film: Film | undefined
  for (let step = 0; step < 40 && !film; step++) {
    const made = await update(NARROW, [desk.noise(VIDEO)])
    if (made.film) film = made.film
  }
  t.match(film, { id: 1, ...VIDEO })
  const bridged = await update(NARROW, [desk.noise(VIDEO)])
  t.same(bridged.filmed, film)
  t.ok(bridged.tiles.length > 0, 'coarse pictures bridge the time until the page shows it')
  director.shown(1)
  const shown = await update(NARROW, [desk.noise(VIDEO)])
  t.same([shown.filmed, shown.tiles.length], [film, 0])
  const clock = await update(NARROW, [
    desk.noise(VIDEO),
    desk.text({ x: 800, y: 480, width: 60, height: 16 }, 9),
  ])
  t.same(
    clock.tiles.map(({ tile, isExact }) => [tile.x >= 800, isExact]),
    [[true, true]],
    'beside it all is exact',
  )
  const ended = await update(NARROW, [], 400)
  t.equal(ended.film, null)
  await settle(NARROW)
  t.ok(isExact())
})

t.test('where the line is wide a video goes as pictures, without a film', async (t) => {
  const { desk, update, settle } = open()
  desk.gradient(desk.whole)
  await update(AMPLE_LINE, [desk.whole])
  await settle(AMPLE_LINE)
  await update(AMPLE_LINE, [], 2_000)
  let last: MadeUpdate | undefined
  for (let step = 0; step < 40; step++) {
    last = await update(AMPLE_LINE, [desk.noise(VIDEO)])
    t.equal(last.film, undefined)
  }
  t.match(
    last!.tiles.map(({ tile }) => tile),
    [{ ...VIDEO, coding: 'jpeg' }],
  )
})
