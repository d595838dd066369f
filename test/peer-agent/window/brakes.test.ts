import { at, doubleClick, pageTest } from './page-stage.ts'
import { ADMIN, EXPERT_HOLDS, HANDS, HIDDEN, SHARING } from './screens.ts'

pageTest(
  'de',
  '[C5] one click hides the screen, and the window says that nobody sees it',
  async (t, { page, did, show }) => {
    await show(SHARING)
    const hide = page.getByRole('button', { name: 'Blick weg' })
    t.equal(await hide.getAttribute('aria-pressed'), 'false')
    await hide.click()
    t.same(await did(1), [{ t: 'hide', isHidden: true }])

    await show(HIDDEN)
    await at(page, 'hidden').waitFor()
    t.match(await page.textContent('h1'), 'Niemand sieht Ihren Bildschirm.')
    t.match(await at(page, 'hidden').textContent(), 'Anna Beispiel sieht gerade nichts')
    t.equal(await at(page, 'hide').count(), 0)
    await page.clock.runFor(800)
    await page.getByRole('button', { name: 'Bild wieder zeigen' }).click()
    t.same((await did(2)).at(-1), { t: 'hide', isHidden: false })
    await show(SHARING)
    await at(page, 'hide').waitFor()
  },
)

pageTest(
  'de',
  '[C4] what hid the screen does not show it again: double click, key, held key',
  async (t, { page, did, show }) => {
    await show(SHARING)
    await doubleClick(page, 'hide', async () => {
      await show(HIDDEN)
      await at(page, 'show').waitFor()
    })
    await page.keyboard.press('Enter')
    await at(page, 'show').click({ force: true })
    t.equal(await at(page, 'show').getAttribute('aria-disabled'), 'true')
    t.equal((await did(1)).length, 1)

    await page.clock.runFor(710)
    t.equal(await at(page, 'show').getAttribute('aria-disabled'), 'false')
    t.ok(
      await at(page, 'show').evaluate((button) => button === document.activeElement),
      'still under the key',
    )
    // A key that stays down repeats; only its first press is one.
    for (let times = 0; times < 4; times += 1) await page.keyboard.down('Enter')
    await page.keyboard.up('Enter')
    t.same((await did(2)).slice(1), [{ t: 'hide', isHidden: false }])
  },
)

pageTest('de', '[C5] a double click on "show again" does not hide', async (t, { page, did, show }) => {
  await show(HIDDEN)
  await page.clock.runFor(800)
  await doubleClick(page, 'show', async () => {
    await show(SHARING)
    await at(page, 'hide').waitFor()
  })
  t.same(await did(1), [{ t: 'hide', isHidden: false }])
})

pageTest('de', '[C5] one click takes control back, where it was given', async (t, { page, did, show }) => {
  await show(SHARING)
  t.equal(await at(page, 'withdraw-control').count(), 0)
  await show(EXPERT_HOLDS)
  t.equal(await at(page, 'withdraw-admin').count(), 0)
  await doubleClick(page, 'withdraw-control', async () => {
    await show(SHARING)
    await at(page, 'withdraw-control').waitFor({ state: 'detached' })
  })
  t.same(await did(1), [{ t: 'withdraw', level: 'control' }])

  await show(EXPERT_HOLDS)
  await at(page, 'withdraw-control').press('Enter')
  t.same((await did(2)).at(-1), { t: 'withdraw', level: 'control' })
  await show(SHARING)
  await at(page, 'withdraw-control').waitFor({ state: 'detached' })
  t.equal(await page.evaluate(() => document.activeElement?.tagName), 'H1', 'what changed is read')
})

pageTest(
  'de',
  '[C5] one click ends the administrator rights, and control stays',
  async (t, { page, did, show }) => {
    await show(ADMIN)
    t.match(await page.textContent('h1'), 'Administrator-Rechten')
    await doubleClick(page, 'withdraw-admin', async () => {
      await show(EXPERT_HOLDS)
      await at(page, 'withdraw-admin').waitFor({ state: 'detached' })
    })
    t.same(await did(1), [{ t: 'withdraw', level: 'admin' }])
    await show(ADMIN)
    await at(page, 'withdraw-admin').waitFor()
    await at(page, 'withdraw-control').click()
    t.same((await did(2)).at(-1), { t: 'withdraw', level: 'control' })
  },
)

pageTest(
  'de',
  '[C5] one click ends at every level, hidden or not, and a double click ends once',
  async (t, { page, did, show }) => {
    for (const screen of [SHARING, HANDS, ADMIN, HIDDEN]) {
      await show({ t: 'busy', what: 'connecting' })
      await show(screen)
      const before = (await did(0)).length
      await doubleClick(page, 'end', async () => undefined)
      t.same((await did(before + 1)).slice(before), [{ t: 'end' }])
    }
  },
)

pageTest(
  'de',
  '[C5] no brake moves while the holder changes under a hand that aims',
  async (t, { page, show }) => {
    const places = () =>
      page.evaluate(() =>
        ['withdraw-control', 'withdraw-admin', 'hide', 'end'].map((name) => {
          const { x, y, width, height } = document
            .querySelector(`[data-test=${name}]`)!
            .getBoundingClientRect()
          return [name, ...[x, y, width, height].map(Math.round)]
        }),
      )
    for (const width of [460, 320, 230]) {
      await page.setViewportSize({ width, height: 680 })
      await show(ADMIN)
      await page.locator('[data-holder=expert]').waitFor()
      const before = await places()
      await show({ ...HANDS, level: 'admin' })
      await page.locator('[data-holder=customer]').waitFor()
      t.same(await places(), before, `${width} px`)
    }
  },
)
