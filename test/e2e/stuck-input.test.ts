import t from 'tap'
import type { CustomerStage } from '../../deploy/stage/customer.ts'
import { openScene } from '../../deploy/stage/session.ts'
import { until } from '../../deploy/stage/until.ts'
import { agentPid } from '../fixtures/agent-pid.ts'
import { descendants } from '../fixtures/descendants.ts'
import { buttonsDown, keysDown } from '../fixtures/keyboard-state.ts'

const scene = await openScene()
t.teardown(() => scene.close())
const { x, expert } = scene

/** The expert drags with Shift held down over the customer's desktop, and has not let go. */
async function dragging(): Promise<CustomerStage> {
  const customer = await scene.openCustomer()
  await scene.share(customer)
  await scene.steer(customer)
  const { mouse, keyboard } = expert.page
  const [from, to] = [await expert.pointOf(700, 200), await expert.pointOf(760, 260)]
  await mouse.click(from.x, from.y)
  await keyboard.down('Shift')
  await mouse.down()
  await mouse.move(to.x, to.y, { steps: 5 })
  await until(
    async () => (await keysDown(x)).length > 0 && (await buttonsDown(x)).length > 0,
    5_000,
    () => 'nothing is held: there is nothing to prove',
  )
  return customer
}

async function nothingIsHeld(limitMs: number): Promise<void> {
  await until(
    async () => (await keysDown(x)).length === 0 && (await buttonsDown(x)).length === 0,
    limitMs,
    () => 'something is still held',
  )
}

async function release(): Promise<void> {
  await expert.page.mouse.up()
  await expert.page.keyboard.up('Shift')
}

async function over(customer: CustomerStage): Promise<void> {
  await expert.waitForPhase('ended')
  await customer.close()
}

t.test('[K5] the page loses the keyboard, the customer takes back: nothing stays down', async (t) => {
  const customer = await dragging()
  await expert.page.evaluate(() => dispatchEvent(new Event('blur')))
  await nothingIsHeld(2_000)
  await release()
  await customer.click('withdraw-control')
  await expert.waitForLevel('view')
  t.same([await keysDown(x), await buttonsDown(x)], [[], []])
  await customer.click('end')
  await over(customer)
})

t.test('[K5] [S4] the line falls silent in the middle of a drag', async (t) => {
  const customer = await dragging()
  // The expert's browser is this test's own; the customer's has another profile, and other tests have theirs.
  const stopped = descendants(process.pid, 'playwright_chromiumdev_profile')
  t.ok(stopped.length > 1)
  for (const pid of stopped) process.kill(pid, 'SIGSTOP')
  try {
    await nothingIsHeld(3_000)
    await customer.page
      .locator('[data-test="screen"][data-screen="sharing"][data-level="view"]')
      .waitFor({ timeout: 10_000 })
    t.pass('control is gone with the line')
  } finally {
    for (const pid of stopped) process.kill(pid, 'SIGCONT')
  }
  await release()
  await customer.waitForScreen('question')
  await customer.agree()
  await expert.waitForHolder('expert')
  t.pass('one click of the customer gives it again')
  await customer.click('end')
  await over(customer)
})

t.test('[K5] the agent is killed in the middle of a drag: its parent lets go', async (t) => {
  const customer = await dragging()
  process.kill(agentPid(customer.agent.pid), 'SIGKILL')
  await nothingIsHeld(3_000)
  t.pass('all is up')
  await release()
  await over(customer)
})

t.test('[K5] the tab is closed in the middle of a drag', async (t) => {
  await dragging()
  await expert.page.close()
  await nothingIsHeld(5_000)
  t.pass('all is up')
})
