import type { XServer } from '../../test/fixtures/x-server.ts'
import type { CustomerStage } from '../stage/customer.ts'
import { NOTES } from '../stage/display.ts'
import type { ExpertStage } from '../stage/expert.ts'
import { samePixels, waitForSamePixels } from '../stage/same-pixels.ts'
import { until } from '../stage/until.ts'
import { type Steps, timed, within } from './steps.ts'

/** The customer's hands rest for two seconds before the expert holds again [K3]. */
const REST_MS = 2_000

/** Level *control* from the question to the last brake, as both people live it. */
export async function playControl(
  steps: Steps,
  { x, expert, customer }: { x: XServer; expert: ExpertStage; customer: CustomerStage },
): Promise<void> {
  const step = steps.step.bind(steps)
  const { hands } = customer

  await step('at level view the expert points, and an arrow shows it', 'pointer', async () => {
    const windows = (await x.mappedWindows()).length
    const ms = await timed(async () => {
      await expert.clickAt(NOTES.x, NOTES.y)
      await until(
        async () => (await x.mappedWindows()).length > windows,
        5_000,
        () => 'no arrow came',
      )
    })
    return `${ms} ms; nothing is clicked`
  })
  await step('the expert asks for control, the customer is asked', 'ask-control', async () => {
    const ms = await timed(async () => {
      await expert.askControl()
      await customer.waitForScreen('question')
    })
    return within(ms, 1_000)
  })
  await step('granted: the expert holds once the customer’s hands rest', 'granted', async () => {
    await customer.agree()
    const ms = await timed(() => expert.waitForHolder('expert'))
    return `after ${ms} ms, of which ${REST_MS} are the rest`
  })
  await step('the expert clicks and types, umlauts and all', 'steering', async () => {
    await expert.clickAt(NOTES.x, NOTES.y)
    const before = await expert.pixels()
    const ms = await timed(async () => {
      await expert.page.keyboard.type('Grüße €@ß{}')
      await until(
        async () => !samePixels(before, await expert.pixels()),
        5_000,
        () => 'nothing changed',
      )
    })
    await waitForSamePixels(x, expert)
    return `first change after ${ms} ms, then exact`
  })
  await step('the customer moves the mouse and has it at once', 'take-over', async () => {
    const ms = await timed(async () => {
      await hands.moveTo(NOTES.x + 40, NOTES.y + 20)
      await expert.waitForHolder('customer')
    })
    return `the expert reads it after ${within(ms, 500)}`
  })
  await step('the hands rest, and the expert may go on', 'given-back', async () => {
    const ms = await timed(() => expert.waitForHolder('expert'))
    return `after ${ms} ms`
  })
  await step('"Blick weg": the expert gets a plain card', 'hidden', async () => {
    await customer.click('hide')
    const ms = await timed(() => expert.waitForNotice())
    if (await expert.page.locator('[data-test="picture-canvas"]').isVisible())
      throw new Error('it still shows')
    return within(ms, 500)
  })
  await step('the customer shows the screen again', 'shown', async () => {
    await customer.click('show')
    const ms = await timed(() => expert.waitForNoNotice())
    await waitForSamePixels(x, expert)
    return `${within(ms, 1_000)}, exact`
  })
  await step('the customer takes control back for good', 'withdrawn', async () => {
    await customer.click('withdraw-control')
    const ms = await timed(() => expert.waitForLevel('view'))
    return within(ms, 500)
  })
}
