import t from 'tap'
import { screenNotice } from '../../expert-ui/watching/screen-notice.ts'
import { shortcutOf } from '../../expert-ui/watching/shortcuts.ts'
import { duration } from '../../expert-ui/words/duration.ts'

const live = { picture: { state: 'live' }, line: 'up' } as const
const frozen = { picture: { state: 'frozen', reason: 'recorder-silent' }, line: 'up' } as const
const card = { picture: { state: 'card', reason: 'hidden' }, line: 'up' } as const

t.test('a live picture that is there has nothing in front of it', (t) => {
  t.equal(screenNotice(live, true, null), null)
  t.same(screenNotice(live, false, null), { kind: 'first' })
  t.end()
})

t.test('[R1] a frozen picture says why', (t) => {
  t.same(screenNotice(frozen, true, null), { kind: 'frozen', reason: 'recorder-silent' })
  t.end()
})

t.test('[C5] a hidden screen stays hidden, whatever else is wrong', (t) => {
  t.same(screenNotice(card, true, null), { kind: 'card' })
  t.same(screenNotice({ ...card, line: 'lost' }, true, 'malformed'), { kind: 'card' })
  t.end()
})

t.test('a lost line explains more than what stood before it', (t) => {
  t.same(screenNotice({ ...frozen, line: 'lost' }, true, 'malformed'), { kind: 'lost' })
  t.same(screenNotice(frozen, true, 'malformed'), { kind: 'broken' })
  t.end()
})

const key = (name: string, held: object = {}) => ({
  key: name,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  repeat: false,
  ...held,
})

t.test('single keys are shortcuts, everything held with them is left to the browser', (t) => {
  t.same(shortcutOf(key('0')), { does: 'show-all' })
  t.same(shortcutOf(key('2')), { does: 'show-monitor', index: 1 })
  t.same(shortcutOf(key('Z')), { does: 'zoom' })
  t.same(shortcutOf(key('f')), { does: 'full-screen' })
  t.same(shortcutOf(key('?')), { does: 'keys' })
  for (const held of [{ ctrlKey: true }, { altKey: true }, { metaKey: true }, { repeat: true }])
    t.equal(shortcutOf(key('f', held)), null)
  t.equal(shortcutOf(key('Enter')), null)
  t.equal(shortcutOf(key('F1')), null)
  t.end()
})

t.test('durations read like a clock', (t) => {
  t.equal(duration(0), '0:00')
  t.equal(duration(545_999), '9:05')
  t.equal(duration(3_723_000), '1:02:03')
  t.equal(duration(-5), '0:00')
  t.end()
})
