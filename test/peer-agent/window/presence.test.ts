import t from 'tap'
import { Presence } from '../../../peer-agent/window/presence.ts'

function watched() {
  const presence = new Presence(0)
  const calls: string[] = []
  presence.onLeft(() => calls.push('left'))
  return { presence, calls }
}
const aMoment = () => new Promise((resolve) => setTimeout(resolve, 5))

t.test('a page that stays away has left, once', async (t) => {
  const { presence, calls } = watched()
  presence.take(true)
  await presence.arrived
  presence.take(false)
  t.same(calls, [], 'it may come again')
  await aMoment()
  t.same(calls, ['left'])
  presence.leave()
  presence.take(false)
  await aMoment()
  t.same(calls, ['left'])
})

t.test('a page that comes again in time was never away', async (t) => {
  const { presence, calls } = watched()
  presence.take(true)
  presence.take(false)
  presence.take(true)
  await aMoment()
  t.same(calls, [])
})

t.test('a window the agent takes away has not been left', async (t) => {
  const { presence, calls } = watched()
  presence.take(true)
  presence.take(false)
  presence.ignore()
  presence.leave()
  await aMoment()
  t.same(calls, [])
})

t.test('whoever asks late is told all the same', async (t) => {
  const presence = new Presence(0)
  presence.leave()
  await new Promise<void>((resolve) => presence.onLeft(resolve))
  t.pass('told')
})
