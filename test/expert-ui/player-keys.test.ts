import { Encrypter } from 'age-encryption'
import t from 'tap'
import { makeKey } from '../fixtures/recording.ts'
import { faults, PlayerScene } from './player-scene.ts'
import { bringKey, openWithKeys, readWhole } from './player-stage.ts'

const scene = await PlayerScene.open()
t.teardown(() => scene.close())

t.test(
  '[R7] two keys by file, by drop and with a passphrase; nothing but ciphertext was asked for',
  async (t) => {
    const page = await scene.page()
    await page.phase('keys')
    await bringKey(page, (await makeKey('other')).identity)
    t.match(await page.at('problem').textContent(), /keiner der beiden Gruppen/)
    const file = (text: string | Uint8Array) => ({
      name: 'a.key',
      mimeType: 'text/plain',
      buffer: Buffer.from(text),
    })
    await page.at('key-file').setInputFiles(file(`# Leitung\n${scene.recording.a}\n`))
    await page.page.locator('[data-test="key-slot-A"][data-here="true"]').waitFor()
    await bringKey(page, scene.recording.a)
    t.match(await page.at('problem').textContent(), /noch ein Schlüssel der Gruppe A.*einer der Gruppe B/)
    t.same(await faults(page), [])

    const encrypter = new Encrypter()
    encrypter.setPassphrase('neun mal klug')
    encrypter.setScryptWorkFactor(12)
    await page.at('key-file').setInputFiles(file(await encrypter.encrypt(scene.recording.b)))
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
      scene.server.requests.filter(
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
  const page = await scene.page()
  await page.phase('keys')
  const dropped = await page.page.evaluateHandle((key) => {
    const carried = new DataTransfer()
    carried.items.add(new File([key], 'b.key'))
    return carried
  }, scene.recording.b)
  await page.at('key-drop').dispatchEvent('drop', { dataTransfer: dropped })
  await page.page.locator('[data-test="key-slot-B"][data-here="true"]').waitFor()
  t.pass('it counts for group B')
})

t.test('[R7] when the time is over keys and pictures are gone from the page', async (t) => {
  const page = await scene.player()
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
  const page = await scene.player()
  await page.at('player-close').click()
  await page.page.locator('body[data-closed="yes"]').waitFor()
  t.equal(page.page.workers().length, 0)
})

t.test('a service that goes away in between is told, and reading goes on where it stopped', async (t) => {
  const page = await scene.page()
  scene.server.refusal = { from: 30, status: 403 }
  await openWithKeys(page, scene.keys)
  await page.at('note-failed').waitFor()
  t.match(await page.at('note-failed').textContent(), /gibt diese Aufzeichnung nicht mehr heraus/)
  scene.server.refusal = null
  await page.at('note-failed').locator('button').click()
  await readWhole(page)
  t.equal(await page.at('standing').getAttribute('data-standing'), 'closed')
})
