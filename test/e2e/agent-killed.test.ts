import t from 'tap'
import { openScene } from '../../deploy/stage/session.ts'
import { until } from '../../deploy/stage/until.ts'
import { listRecordings } from '../../store/recordings.ts'
import { openStore } from '../../store/store.ts'
import { agentPid } from '../fixtures/agent-pid.ts'

const scene = await openScene()
t.teardown(() => scene.close())
const { x, expert, service } = scene

t.test('[W3] [R2] a killed agent: mark gone, expert told, recording closed as abnormal', async (t) => {
  const customer = await scene.openCustomer()
  await scene.share(customer)
  const windows = (await x.mappedWindows()).length
  const startMs = performance.now()
  process.kill(agentPid(customer.agent.pid), 'SIGKILL')
  await until(
    async () => (await x.mappedWindows()).length < windows,
    5_000,
    () => 'the mark still stands',
  )
  const markMs = performance.now() - startMs
  await expert.waitForPhase('ended')
  const toldMs = performance.now() - startMs
  t.ok(markMs <= 1_000, `mark gone after ${Math.round(markMs)} ms`)
  t.ok(toldMs <= 3_000, `expert told after ${Math.round(toldMs)} ms`)
  const store = await openStore(`${service.dataFolder}/recorder/index.sqlite`)
  await until(
    async () => (await listRecordings(store, { state: 'abnormal' })).length === 1,
    10_000,
    () => `the recording is not closed as abnormal:\n${service.recorder().output()}`,
  )
  await store.close()
  await customer.page
    .getByText(/niemand/i)
    .first()
    .waitFor()
  t.pass('the window that is left says that nobody sees the screen any more')
})
