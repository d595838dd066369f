import t from 'tap'
import { NOTES } from '../../deploy/stage/display.ts'
import { waitForSamePixels } from '../../deploy/stage/same-pixels.ts'
import { openScene } from '../../deploy/stage/session.ts'
import { until } from '../../deploy/stage/until.ts'
import { focusOf } from '../fixtures/focus.ts'
import { openInputWitness } from '../fixtures/input-witness.ts'
import { buttonsDown, keysDown } from '../fixtures/keyboard-state.ts'
import { KEYSYMS } from '../fixtures/physical-input.ts'
import { showTextField } from '../fixtures/tk-text.ts'
import { windowPlace } from '../fixtures/window-place.ts'

const scene = await openScene()
t.teardown(() => scene.close())
const { x, expert } = scene
const TEXT = 'Grüße €@ß{}[]\\|~^´ 😀 Ω 漢'

t.test('[K1] [K5] [W1] granted, the expert clicks and types; every character arrives', async (t) => {
  const text = await showTextField(x)
  t.teardown(() => text.close())
  const place = await windowPlace(x, text.window)
  const inText = [place.x + 30, place.y + 30] as const
  const customer = await scene.openCustomer()
  await scene.share(customer)
  await expert.clickAt(...inText)
  await expert.page.keyboard.type('nein')
  await scene.steer(customer)
  t.equal(text.text(), '', 'before the grant nothing arrived')
  const before = await focusOf(x)
  await expert.clickAt(...inText)
  // The window manager gives a window the keyboard some time after the click.
  await until(
    async () => (await focusOf(x)) !== before,
    5_000,
    () => 'the click did not give the text field the keyboard',
  )
  await expert.page.keyboard.type(TEXT)
  await expert.page.keyboard.press('Enter')
  await expert.page.keyboard.type('x')
  await expert.page.keyboard.press('Backspace')
  await until(
    () => text.text() === `${TEXT}\n`,
    15_000,
    () => `it holds ${JSON.stringify(text.text())}`,
  )
  await expert.page.keyboard.press('Control+Home')
  await expert.page.keyboard.press('Control+Shift+End')
  await expert.page.keyboard.press('Delete')
  await until(
    () => text.text() === '',
    5_000,
    () => 'the shortcut did not work',
  )
  await waitForSamePixels(x, expert)
  t.same([await keysDown(x), await buttonsDown(x)], [[], []])
  t.same(expert.complaints, [])
})

t.test(
  '[K2] [K3] the customer’s mouse takes over in the middle of typing, and the expert waits for its rest',
  async (t) => {
    const { hands } = scene.customers.at(-1)!
    const witness = await openInputWitness(x.display)
    t.teardown(() => witness.close())
    await expert.waitForHolder('expert')
    await expert.clickAt(NOTES.x, NOTES.y)
    for (const way of [() => hands.moveTo(300, 300), () => hands.key(KEYSYMS.Shift), () => hands.click(2)]) {
      const from = witness.seen.length
      let isOver = false
      const typing = (async () => {
        while (!isOver) await expert.page.keyboard.type('äöü€ abc ')
      })()
      await until(
        () => witness.injected().length > from + 30,
        15_000,
        () => 'nothing is typed',
      )
      const before = witness.seen.length
      await way()
      await expert.waitForHolder('customer')
      await expert.waitForHolder('expert')
      isOver = true
      await typing
      const events = witness.seen.slice(before)
      const lastOwn = events.findLastIndex(({ isInjected }) => !isInjected)
      const first = events.find(({ isInjected }) => !isInjected)!
      const last = events[lastOwn]!
      // What was on its way when the hands moved may still come; then nothing does until they have rested.
      const late = events.filter(
        ({ isInjected, serverMs }) =>
          isInjected && serverMs > first.serverMs + 500 && serverMs < last.serverMs + 2_000,
      )
      t.same(late, [])
    }
    t.same([await keysDown(x), await buttonsDown(x)], [[], []])
  },
)

t.test('[C5] "Blick weg", take back, end: each one click, and each holds at once', async (t) => {
  const customer = scene.customers.at(-1)!
  await customer.click('hide')
  await expert.page.locator('[data-test="picture-notice"][data-kind="card"]').waitFor()
  t.equal(await expert.page.locator('[data-test="picture-canvas"]').isVisible(), false)
  await customer.click('show')
  await expert.waitForNoNotice()
  await waitForSamePixels(x, expert)
  await customer.click('withdraw-control')
  await expert.waitForLevel('view')
  const witness = await openInputWitness(x.display)
  t.teardown(() => witness.close())
  await expert.clickAt(NOTES.x, NOTES.y)
  await expert.page.keyboard.type('nein')
  await expert.say('Ich zeige es Ihnen.')
  await customer.page.locator('[data-test="chat-log"]', { hasText: 'Ich zeige es Ihnen.' }).waitFor()
  await witness.sync()
  t.same(witness.injected(), [])
  await customer.click('end')
  await expert.waitForPhase('ended')
})
