import t from 'tap'
import { done, openControl, pictureBox } from './control-stage.ts'
import { ONE_MONITOR, TWO_MONITORS } from './sample-desktop.ts'
import { WATCHING, YIELDING } from './sample-watching.ts'

const placeOf = (call: string) => /^show (\d+),(\d+)$/.exec(call)!.slice(1).map(Number) as [number, number]

t.test('a click points the customer to the place, at level view and while they hold', async (t) => {
  for (const view of [WATCHING, YIELDING]) {
    const page = await openControl({ view })
    const box = await pictureBox(page)
    await page.page.mouse.click(box.x + box.width / 2, box.y + box.height / 4)
    const calls = await done(page)
    t.equal(calls.length, 1)
    const [x, y] = placeOf(calls[0]!)
    t.ok(Math.abs(x - ONE_MONITOR.width / 2) <= 2 && Math.abs(y - ONE_MONITOR.height / 4) <= 2, `${x},${y}`)
    await page.at('shown-place').waitFor({ state: 'attached' })
    await page.page.mouse.click(box.x + 50, box.y + 50, { button: 'right' })
    await page.page.mouse.wheel(0, 100)
    await page.page.keyboard.press('Enter')
    t.same(await done(page), [], 'and nothing else does')
    await page.close()
  }
})

t.test('with the button down one can circle something', async (t) => {
  const page = await openControl({ view: WATCHING })
  t.teardown(() => page.close())
  const box = await pictureBox(page)
  await page.page.mouse.move(box.x + 100, box.y + 100)
  await page.page.mouse.down()
  await page.page.mouse.move(box.x + 300, box.y + 200, { steps: 10 })
  await page.page.mouse.up()
  const scale = box.width / ONE_MONITOR.width
  await page.page.waitForFunction(
    (x) => Math.abs(Number(/^show (\d+),/.exec(globalThis.fakeSession.handCalls.at(-1)!)?.[1]) - x) <= 2,
    300 / scale,
  )
  const calls = await done(page)
  t.ok(calls.every((call) => call.startsWith('show ')))
  t.ok(calls.length < 11, `${calls.length} of 11 places`)
})

t.test('at actual size a drag moves the picture, and a click points', async (t) => {
  const page = await openControl({ view: WATCHING, layout: TWO_MONITORS })
  t.teardown(() => page.close())
  await page.at('zoom-actual').click()
  const room = page.page.getByRole('region')
  await room.evaluate((element) => element.scrollTo(200, 100))
  const box = (await room.boundingBox())!
  const [x, y] = [box.x + 400, box.y + 300]
  await page.page.mouse.move(x, y)
  await page.page.mouse.down()
  await page.page.mouse.move(x - 60, y - 30, { steps: 4 })
  await page.page.mouse.up()
  t.same(await done(page), [])
  t.equal(await room.evaluate(({ scrollLeft }) => scrollLeft), 260)
  await page.page.mouse.click(x, y)
  const [shownX, shownY] = placeOf((await done(page))[0]!)
  t.ok(Math.abs(shownX - 660) <= 1 && Math.abs(shownY - 430) <= 1, `${shownX},${shownY}`)
})

t.test(
  '[C3] nobody is pointed to the answer they are being asked for, nor to what is not there',
  async (t) => {
    const page = await openControl({ view: WATCHING })
    t.teardown(() => page.close())
    const { x, y } = await pictureBox(page)
    for (const part of [
      { question: 'control' },
      { line: 'lost' },
      { picture: { state: 'frozen', reason: 'recorder-silent' } },
      { picture: { state: 'card', reason: 'hidden' } },
    ] as const) {
      await page.show({ ...WATCHING, ...part })
      await page.page.mouse.click(x + 20, y + 20)
      t.same(await done(page), [], Object.keys(part)[0]!)
    }
  },
)
