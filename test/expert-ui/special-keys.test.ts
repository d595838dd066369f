import t from 'tap'
import { done, openControl } from './control-stage.ts'
import { STEERING, WATCHING, YIELDING } from './sample-watching.ts'

t.test('[K5] keys that the expert’s system keeps for itself are sent from a list', async (t) => {
  const page = await openControl()
  t.teardown(() => page.close())
  for (const [name, wanted] of [
    [
      'ctrl-alt-del',
      ['ControlLeft down', 'AltLeft down', 'Delete down', 'Delete up', 'AltLeft up', 'ControlLeft up'],
    ],
    ['alt-tab', ['AltLeft down', 'Tab down', 'Tab up', 'AltLeft up']],
    ['windows', ['MetaLeft down', 'MetaLeft up']],
    ['F12', ['F12 down', 'F12 up']],
  ] as const) {
    await page.at('special-keys').click()
    // The keyboard has left the picture for the list.
    await done(page)
    await page.at(`special-${name}`).click()
    t.same(await done(page), wanted)
    t.equal(await page.at('special-keys-panel').count(), 0)
    t.equal(await page.at('keys-go').getAttribute('data-keys'), 'customer', 'typing goes on there')
  }
})

t.test('where the device takes no injected Ctrl+Alt+Del, the customer presses it', async (t) => {
  const page = await openControl({ view: { ...STEERING, ctrlAltDel: false } })
  t.teardown(() => page.close())
  await page.at('special-keys').click()
  t.equal(await page.at('special-ctrl-alt-del').count(), 0)
  t.match(
    await page.at('special-ctrl-alt-del-by-customer').textContent(),
    'The customer has to press these keys.',
  )
})

t.test('[K1] without the mouse in hand no special key goes anywhere', async (t) => {
  const page = await openControl({ view: YIELDING })
  t.teardown(() => page.close())
  await page.at('special-keys').click()
  t.equal(await page.at('special-alt-tab').isDisabled(), true)
  t.equal(await page.at('special-F1').isDisabled(), true)
  await page.page.keyboard.press('Escape')
  t.equal(await page.at('special-keys-panel').count(), 0)
  await page.show(WATCHING)
  t.equal(await page.at('special-keys').count(), 0)
})

t.test('the list closes by a click beside it, and by the keyboard', async (t) => {
  const page = await openControl()
  t.teardown(() => page.close())
  await page.at('special-keys').focus()
  await page.page.keyboard.press('Enter')
  await page.page.keyboard.press('Tab')
  await page.page.keyboard.press('Tab')
  await page.page.keyboard.press('Enter')
  t.same(await done(page), ['AltLeft down', 'Tab down', 'Tab up', 'AltLeft up'])
  await page.at('special-keys').click()
  await page.at('chat-input').click()
  t.equal(await page.at('special-keys-panel').count(), 0)
})
