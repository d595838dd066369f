import t from 'tap'
import { Postponed } from '../../../peer-agent/picture/postponed.ts'

const SCREEN = { x: 0, y: 0, width: 1920, height: 1000 }
const FIELD = { x: 100, y: 100, width: 200, height: 20 }
const OUTSIDE = { x: 100, y: 1040, width: 200, height: 20 }

t.test('what changes is read at once while nothing is owed', async (t) => {
  const postponed = new Postponed()
  t.same(postponed.take([SCREEN, FIELD], false, 0), [SCREEN, FIELD])
  t.ok(postponed.isEmpty)
})

t.test('a large change waits until nothing is owed, and what lies in it waits with it', async (t) => {
  const postponed = new Postponed()
  t.same(postponed.take([SCREEN], true, 0), [])
  t.same(postponed.take([FIELD, OUTSIDE], true, 50), [OUTSIDE])
  t.notOk(postponed.isEmpty)
  t.same(postponed.take([], false, 100), [SCREEN, FIELD])
  t.ok(postponed.isEmpty)
})

t.test('it waits no longer than 0.4 s, even if more is always owed', async (t) => {
  const postponed = new Postponed()
  for (let nowMs = 0; nowMs < 400; nowMs += 33) t.same(postponed.take([SCREEN], true, nowMs), [])
  t.ok(postponed.take([SCREEN], true, 400).length > 0)
  t.ok(postponed.isEmpty)
  t.same(postponed.take([SCREEN], true, 433), [], 'and the next one begins to wait anew')
})

t.test('a small change is read at once, whatever is owed', async (t) => {
  const postponed = new Postponed()
  t.same(postponed.take([FIELD], true, 0), [FIELD])
})

t.test('a new screen has nothing left of the old one', async (t) => {
  const postponed = new Postponed()
  postponed.take([SCREEN], true, 0)
  postponed.clear()
  t.ok(postponed.isEmpty)
})
