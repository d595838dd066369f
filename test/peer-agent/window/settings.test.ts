import { at, doubleClick, pageTest } from './page-stage.ts'
import { HANDS, HIDDEN, SHARING } from './screens.ts'

pageTest('de', '[K3] the customer sets how long their hands must rest', async (t, { page, did, show }) => {
  await page.setViewportSize({ width: 460, height: 1200 })
  await show(HANDS)
  t.notOk(await at(page, 'rest').isVisible(), 'closed until it is wanted')
  await doubleClick(page, 'settings', async () => undefined)
  t.ok(await at(page, 'rest').isVisible(), 'a double click opens, and does not close again')
  const rest = page.getByRole('combobox', { name: 'So lange muss Ihre Maus ruhen' })
  t.equal(await rest.inputValue(), '2')
  t.same(
    await rest.locator('option').allTextContents(),
    [1, 2, 3, 4, 5].map((seconds) => `${seconds}\u00a0Sekunde${seconds === 1 ? '' : 'n'}`),
  )
  await rest.selectOption('5')
  t.same(await did(1), [{ t: 'rest', seconds: 5 }])
  await show({ ...HANDS, restSeconds: 5 })
  await page.locator('[data-test=holder]', { hasText: /5\sSekunden/ }).waitFor()
  t.equal(await rest.inputValue(), '5')
})

pageTest('en', 'the customer switches the exchange of copied text', async (t, { page, did, show }) => {
  const withClipboard = (isOn: boolean) => ({ ...HANDS, clipboard: { ...HANDS.clipboard, isOn } })
  await show(withClipboard(false))
  await page.getByText('Settings').click()
  const exchange = page.getByRole('checkbox', { name: 'Exchange copied text' })
  t.notOk(await exchange.isChecked())
  await page.getByText('Exchange copied text').click()
  t.same(await did(1), [{ t: 'clipboard', isOn: true }])
  await show(withClipboard(true))
  await page.clock.runFor(1_000)
  t.ok(await exchange.isChecked())
  await exchange.focus()
  await page.keyboard.press('Space')
  t.same((await did(2)).at(-1), { t: 'clipboard', isOn: false })
})

pageTest(
  'de',
  '[C4] what was not the customer’s own press is asked for again, where it was pressed',
  async (t, { page, server, did, show }) => {
    await show(HANDS)
    await page.getByText('Einstellungen').click()
    const ignore = async (near: string) => {
      server.send({ t: 'answer-ignored' })
      await page.locator(`${near} [data-test=action-ignored]`).waitFor()
      t.equal(await at(page, 'action-ignored').count(), 1)
      t.equal(await at(page, 'action-ignored').getAttribute('role'), 'alert')
      t.match(await at(page, 'action-ignored').textContent(), 'eigenen Maus')
    }
    await at(page, 'rest').selectOption('1')
    await ignore('div:has(> [data-test=rest])')
    t.equal(await at(page, 'rest').inputValue(), '2', 'it is as the agent has it')

    await at(page, 'clipboard-switch').click()
    t.equal(await at(page, 'action-ignored').count(), 0, 'a new press begins anew')
    await ignore('div:has(> label > [data-test=clipboard-switch])')
    t.ok(await at(page, 'clipboard-switch').isChecked(), 'it is as the agent has it')
    await page.clock.runFor(10_100)
    t.equal(await at(page, 'action-ignored').count(), 0, 'not for ever')

    await show(HIDDEN)
    await page.clock.runFor(800)
    await at(page, 'show').click()
    await ignore('.brakes')
    t.equal((await did(3)).length, 3)
    await show({ t: 'busy', what: 'ending' })
    await show(SHARING)
    t.equal(await at(page, 'action-ignored').count(), 0)
  },
)
