import t from 'tap'
import { Presence } from '../../../peer-agent/window/presence.ts'
import { TurnedClock } from '../../fixtures/turned-clock.ts'

const ABSENCE_MS = 5_000

function watched() {
  const clock = new TurnedClock()
  const presence = new Presence(ABSENCE_MS, clock)
  const calls: string[] = []
  presence.onLeft(() => calls.push('left'))
  return { presence, calls, aMoment: () => clock.turn(ABSENCE_MS) }
}

t.test('a page that stays away has left, once', async (t) => {
  const { presence, calls, aMoment } = watched()
  presence.take(true)
  await presence.arrived
  presence.take(false)
  t.same(calls, [], 'it may come again')
  aMoment()
  t.same(calls, ['left'])
  presence.leave()
  presence.take(false)
  aMoment()
  t.same(calls, ['left'])
})

t.test('a page that comes again in time was never away', async (t) => {
  const { presence, calls, aMoment } = watched()
  presence.take(true)
  presence.take(false)
  presence.take(true)
  aMoment()
  t.same(calls, [])
})

t.test('a window the agent takes away has not been left', async (t) => {
  const { presence, calls, aMoment } = watched()
  presence.take(true)
  presence.take(false)
  presence.ignore()
  presence.leave()
  aMoment()
  t.same(calls, [])
})

t.test('whoever asks late is told all the same', async (t) => {
  const clock = new TurnedClock()
  const presence = new Presence(ABSENCE_MS, clock)
  presence.leave()
  await new Promise<void>((resolve) => presence.onLeft(resolve))
  t.pass('told')
})
