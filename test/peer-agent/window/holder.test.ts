import { CUSTOMER_HOLDS_BECAUSE } from '../../../protocol/control.ts'
import { at, pageTest } from './page-stage.ts'
import { EXPERT_HOLDS, HANDS, SHARING } from './screens.ts'

pageTest('de', '[K2] the window says who holds, and how to take over', async (t, { page, show }) => {
  await show(EXPERT_HOLDS)
  const holder = at(page, 'holder')
  t.equal(await holder.getAttribute('data-holder'), 'expert')
  t.match(await holder.textContent(), 'Jetzt steuert Anna Beispiel.')
  t.match(await holder.textContent(), 'Bewegen Sie Ihre Maus, gehört sie sofort wieder Ihnen.')

  await show({ ...HANDS, restSeconds: 3 })
  await page.locator('[data-holder=customer][data-because=hands]').waitFor()
  t.match(await holder.textContent(), 'Die Maus gehört jetzt Ihnen.')
  t.match(await holder.textContent(), /Ruht sie 3\sSekunden lang, steuert wieder Anna Beispiel\./)
  await show({ ...HANDS, restSeconds: 1 })
  await page.locator('[data-test=holder]', { hasText: /1\sSekunde lang/ }).waitFor()
})

pageTest('en', '[K2] every reason why the customer holds has plain words', async (t, { page, show }) => {
  const told = new Set<string>()
  for (const because of CUSTOMER_HOLDS_BECAUSE) {
    await show({ ...HANDS, because })
    await page.locator(`[data-because=${because}]`).waitFor()
    const words = (await at(page, 'holder').textContent())!
    t.match(words, 'The mouse is yours now.')
    t.match(words, 'Anna Beispiel')
    told.add(words)
  }
  t.equal(told.size, CUSTOMER_HOLDS_BECAUSE.length)
})

pageTest(
  'de',
  'at level view there is nobody who holds, and nothing to take back',
  async (t, { page, show }) => {
    await show(SHARING)
    for (const name of [
      'holder',
      'withdraw-control',
      'withdraw-admin',
      'settings',
      'rest',
      'clipboard-switch',
    ])
      t.equal(await at(page, name).count(), 0, name)
    t.match(await at(page, 'screen').textContent(), 'Nur ansehen, nicht anklicken.')
  },
)
