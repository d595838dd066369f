import { setImmediate as nextTurn } from 'node:timers/promises'
import t from 'tap'
import { inTurns } from '../../../../peer-agent/desktop/windows/in-turns.ts'

function stage() {
  const done: string[] = []
  return { done, turns: inTurns(), job: (name: string) => () => void done.push(name) }
}

t.test('a job alone is done before take returns', async (t) => {
  const { done, turns, job } = stage()
  turns.take(job('a'))
  turns.take(job('b'))
  turns.take()
  t.same(done, ['a', 'b'])
})

t.test('jobs taken together come one a turn, and what comes later waits for them', async (t) => {
  const { done, turns, job } = stage()
  turns.take(job('a'), job('b'), job('c'))
  turns.take(job('d'))
  t.same(done, ['a'])
  await nextTurn()
  t.same(done, ['a', 'b'])
  await nextTurn()
  await nextTurn()
  t.same(done, ['a', 'b', 'c', 'd'])
  turns.take(job('e'))
  t.same(done, ['a', 'b', 'c', 'd', 'e'], 'and then at once again')
})

t.test('[K2] what waits is thrown away', async (t) => {
  const { done, turns, job } = stage()
  turns.take(job('a'), job('b'), job('c'))
  turns.clear()
  await nextTurn()
  await nextTurn()
  t.same(done, ['a'])
  turns.take(job('d'), job('e'))
  await nextTurn()
  await nextTurn()
  t.same(done, ['a', 'd', 'e'])
})
