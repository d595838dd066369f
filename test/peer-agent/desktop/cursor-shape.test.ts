import t from 'tap'
import { straightCursor } from '../../../peer-agent/desktop/cursor-shape.ts'

t.test('colours come back from premultiplied', async (t) => {
  // Blue, green, red, alpha.
  const premultiplied = new Uint8Array([0, 64, 128, 128, 0, 0, 0, 0, 255, 255, 255, 255, 10, 0, 0, 255])
  const { rgba } = straightCursor(premultiplied, { id: 1, width: 2, height: 2, hotX: 0, hotY: 1 })
  t.same([...rgba], [255, 128, 0, 128, 0, 0, 0, 0, 255, 255, 255, 255, 0, 0, 10, 255])
})

t.test('a huge cursor is made small enough to travel, hot spot included', async (t) => {
  const size = { id: 1, width: 600, height: 300, hotX: 599, hotY: 30 }
  const shape = straightCursor(new Uint8Array(600 * 300 * 4).fill(255), size)
  t.match(shape, { width: 200, height: 100, hotX: 199, hotY: 10 })
  t.equal(shape.rgba.length, 200 * 100 * 4)
})
