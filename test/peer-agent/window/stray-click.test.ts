import t from 'tap'
import { strayClicks } from '../../../peer-agent/window/page/stray-click.ts'

t.test('[C5] the rest of a double click presses nothing, every other click counts', async (t) => {
  let nowMs = 1_000
  const clicks = strayClicks(() => nowMs)
  clicks.press()
  t.equal(clicks.isStray({ detail: 1 }), false, 'the first click counts')
  nowMs += 100
  t.equal(clicks.isStray({ detail: 0 }), false, 'a key counts at once')
  clicks.press()
  t.equal(clicks.isStray({ detail: 2 }), true, 'the second does not, wherever it lands')
  nowMs += 100
  clicks.press()
  t.equal(clicks.isStray({ detail: 1 }), false, 'a click elsewhere counts at once')
  for (let detail = 2; detail <= 7; detail += 1) {
    nowMs += 100
    clicks.press()
    t.equal(clicks.isStray({ detail }), true)
  }
  nowMs += 100
  clicks.press()
  t.equal(clicks.isStray({ detail: 8 }), false, 'somebody who hammers is heard')
})

t.test('[C4] a double click that began on a disabled button, which told nobody, is one', async (t) => {
  let nowMs = 1_000
  const clicks = strayClicks(() => nowMs)
  clicks.press()
  nowMs += 150
  clicks.press()
  t.equal(clicks.isStray({ detail: 2 }), true)
  nowMs += 1_000
  clicks.press()
  t.equal(clicks.isStray({ detail: 1 }), false)
})
