import t from 'tap'
import { DecodedCache } from '../../expert-ui/playback/decoded-cache.ts'

function image(name: string, width: number, closed: string[]) {
  return { width, height: 1_000, close: () => closed.push(name) }
}

t.test('[R7] only a few large pictures stay decoded, those used last', async (t) => {
  const closed: string[] = []
  const cache = new DecodedCache<ReturnType<typeof image>>()
  for (const name of ['a', 'b', 'c']) cache.give(name, image(name, 4_000, closed))
  t.ok(cache.take('a'))
  cache.give('d', image('d', 4_000, closed))
  t.same(closed, ['b'], 'the one that was not used for longest')
  t.equal(cache.take('b'), null)
  cache.give('small', image('small', 20, closed))
  cache.give('huge', image('huge', 40_000, closed))
  t.same(closed, ['b', 'small', 'huge'])
  const kept = cache.take('a')!
  cache.give('a', kept)
  t.same(closed.length, 3, 'what is kept already is not closed by giving it back')
})
