import t from 'tap'
import { KeptCells } from '../../../peer-agent/picture/kept-cells.ts'
import { KEPT_CELLS } from '../../../protocol/cells.ts'

const row = (looks: readonly string[], y = 0) => looks.map((look, at) => ({ x: at * 64, y, look }))

t.test('a window that is covered comes back as one run a row', async (t) => {
  const kept = new KeptCells()
  const cells = [...row(['a', 'b', 'c']), ...row(['d', 'e', 'f'], 64)]
  t.same(kept.keep(cells), [
    { x: 0, y: 0, cells: 3, slot: 0 },
    { x: 0, y: 64, cells: 3, slot: 3 },
  ])
  t.same(kept.recall(cells), [
    { x: 0, y: 0, cells: 3, slot: 0 },
    { x: 0, y: 64, cells: 3, slot: 3 },
  ])
})

t.test('what is kept already takes no second slot', async (t) => {
  const kept = new KeptCells()
  kept.keep(row(['a', 'b']))
  t.same(kept.keep(row(['b', 'a', 'c'])), [{ x: 128, y: 0, cells: 1, slot: 2 }])
})

t.test('the oldest goes first once all slots are taken, and no run passes the last slot', async (t) => {
  const kept = new KeptCells()
  for (let at = 0; at < KEPT_CELLS - 1; at++) kept.keep([{ x: 0, y: 0, look: `${at}` }])
  t.same(kept.keep(row(['x', 'y'])), [
    { x: 0, y: 0, cells: 1, slot: KEPT_CELLS - 1 },
    { x: 64, y: 0, cells: 1, slot: 0 },
  ])
  t.notOk(kept.has('0'))
  t.ok(kept.has('1'))
})

t.test('a new page keeps nothing', async (t) => {
  const kept = new KeptCells()
  kept.keep(row(['a']))
  kept.clear()
  t.notOk(kept.has('a'))
  t.same(kept.keep(row(['b'])), [{ x: 0, y: 0, cells: 1, slot: 0 }])
})
