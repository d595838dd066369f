import { deflateRawSync } from 'node:zlib'
import t from 'tap'
import { decodeCursor } from '../../expert-ui/picture/cursor-decoder.ts'
import { checkLayout, checkUpdate, MAX_SCREEN_AREA } from '../../expert-ui/picture/picture-bounds.ts'
import { KEPT_CELLS } from '../../protocol/cells.ts'
import type { PictureUpdate, ScreenLayout, Tile } from '../../protocol/messages/picture.ts'

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

t.test('a cursor is its pixels, straight', (t) => {
  const shape = decodeCursor(looks, deflateRawSync(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)))
  t.match(shape, { width: 2, height: 1, hotX: 1, hotY: 0 })
  t.same([...shape.rgba], [1, 2, 3, 4, 5, 6, 7, 8])
  t.end()
})

t.test('[S2] a cursor that points outside itself or is not filled is malformed', (t) => {
  const eight = deflateRawSync(new Uint8Array(8))
  t.throws(() => decodeCursor({ ...looks, hotX: 2 }, eight), { code: 'malformed' })
  t.throws(() => decodeCursor({ ...looks, hotY: 1 }, eight), { code: 'malformed' })
  t.throws(() => decodeCursor({ ...looks, height: 2 }, eight), { code: 'malformed' })
  t.throws(() => decodeCursor(looks, deflateRawSync(new Uint8Array(9))), { code: 'malformed' })
  t.end()
})

const SCREEN = { width: 200, height: 150 }
const solid: Tile = { x: 0, y: 0, width: 2, height: 2, coding: 'solid', bytes: 3 }
const film = { id: 1, x: 0, y: 0, width: 200, height: 100 }
const copy = { x: 0, y: 0, width: 100, height: 100, fromX: 100, fromY: 50 }
const run = { x: 0, y: 128, cells: 4, slot: 0 }

function check(parts: Partial<PictureUpdate>): void {
  const tiles = parts.tiles ?? []
  const bytes = tiles.reduce((sum, tile) => sum + tile.bytes, 0)
  checkUpdate({ t: 'update', seq: 1, tiles, ...parts }, bytes, SCREEN)
}

t.test('what just fits the screen is taken', (t) => {
  const tiles = [{ ...solid, x: 198, y: 148 }]
  t.doesNotThrow(() =>
    check({ film, copies: [copy], recalls: [run], keeps: [{ ...run, slot: KEPT_CELLS - 4 }], tiles }),
  )
  t.doesNotThrow(() => check({ film: null, keeps: [{ x: 192, y: 128, cells: 1, slot: 0 }] }))
  t.end()
})

const MALFORMED: Record<string, Partial<PictureUpdate>> = {
  'a tile right of the screen': { tiles: [{ ...solid, x: 199 }] },
  'a tile below the screen': { tiles: [{ ...solid, y: 149 }] },
  'a tile wider than the screen': { tiles: [{ ...solid, width: 201 }] },
  'one colour in two bytes': { tiles: [{ ...solid, bytes: 2 }] },
  'one colour in four bytes': { tiles: [{ ...solid, bytes: 4 }] },
  'a copy to beside the screen': { copies: [{ ...copy, x: 101 }] },
  'a copy from beside the screen': { copies: [{ ...copy, fromY: 51 }] },
  'a film beside the screen': { film: { ...film, x: 2 } },
  'a film at an odd place': { film: { ...film, y: 1 } },
  'a film of odd size': { film: { ...film, height: 99 } },
  'a film narrower than its strip': { film: { ...film, width: 190 } },
  'a recall beside the grid': { recalls: [{ ...run, x: 1 }] },
  'a recall past the row': { recalls: [{ ...run, x: 64 }] },
  'a keep below the screen': { keeps: [{ ...run, y: 192 }] },
  'a keep between two rows': { keeps: [{ ...run, y: 100 }] },
  'a keep past the last slot': { keeps: [{ ...run, slot: KEPT_CELLS - 3 }] },
}
for (const [what, parts] of Object.entries(MALFORMED)) {
  t.test(`[S2] malformed: ${what}`, (t) => {
    t.throws(() => check(parts), { name: 'Refusal', code: 'malformed' })
    t.end()
  })
}

t.test('[S2] bytes missing or left over are malformed', (t) => {
  const update: PictureUpdate = { t: 'update', seq: 1, tiles: [solid] }
  for (const bytes of [2, 4]) t.throws(() => checkUpdate(update, bytes, SCREEN), { code: 'malformed' })
  t.end()
})

t.test('[S2] what would only go over the screen again and again is too large', (t) => {
  const whole = { x: 0, y: 0, ...SCREEN }
  t.throws(() => check({ tiles: new Array(3).fill({ ...solid, ...whole }) }), { code: 'too-large' })
  t.throws(() => check({ copies: new Array(3).fill({ ...whole, fromX: 0, fromY: 0 }) }), {
    code: 'too-large',
  })
  for (const runs of ['recalls', 'keeps']) {
    t.throws(() => check({ [runs]: new Array(7).fill(run) }), { code: 'too-large' }, runs)
  }
  t.end()
})

t.test('the largest screen holds eight 4K monitors', (t) => {
  t.equal(MAX_SCREEN_AREA, 8 * 3840 * 2160)
  t.end()
})
