import { readdirSync, readFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import type { CustomerStage } from '../../deploy/stage/customer.ts'
import { openScene, type Scene } from '../../deploy/stage/session.ts'
import { until } from '../../deploy/stage/until.ts'
import { agentPid } from '../fixtures/agent-pid.ts'
import { heldInput, NOTHING_HELD } from '../fixtures/held-input.ts'

/** The expert drags with Shift held down over the customer's desktop, and has not let go. */
async function dragging(t: Test): Promise<{ scene: Scene; customer: CustomerStage }> {
  const scene = await openScene()
  t.teardown(() => scene.close())
  const customer = await scene.openCustomer()
  await scene.share(customer)
  await scene.steer(customer)
  const { mouse, keyboard } = scene.expert.page
  const [from, to] = [await scene.expert.pointOf(700, 200), await scene.expert.pointOf(760, 260)]
  await mouse.click(from.x, from.y)
  await keyboard.down('Shift')
  await mouse.down()
  await mouse.move(to.x, to.y, { steps: 5 })
  await until(
    async () => (await heldInput(scene.x)).keycodes.length > 0 && (await heldInput(scene.x)).mask > 0xff,
    5_000,
    () => 'nothing is held: there is nothing to prove',
  )
  return { scene, customer }
}

async function nothingIsHeld({ x }: Scene, limitMs: number): Promise<void> {
  let held = await heldInput(x)
  await until(
    async () => {
      held = await heldInput(x)
      return held.mask === 0 && held.keycodes.length === 0
    },
    limitMs,
    () => `still held: ${JSON.stringify(held)}`,
  )
}

/** Processes of the expert's browser, and no other Chromium's. */
function browserProcesses(marker: string): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(marker)
      } catch {
        return false
      }
    })
    .map(Number)
}

t.test(
  '[K5] the customer takes back, hides, or the page loses the keyboard: nothing stays down',
  async (t) => {
    const { scene, customer } = await dragging(t)
    await scene.expert.page.evaluate(() => dispatchEvent(new Event('blur')))
    await nothingIsHeld(scene, 2_000)
    await scene.expert.page.mouse.up()
    await scene.expert.page.keyboard.up('Shift')
    await customer.click('withdraw-control')
    await scene.expert.waitForLevel('view')
    t.same(await heldInput(scene.x), NOTHING_HELD)
  },
)

t.test('[K5] the tab is closed in the middle of a drag', async (t) => {
  const { scene } = await dragging(t)
  await scene.expert.page.close()
  await nothingIsHeld(scene, 5_000)
  t.pass('all is up')
})

t.test('[K5] the line falls silent in the middle of a drag', async (t) => {
  const { scene, customer } = await dragging(t)
  const marker = 'playwright_chromiumdev_profile'
  const stopped = browserProcesses(marker)
  t.ok(stopped.length > 1)
  for (const pid of stopped) process.kill(pid, 'SIGSTOP')
  t.teardown(() => {
    for (const pid of stopped) {
      try {
        process.kill(pid, 'SIGCONT')
      } catch {
        // Closed meanwhile.
      }
    }
  })
  await nothingIsHeld(scene, 3_000)
  await customer.page.locator('[data-test="screen"][data-screen="sharing"][data-level="view"]').waitFor()
  t.pass('[S4] and control is gone with the line')
  for (const pid of stopped) process.kill(pid, 'SIGCONT')
  await customer.waitForScreen('question')
  await customer.agree()
  await scene.expert.waitForHolder('expert')
  t.pass('[S4] one click of the customer gives it again')
})

t.test('[K5] the agent is killed in the middle of a drag: its parent lets go', async (t) => {
  const { scene, customer } = await dragging(t)
  process.kill(agentPid(customer.agent.pid), 'SIGKILL')
  await nothingIsHeld(scene, 3_000)
  t.pass('all is up')
})
