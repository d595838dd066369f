import type { Page } from 'playwright-core'
import type { Test } from 'tap'
import { at, pageTest, WHOLE } from './page-stage.ts'
import { ADMIN, BUSY, ENDED, HIDDEN, NUMBER, QUESTION, SHARING } from './screens.ts'

/** The next stop of the Tab key; its ring must be seen, and nothing that stays in its place may cover it. */
async function nextStop(t: Test, page: Page): Promise<string> {
  await page.keyboard.press('Tab')
  const { name, outline, isCovered } = await page.evaluate(() => {
    const here = document.activeElement!
    const { left, top, width, height } = here.getBoundingClientRect()
    const seen = document.elementFromPoint(left + width / 2, top + height / 2)
    return {
      name: (here.closest('[data-test]') ?? here).getAttribute('data-test') ?? here.tagName,
      outline: getComputedStyle(here).outlineStyle,
      isCovered: !(seen && (here.contains(seen) || seen.contains(here))),
    }
  })
  t.equal(outline, 'solid', `the focus on ${name} is seen`)
  t.notOk(isCovered, `${name} is covered by nothing`)
  return name
}

async function tabTo(t: Test, page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 10; presses += 1) if ((await nextStop(t, page)) === name) return
  t.fail(`${name} is not reached`)
}

pageTest('de', 'everything is done with the keyboard alone', async (t, { page, did, show }) => {
  const press = async (name: string) => {
    await tabTo(t, page, name)
    await page.keyboard.press('Enter')
  }
  await show(NUMBER)
  await page.keyboard.type(WHOLE)
  await press('number-submit')
  await show(BUSY)
  await show(QUESTION)
  await page.clock.runFor(800)
  await press('answer-no')
  await show(BUSY)
  await press('end')
  await show(SHARING)
  await press('end')
  await show(ENDED)
  await press('quit')
  t.same(await did(5), [
    { t: 'number', typed: WHOLE },
    { t: 'answer', subject: 'view', granted: false },
    { t: 'end' },
    { t: 'end' },
    { t: 'quit' },
  ])
})

const WANTED = { ...ADMIN, clipboard: { ...ADMIN.clipboard, wanted: 'Kundennummer' } }
const ORDER = [
  'withdraw-control',
  'withdraw-admin',
  'clipboard-refuse',
  'clipboard-give',
  'settings',
  'rest',
  'clipboard-switch',
  'chat-log',
  'chat-input',
  'hide',
  'end',
]

for (const viewport of [
  { width: 460, height: 680 },
  { width: 320, height: 480 },
  { width: 230, height: 340 },
])
  pageTest(
    'de',
    `[C5] every control of a session is reached by Tab from above to below, ${viewport.width} px wide`,
    async (t, { page, did, show }) => {
      await page.setViewportSize(viewport)
      await show(WANTED)
      await page.clock.runFor(800)
      const stops: string[] = []
      while (stops.at(-1) !== 'end' && stops.length < 20) {
        stops.push(await nextStop(t, page))
        if (stops.at(-1) === 'settings') await page.keyboard.press('Enter')
      }
      t.same(stops, ORDER)
      await page.keyboard.press('Space')
      await page.keyboard.press('Shift+Tab')
      await page.keyboard.press('Space')
      await at(page, 'clipboard-switch').press('Space')
      await at(page, 'clipboard-give').press('Enter')
      await at(page, 'withdraw-admin').press('Enter')
      await at(page, 'withdraw-control').press('Space')
      t.same(await did(6), [
        { t: 'end' },
        { t: 'hide', isHidden: true },
        { t: 'clipboard', isOn: false },
        { t: 'clipboard-answer', isGiven: true },
        { t: 'withdraw', level: 'admin' },
        { t: 'withdraw', level: 'control' },
      ])
    },
  )

pageTest('en', 'a screen reader gets roles and names in the order of the page', async (t, { page, show }) => {
  await show(WANTED)
  await page.clock.runFor(800)
  await page.getByText('Settings').click()
  const heard = await at(page, 'screen').ariaSnapshot()
  const wanted = [
    'heading "Anna Beispiel helps with administrator rights" [level=1]',
    'Being recorded',
    'Anna Beispiel has control.',
    'button "Take back control"',
    'button "End administrator rights"',
    'region "Anna Beispiel would like the text that you have copied:"',
    'alert',
    'button "No"',
    'button "Yes, give it"',
    'combobox "How long your mouse must rest before Anna Beispiel may go on:"',
    'checkbox "Exchange copied text" [checked]',
    'region "Messages"',
    'log',
    'textbox "Your message"',
    'button "Hide screen"',
    'button "End Key F11"',
  ]
  let from = 0
  for (const part of wanted) {
    const place = heard.indexOf(part, from)
    t.ok(place >= 0, `${part} in\n${heard}`)
    from = Math.max(from, place)
  }
  t.notMatch(heard, 'The mouse is yours now', 'what is not so is not read')

  await show(HIDDEN)
  await at(page, 'hidden').waitFor()
  const hidden = await at(page, 'screen').ariaSnapshot()
  t.match(hidden, 'heading "Nobody sees your screen." [level=1]')
  t.match(hidden, 'button "Show again"')
})
