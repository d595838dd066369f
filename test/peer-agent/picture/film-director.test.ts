import t from 'tap'
import type { LineNow } from '../../../peer-agent/picture/coder-choice.ts'
import { FilmDirector } from '../../../peer-agent/picture/film.ts'

const SCREEN = { x: 0, y: 0, width: 1921, height: 1081 }
const VIDEO = { x: 333, y: 217, width: 641, height: 361 }
const line = (megabits: number, prefer: LineNow['prefer'] = 'sharp'): LineNow => ({
  bytesPerSecond: (megabits * 1_000_000) / 8,
  roomBytes: 10_000,
  prefer,
})

t.test('a video goes as pictures on a wide line and as a film on a narrow one', async (t) => {
  const director = new FilmDirector()
  t.same(director.step(VIDEO, 'photo', line(100), SCREEN), { by: 'stills', region: VIDEO })
  const now = director.step(VIDEO, 'photo', line(5), SCREEN)
  t.match(now, { by: 'video', film: { id: 1, x: 332, y: 216, width: 642, height: 362 }, isShown: false })
})

t.test('text that moves stays exact as long as the line carries some of it', async (t) => {
  const page = { x: 0, y: 100, width: 1000, height: 700 }
  t.same(new FilmDirector().step(page, 'text', line(20), SCREEN), { by: 'tiles' })
  t.match(new FilmDirector().step(page, 'text', line(20, 'smooth'), SCREEN), { by: 'video' })
  t.same(new FilmDirector().step(page, 'text', line(5), SCREEN), { by: 'tiles' }, 'too much text for VP8')
  t.match(new FilmDirector().step({ ...page, height: 400 }, 'text', line(2), SCREEN), { by: 'video' })
})

t.test('on a very poor line motion waits, unless the expert wants it', async (t) => {
  t.same(new FilmDirector().step(VIDEO, 'photo', line(0.128), SCREEN), { by: 'tiles' })
  t.match(new FilmDirector().step(VIDEO, 'photo', line(0.128, 'smooth'), SCREEN), { by: 'video' })
})

t.test('a film keeps its number while it stays in its place, and the next has another', async (t) => {
  const director = new FilmDirector()
  const first = director.step(VIDEO, 'photo', line(5), SCREEN)
  t.equal(director.step({ ...VIDEO, width: 600 }, 'photo', line(6), SCREEN), first)
  t.match(director.step({ ...VIDEO, x: 700 }, 'photo', line(6), SCREEN), { film: { id: 2 } })
  t.same(director.step(undefined, 'photo', line(6), SCREEN), { by: 'tiles' })
  t.match(director.step(VIDEO, 'photo', line(6), SCREEN), { film: { id: 3 } })
})

t.test('it is shown once the page says so of this one, and not of one before', async (t) => {
  const director = new FilmDirector()
  director.step(VIDEO, 'photo', line(5), SCREEN)
  director.shown(7)
  t.match(director.now, { isShown: false })
  director.shown(1)
  t.match(director.step(VIDEO, 'photo', line(5), SCREEN), { isShown: true })
  director.clear()
  t.match(director.step(VIDEO, 'photo', line(5), SCREEN), { film: { id: 2 }, isShown: false })
})

t.test('a line that is a little better does not end a film, one that is much better does', async (t) => {
  const director = new FilmDirector()
  director.step(VIDEO, 'photo', line(5), SCREEN)
  t.match(director.step(VIDEO, 'photo', line(15), SCREEN), { by: 'video' })
  t.match(director.step(VIDEO, 'photo', line(40), SCREEN), { by: 'stills' })
})

t.test('a film is even and on the screen; what is too narrow for its strip goes as pictures', async (t) => {
  const now = new FilmDirector().step({ x: 1, y: 1, width: 1920, height: 1080 }, 'photo', line(5), SCREEN)
  t.match(now, { film: { x: 0, y: 0, width: 1920, height: 1080 } })
  t.match(new FilmDirector().step({ ...VIDEO, width: 150 }, 'photo', line(2), SCREEN), { by: 'stills' })
})
