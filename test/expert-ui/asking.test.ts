import t from 'tap'
import { openControl } from './control-stage.ts'
import { STEERING, WATCHING, YIELDING } from './sample-watching.ts'

t.test('[C2] control is asked for with one press, and only while it can be', async (t) => {
  const page = await openControl({ view: WATCHING })
  t.teardown(() => page.close())
  const ask = page.at('ask-control')
  t.equal(await page.at('give-back').count(), 0)
  await ask.click()
  t.ok((await page.calls()).includes('ask control'))

  await page.show({ ...WATCHING, question: 'control', askable: [] })
  t.equal(await ask.isDisabled(), true)
  t.match(await ask.getAttribute('title'), 'being asked')
  await page.show({ ...WATCHING, askable: [] })
  t.equal(await ask.isDisabled(), true)
  t.match(await ask.getAttribute('title'), 'just declined')
  await page.show({ ...WATCHING, line: 'lost' })
  t.equal(await ask.isDisabled(), true)
  t.match(await ask.getAttribute('title'), 'interrupted')
  await page.show(WATCHING)
  t.equal(await ask.isDisabled(), false)
})

t.test('[C6] what this service does not offer is not called declined', async (t) => {
  const page = await openControl({ view: { ...WATCHING, askable: [] } })
  t.teardown(() => page.close())
  t.match(await page.at('ask-control').getAttribute('title'), 'not offered here')
})

t.test('control is given back with one press', async (t) => {
  const page = await openControl()
  t.teardown(() => page.close())
  t.equal(await page.at('ask-control').count(), 0)
  await page.at('give-back').click()
  t.ok((await page.calls()).includes('giveBack control'))
})

t.test('[K2] who holds is seen: by colour, by sign and in words', async (t) => {
  const page = await openControl()
  t.teardown(() => page.close())
  const looks = () =>
    page.page.evaluate(() => {
      const [stage, strip, holder] = ['stage', 'holder-strip', 'holder'].map(
        (name) => document.querySelector(`[data-test="${name}"]`)!,
      ) as [Element, Element, Element]
      return {
        frame: getComputedStyle(stage).boxShadow,
        strip: getComputedStyle(strip).backgroundColor,
        sign: holder.querySelector('svg')!.outerHTML,
        words: holder.textContent!.trim(),
        isReadOut: holder.getAttribute('role') === 'status',
      }
    })
  const expert = await looks()
  await page.show(YIELDING)
  const customer = await looks()
  await page.show(WATCHING)
  const watching = await looks()
  const all = [expert, customer, watching]
  t.equal(new Set(all.map(({ frame }) => frame)).size, 3)
  t.equal(new Set(all.map(({ strip }) => strip)).size, 3)
  t.equal(new Set(all.map(({ sign }) => sign)).size, 3)
  t.ok(all.every(({ isReadOut }) => isReadOut))
  t.equal(expert.words, 'You have the mouse')
  t.equal(customer.words, 'Customer is moving the mouse – back after 2 s of rest')
})

t.test('[K3] the reason why the customer holds is told, and how long their hands must rest', async (t) => {
  const page = await openControl({ view: { ...YIELDING, restMs: 1_500 } })
  t.teardown(() => page.close())
  const holder = page.at('holder')
  t.match(await holder.textContent(), 'back after 1.5 s')
  for (const [part, because] of [
    [{ question: 'go-on' }, 'question'],
    [{ line: 'lost' }, 'line'],
    [{ picture: { state: 'frozen', reason: 'recorder-silent' } }, 'picture'],
    [{ picture: { state: 'card', reason: 'hidden' } }, 'picture'],
    [{ level: 'view' }, 'not-granted'],
  ] as const) {
    await page.show({ ...STEERING, ...part })
    t.equal(await holder.getAttribute('data-because'), because)
    t.equal(await holder.getAttribute('data-holder'), 'customer')
  }
})

t.test('[C8] the question whether to go on is told as well', async (t) => {
  const page = await openControl({ view: { ...STEERING, question: 'go-on' } })
  t.teardown(() => page.close())
  t.match(await page.at('question').textContent(), 'whether the session goes on')
  t.equal(await page.at('question').getAttribute('data-level'), 'go-on')
})
