import { deflateRawSync } from 'node:zlib'
import t from 'tap'
import { decodeCursor } from '../../expert-ui/picture/cursor-decoder.ts'
import { checkLayout } from '../../expert-ui/picture/picture-bounds.ts'
import type { ScreenLayout } from '../../protocol/messages/picture.ts'

const monitor = { id: 'one', primary: true, x: 0, y: 0, width: 1920, height: 1080 }
const layout = (part: Partial<ScreenLayout>): ScreenLayout => ({
  width: 1920,
  height: 1080,
  monitors: [monitor],
  ...part,
})

t.test('a layout whose monitors lie on the screen is taken', (t) => {
  t.doesNotThrow(() => checkLayout(layout({})))
  t.doesNotThrow(() => checkLayout(layout({ width: 3840, monitors: [monitor, { ...monitor, x: 1920 }] })))
  t.end()
})

t.test('[S2] a monitor beside the screen is malformed', (t) => {
  t.throws(() => checkLayout(layout({ monitors: [{ ...monitor, x: 1 }] })), { code: 'malformed' })
  t.throws(() => checkLayout(layout({ height: 1079 })), { code: 'malformed' })
  t.end()
})

t.test('[S2] a screen that would fill the memory is too large', (t) => {
  t.throws(() => checkLayout(layout({ width: 32_768, height: 32_768 })), { code: 'too-large' })
  t.end()
})

const looks = { t: 'cursor', width: 2, height: 1, hotX: 1, hotY: 0 } as const

t.test('a cursor is its pixels, straight', async (t) => {
  const shape = await decodeCursor(looks, deflateRawSync(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)))
  t.match(shape, { width: 2, height: 1, hotX: 1, hotY: 0 })
  t.same([...shape.rgba], [1, 2, 3, 4, 5, 6, 7, 8])
})

t.test('[S2] a cursor that points outside itself or is not filled is malformed', async (t) => {
  const eight = deflateRawSync(new Uint8Array(8))
  await t.rejects(decodeCursor({ ...looks, hotX: 2 }, eight), { code: 'malformed' })
  await t.rejects(decodeCursor({ ...looks, hotY: 1 }, eight), { code: 'malformed' })
  await t.rejects(decodeCursor({ ...looks, height: 2 }, eight), { code: 'malformed' })
  await t.rejects(decodeCursor(looks, deflateRawSync(new Uint8Array(9))), { code: 'malformed' })
})
