import { Encrypter } from 'age-encryption'
import t, { type Test } from 'tap'
import { decodeFrame, encodeFrame } from '../../protocol/frame.ts'
import { entry as entryCodec } from '../../protocol/messages/entry.ts'
import { makeKey } from '../fixtures/recording.ts'
import { SMALL_WORK, workRecording } from '../fixtures/work-recording.ts'
import { launch, TestPage } from './browser.ts'
import {
  bringKey,
  buildPlayerPage,
  openWithKeys,
  readWhole,
  type Sealed,
  sealedOf,
  servePlayer,
} from './player-stage.ts'

const recording = await workRecording(SMALL_WORK)
const whole = await sealedOf(recording)
const server = await servePlayer(await buildPlayerPage(), whole)
const browser = await launch()
const KEYS = [recording.a, recording.b]
t.teardown(async () => {
  await browser.close()
  await server.close()
})

async function openPage(t: Test, sealed: Sealed = whole, look = {}): Promise<TestPage> {
  server.sealed = sealed
  server.refusal = null
  const page = await TestPage.open(browser, server.origin, {
    locale: 'de-DE',
    timezoneId: 'Europe/Berlin',
    viewport: { width: 1280, height: 720 },
    ...look,
  })
  t.teardown(() => page.close())
  return page
}

async function openPlayer(t: Test, sealed: Sealed = whole, look = {}): Promise<TestPage> {
  const page = await openPage(t, sealed, look)
  await openWithKeys(page, KEYS)
  await readWhole(page)
  return page
}

/** Clicks the timeline at this part of its length, on the ruler, where no mark is. */
async function jump(page: TestPage, part: number): Promise<void> {
  const { x, y, width, height } = (await page.at('timeline').boundingBox())!
  await page.page.mouse.click(x + width * part, y + height - 4)
}

const position = async (page: TestPage) => Number(await page.at('timeline').getAttribute('aria-valuenow'))
const faults = (page: TestPage) => page.page.evaluate(() => globalThis.lotsePlayback.accessibilityFaults())

t.test(
  '[R7] two keys by file, by drop and with a passphrase; nothing but ciphertext was asked for',
  async (t) => {
    const page = await openPage(t)
    await page.phase('keys')
    await bringKey(page, (await makeKey('other')).identity)
    t.match(await page.at('problem').textContent(), /keiner der beiden Gruppen/)
    const file = (text: string | Uint8Array) => ({
      name: 'a.key',
      mimeType: 'text/plain',
      buffer: Buffer.from(text),
    })
    await page.at('key-file').setInputFiles(file(`# Leitung\n${recording.a}\n`))
    await page.page.locator('[data-test="key-slot-A"][data-here="true"]').waitFor()
    await bringKey(page, recording.a)
    t.match(await page.at('problem').textContent(), /noch ein Schlüssel der Gruppe A.*einer der Gruppe B/)
    t.same(await faults(page), [])

    const encrypter = new Encrypter()
    encrypter.setPassphrase('neun mal klug')
    encrypter.setScryptWorkFactor(12)
    await page.at('key-file').setInputFiles(file(await encrypter.encrypt(recording.b)))
    await page.at('passphrase').fill('falsch')
    await page.at('passphrase').press('Enter')
    await page.at('problem').waitFor()
    t.match(await page.at('problem').textContent(), /Kennsatz öffnet die Schlüsseldatei nicht/)
    await page.at('passphrase').fill('neun mal klug')
    await page.at('passphrase').press('Enter')
    await page.phase('player')
    await readWhole(page)
    t.equal(await page.at('standing').getAttribute('data-standing'), 'closed')
    t.same(
      server.requests.filter(
        (request) => !/^GET \/(api\/openings\/of-the-test\/(wraps|entries)|assets\/|flag|$)/.test(request),
      ),
      [],
    )
    const held = await page.page.evaluate(() =>
      JSON.stringify([localStorage, sessionStorage, document.cookie]),
    )
    t.notMatch(held, /AGE-SECRET/)
    t.notOk((await page.page.content()).includes('AGE-SECRET-KEY-1Q'), 'no key stands in the page')
    t.same(await page.violations(), [])
    t.same(page.troubles, [])
  },
)

t.test('[R7] a key can be dropped', async (t) => {
  const page = await openPage(t)
  await page.phase('keys')
  const dropped = await page.page.evaluateHandle((key) => {
    const carried = new DataTransfer()
    carried.items.add(new File([key], 'b.key'))
    return carried
  }, recording.b)
  await page.at('key-drop').dispatchEvent('drop', { dataTransfer: dropped })
  await page.page.locator('[data-test="key-slot-B"][data-here="true"]').waitFor()
  t.pass('it counts for group B')
})

t.test('[R7] times without a picture say so, and the last one is not shown for them', async (t) => {
  const page = await openPlayer(t)
  for (const kind of ['none', 'card', 'frozen']) {
    const part = await page.page.evaluate((wanted) => {
      const { bands, lengthMs } = globalThis.lotsePlayback.playback!.timeline
      const { fromMs, toMs } = bands.noPicture.find(({ value }) => value.kind === wanted)!
      return (fromMs + toMs) / 2 / lengthMs
    }, kind)
    await jump(page, part)
    await page.page.locator(`[data-test="no-picture"][data-kind="${kind}"]`).waitFor()
    t.equal(await page.at('recorded-canvas').isVisible(), false, kind)
  }
  await jump(page, 0.6)
  await page.at('no-picture').waitFor({ state: 'detached' })
  t.equal(await page.at('recorded-canvas').isVisible(), true)
  t.equal(await page.at('now-level').getAttribute('data-level'), 'control')
  t.ok(await page.at('recorded-cursor').isVisible())
})

t.test('[R7] everything can be done by keyboard', async (t) => {
  const page = await openPlayer(t)
  const { keyboard } = page.page
  const first = await position(page)
  t.ok(first >= 8 && first <= 9, 'it begins with the first picture')
  await keyboard.press('ArrowRight')
  t.equal(await position(page), first + 5)
  await keyboard.press('End')
  t.equal(await position(page), 120)
  await keyboard.press('Home')
  t.equal(await position(page), 0)
  await keyboard.press('.')
  t.equal(await position(page), first, 'the next change is the first picture')
  await keyboard.press('n')
  t.ok((await position(page)) > first, 'the next mark')
  const local = await page.at('player-time').textContent()
  await keyboard.press('u')
  const utc = await page.at('player-time').textContent()
  t.equal(Number(local!.trim().slice(0, 2)), Number(utc!.trim().slice(0, 2)) + 1, 'MEZ and UTC')
  for (const press of ['+', '+', '+']) await keyboard.press(press)
  t.equal(await page.at('speed-8').getAttribute('aria-pressed'), 'true')
  t.equal(await page.at('skip-quiet').getAttribute('aria-pressed'), 'true', 'skips by itself at high speed')
  await keyboard.press('s')
  t.equal(await page.at('skip-quiet').getAttribute('aria-pressed'), 'false')
  const before = await position(page)
  await keyboard.press('Space')
  await page.page.waitForFunction((from) => {
    const now = document.querySelector('[data-test="timeline"]')!.getAttribute('aria-valuenow')
    return Number(now) > from + 3
  }, before)
  await keyboard.press('Space')
  t.equal(await page.page.evaluate(() => globalThis.lotsePlayback.playback!.isShowFailed), false)
  t.match(await page.at('timeline').getAttribute('aria-valuetext'), /\d\d:\d\d:\d\d, \d:\d\d von 2:00, /)
  await keyboard.press('?')
  await page.at('help-dialog').waitFor()
  t.same(await faults(page), [])
  await keyboard.press('Escape')
  await page.at('help-dialog').waitFor({ state: 'hidden' })
  await keyboard.press('z')
  t.equal(await page.at('zoom-actual').getAttribute('aria-pressed'), 'true')
  await page.page.locator('[data-test="feed"] button').first().press('Enter')
  t.equal(await position(page), 0, 'a line of the list is a place to go to')
})

for (const look of [
  { colorScheme: 'light', viewport: { width: 1280, height: 720 } },
  { colorScheme: 'dark', viewport: { width: 1920, height: 1080 } },
] as const) {
  t.test(`names, contrast and focus in ${look.colorScheme}`, async (t) => {
    const page = await openPlayer(t, whole, look)
    for (const part of [0.02, 0.3, 0.65]) {
      await jump(page, part)
      t.same(await faults(page), [])
    }
    t.same(page.troubles, [])
  })
}

t.test(
  '[R5] a changed record is named, its picture is called doubtful, and what follows is not hidden',
  async (t) => {
    const at = Math.floor(whole.entries.length / 2)
    const entries = whole.entries.map((bytes) => new Uint8Array(bytes))
    entries[at]![entries[at]!.length - 1]! ^= 1
    const page = await openPlayer(t, { ...whole, entries })
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
  const { entries } = whole
  const left = await openPlayer(t, { ...whole, entries: entries.toSpliced(40, 1) })
  await jump(left, 0.9)
  t.match(await left.at('note-unproven').textContent(), /Eintrag 40 fehlt/)
  const cut = await openPlayer(t, { ...whole, entries: entries.slice(0, -1) })
  t.equal(await cut.at('standing').getAttribute('data-standing'), 'open')
  const damaged = await openPlayer(t, { ...whole, entries: entries.toSpliced(50, 1, new Uint8Array()) })
  await jump(damaged, 0.9)
  t.match(await damaged.at('note-unproven').textContent(), /Eintrag 50 ist nicht als Eintrag zu lesen/)
})

t.test('[R5] an end that the recorder set, and wraps of another recording', async (t) => {
  const entries = [...whole.entries]
  const { header } = decodeFrame(entryCodec, entries.pop()!)
  if (header.t !== 'closing') throw new TypeError('not closed')
  const { seq, atMs, prev } = header
  const abandoned = { t: 'abandoned', seq, atMs, prev, reason: 'agent-crashed' } as const
  entries.push(encodeFrame(entryCodec, abandoned, new Uint8Array()))
  const page = await openPlayer(t, { ...whole, entries })
  t.equal(await page.at('standing').getAttribute('data-standing'), 'abandoned')
  const other = await openPlayer(t, { ...whole, wraps: Buffer.concat([whole.wraps, Buffer.from(' ')]) })
  t.equal(await other.at('standing').getAttribute('data-standing'), 'broken')
  t.match(await other.at('note-unproven').textContent(), /Schlüsselhälften/)
})

t.test('[R7] when the time is over keys and pictures are gone from the page', async (t) => {
  const page = await openPlayer(t)
  t.equal(page.page.workers().length, 1)
  await page.page.evaluate(() => {
    const { now } = Date
    Date.now = () => now() + 3_600_000
  })
  await page.page.locator('[data-test="player-notice"][data-kind="time-over"]').waitFor()
  t.equal(await page.at('recorded-canvas').count(), 0)
  t.equal(page.page.workers().length, 0, 'the worker that held them is gone')
  t.equal(await page.page.evaluate(() => globalThis.lotsePlayback.playback!.timeline.feed.length), 0)
  t.same(await faults(page), [])
  await page.at('player-leave').click()
  await page.page.locator('body[data-closed="yes"]').waitFor()
})

t.test('[R7] closing wipes as well', async (t) => {
  const page = await openPlayer(t)
  await page.at('player-close').click()
  await page.page.locator('body[data-closed="yes"]').waitFor()
  t.equal(page.page.workers().length, 0)
})

t.test('a service that goes away in between is told, and reading goes on where it stopped', async (t) => {
  const page = await openPage(t)
  server.refusal = { from: 30, status: 403 }
  await openWithKeys(page, KEYS)
  await page.at('note-failed').waitFor()
  t.match(await page.at('note-failed').textContent(), /gibt diese Aufzeichnung nicht mehr heraus/)
  server.refusal = null
  await page.at('note-failed').locator('button').click()
  await readWhole(page)
  t.equal(await page.at('standing').getAttribute('data-standing'), 'closed')
})
