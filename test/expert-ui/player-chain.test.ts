import t from 'tap'
import { decodeFrame, encodeFrame } from '../../protocol/frame.ts'
import { entry as entryCodec } from '../../protocol/messages/entry.ts'
import { faults, jump, PlayerScene } from './player-scene.ts'

const scene = await PlayerScene.open()
t.teardown(() => scene.close())

t.test(
  '[R5] a changed record is named, its picture is called doubtful, and what follows is not hidden',
  async (t) => {
    const at = Math.floor(scene.whole.entries.length / 2)
    const entries = scene.whole.entries.map((bytes) => new Uint8Array(bytes))
    entries[at]![entries[at]!.length - 1]! ^= 1
    const page = await scene.player({ ...scene.whole, entries })
    t.equal(await page.at('standing').getAttribute('data-standing'), 'broken')
    await jump(page, 0.3)
    t.equal(await page.at('note-unproven').count(), 0, 'before the fault all is proven')
    await jump(page, 0.7)
    t.match(
      await page.at('note-unproven').textContent(),
      new RegExp(`Eintrag ${at + 1} setzt Eintrag ${at} nicht fort`),
    )
    await page.at('note-doubtful').waitFor()
    t.equal(await page.at('recorded-canvas').isVisible(), true)
    const unread = page.page.locator(`[data-test="feed"] [data-entry="${at}"]`)
    t.match(await unread.textContent(), /nicht zu lesen/)
    const said = await page.page.evaluate(() => globalThis.lotsePlayback.playback!.timeline.feed.length)
    t.equal(await page.page.locator('[data-test="feed"] li').count(), said)
    t.same(await faults(page), [])
  },
)

t.test('[R5] a record left out, an end cut off and bytes that are no entry', async (t) => {
  const { entries } = scene.whole
  const left = await scene.player({ ...scene.whole, entries: entries.toSpliced(40, 1) })
  await jump(left, 0.9)
  t.match(await left.at('note-unproven').textContent(), /Eintrag 40 fehlt/)
  const cut = await scene.player({ ...scene.whole, entries: entries.slice(0, -1) })
  t.equal(await cut.at('standing').getAttribute('data-standing'), 'open')
  const damaged = await scene.player({ ...scene.whole, entries: entries.toSpliced(50, 1, new Uint8Array()) })
  await jump(damaged, 0.9)
  t.match(await damaged.at('note-unproven').textContent(), /Eintrag 50 ist nicht als Eintrag zu lesen/)
})

t.test('[R5] an end that the recorder set, and wraps of another recording', async (t) => {
  const entries = [...scene.whole.entries]
  const { header } = decodeFrame(entryCodec, entries.pop()!)
  if (header.t !== 'closing') throw new TypeError('not closed')
  const { seq, atMs, prev } = header
  const abandoned = { t: 'abandoned', seq, atMs, prev, reason: 'agent-crashed' } as const
  entries.push(encodeFrame(entryCodec, abandoned, new Uint8Array()))
  const page = await scene.player({ ...scene.whole, entries })
  t.equal(await page.at('standing').getAttribute('data-standing'), 'abandoned')
  const other = await scene.player({
    ...scene.whole,
    wraps: Buffer.concat([scene.whole.wraps, Buffer.from(' ')]),
  })
  t.equal(await other.at('standing').getAttribute('data-standing'), 'broken')
  t.match(await other.at('note-unproven').textContent(), /Schlüsselhälften/)
})
