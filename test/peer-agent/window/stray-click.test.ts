import t from 'tap'
import { strayClicks } from '../../../peer-agent/window/page/stray-click.ts'

t.test('[C5] the second half of a double click presses nothing new, every other click ends', async (t) => {
  let nowMs = 1_000
  const isStray = strayClicks(() => nowMs)
  nowMs += 100
  t.equal(isStray({ detail: 2 }), true, 'a double click on the button that stood there before')
  t.equal(isStray({ detail: 1 }), false, 'a click of its own counts at once')
  t.equal(isStray({ detail: 0 }), false, 'a key counts at once')
  nowMs += 700
  t.equal(isStray({ detail: 5 }), false, 'somebody who hammers is heard')
})
