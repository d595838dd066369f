import t from 'tap'
import { NOTES } from '../../deploy/stage/display.ts'
import { waitForSamePixels } from '../../deploy/stage/same-pixels.ts'
import { openScene } from '../../deploy/stage/session.ts'
import { until } from '../../deploy/stage/until.ts'

const scene = await openScene()
t.teardown(() => scene.close())
const { x, expert } = scene
const RED_OF_MARK = 60

/** Rows of the screen's top right corner in which more than one colour stands: the mark. */
async function markedCorners(
  monitors: readonly { x: number; y: number; width: number }[],
): Promise<boolean[]> {
  const { width, rgb } = await x.screenshot()
  return monitors.map((monitor) => {
    const colours = new Set<number>()
    for (let y = monitor.y; y < monitor.y + RED_OF_MARK; y++) {
      for (let column = monitor.x + monitor.width - 240; column < monitor.x + monitor.width; column++) {
        const at = (y * width + column) * 3
        colours.add((rgb[at]! << 16) | (rgb[at + 1]! << 8) | rgb[at + 2]!)
      }
    }
    return colours.size > 10
  })
}

t.test(
  '[W1] at rest the expert sees the screen pixel for pixel, watermark included; chat is text both ways',
  async (t) => {
    const customer = await scene.openCustomer()
    await scene.share(customer)
    await customer.hands.moveTo(NOTES.x, NOTES.y)
    await customer.hands.click()
    const screen = await waitForSamePixels(x, expert)
    t.same([screen.width, screen.height], [1440, 900])
    t.same(await markedCorners([{ x: 0, y: 0, width: 1440 }]), [true])
    await customer.hands.type('abc')
    await waitForSamePixels(x, expert)
    const line = 'Grüße 😀 <script>document.title="x"</script>'
    await expert.say(line)
    await customer.page.locator('[data-test="chat-log"]', { hasText: line }).waitFor()
    await customer.say('ok, <b>danke</b>!')
    await expert.page.locator('[data-test="chat-log"]', { hasText: 'ok, <b>danke</b>!' }).waitFor()
    t.equal(await customer.page.locator('[data-test="chat-log"] script').count(), 0)
    t.equal(await expert.page.locator('[data-test="chat-log"] b').count(), 0)
    await expert.end()
    await customer.waitForScreen('ended')
    t.same(await markedCorners([{ x: 0, y: 0, width: 1440 }]), [false], '[W3] the mark is gone')
    await customer.click('quit')
    t.equal(await customer.agent.exited, 0)
  },
)

t.test('[W1] on two monitors of different size: exact, and a mark on each', async (t) => {
  const places = {
    left: { x: 0, y: 0, width: 800, height: 900 },
    right: { x: 800, y: 100, width: 640, height: 800 },
  }
  await x.setMonitors(places)
  const customer = await scene.openCustomer()
  await scene.share(customer)
  await customer.hands.moveTo(NOTES.x, NOTES.y)
  await customer.hands.click()
  await waitForSamePixels(x, expert)
  t.same(await markedCorners([places.left, places.right]), [true, true])
  await customer.hands.key(0xffc8)
  await customer.waitForScreen('ended')
  await until(
    async () => !(await markedCorners([places.left, places.right])).includes(true),
    1_000,
    () => '[W3] a mark still stands',
  )
  t.pass('[C5] the stop key ended it')
  t.same(expert.complaints, [])
})
