import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { ATTACKS, makeHostile, seeded } from '../fixtures/hostile.ts'
import { MemoryService, newOperator } from '../fixtures/memory-service.ts'
import { fastClock, openCustomerPlayer, openExpertPlayer, openRecorderPlayer } from '../fixtures/players.ts'

const RUNS = 200
const AT_ONCE = 4
/** In the players' time, a tenth of it in ours: more than every time limit before the picture. */
const LONGEST_MS = 22_000

const operator = await newOperator()
const folder = mkdtempSync(join(tmpdir(), 'lotse-test-'))
t.teardown(() => rmSync(folder, { recursive: true }))

interface Outcome {
  readonly seed: number
  readonly attack: string
  /** Pictures that reached whom they were not for. */
  readonly leaks: number
  readonly pictures: number
}

async function attackOnce(seed: number): Promise<Outcome> {
  const random = seeded(seed)
  const attack = ATTACKS[seed % ATTACKS.length]!
  const service = new MemoryService(operator)
  const mallory = makeHostile(service, attack, random, (sessionId) => service.card(sessionId))
  const recorder = openRecorderPlayer(service, folder)
  const sessions = ['one', 'two'].map((name) => {
    const marker = Buffer.from(`screen of customer ${name} in run ${seed}`)
    const expert = openExpertPlayer(service.connectExpert)
    const { operatorKey } = operator
    const customer = openCustomerPlayer({ connect: service.connectCustomer, operatorKey, marker })
    return { marker, expert, customer }
  })
  const settled = Promise.all(
    sessions.map(async ({ expert, customer }) => {
      expert.session.newSession()
      await expert.phase('waiting')
      customer.act({ t: 'number', typed: expert.number })
      await expert.until(() => expert.frames.length > 0 || expert.session.view.phase === 'ended')
    }),
  )
  let stopTimer = () => {}
  const timeUp = new Promise<void>((resolve) => {
    stopTimer = fastClock.after(LONGEST_MS, resolve)
  })
  await Promise.race([settled, timeUp])
  stopTimer()
  for (const { expert, customer } of sessions) {
    expert.session.close()
    customer.agent.leave()
  }
  await Promise.all(sessions.map(({ customer }) => customer.finished))
  recorder.close()
  mallory.close()
  const holds = (frames: readonly Uint8Array[], marker: Buffer) =>
    frames.filter((frame) => Buffer.from(frame).includes(marker)).length
  const leaks = sessions.map(({ marker }, index) => {
    const strangers = [mallory.received, sessions[1 - index]!.expert.frames]
    return strangers.reduce((sum, frames) => sum + holds(frames, marker), 0)
  })
  const pictures = sessions.map(({ marker, expert }) => holds(expert.frames, marker))
  return { seed, attack, leaks: leaks[0]! + leaks[1]!, pictures: pictures[0]! + pictures[1]! }
}

t.test(`[T1] [T2] a hostile server, ${RUNS} seeded runs: no picture reaches a third endpoint`, async (t) => {
  const outcomes: Outcome[] = []
  const seeds = Array.from({ length: RUNS }, (_, seed) => seed)
  const work = async () => {
    for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift())
      outcomes.push(await attackOnce(seed))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  t.equal(outcomes.length, RUNS)
  t.same(
    outcomes.filter(({ leaks }) => leaks > 0),
    [],
  )
  const shown = (attack: string) => outcomes.filter((one) => one.attack === attack && one.pictures > 0).length
  t.ok(shown('drop') > 0, 'where nothing needed was dropped, the session comes about: the test can tell')
  for (const attack of ['swap-shares', 'impersonate-expert', 'impersonate-recorder']) {
    t.equal(shown(attack), 0, `${attack}: no picture at all`)
  }
  t.comment(
    ATTACKS.map((attack) => `${attack}: ${shown(attack)} of ${RUNS / ATTACKS.length} with picture`).join(
      ', ',
    ),
  )
  const vault = readdirSync(folder).map((name) => readFileSync(join(folder, name)))
  t.notOk(
    vault.some((bytes) => bytes.includes('screen of customer')),
    '[R3] the recorder holds no plain picture',
  )
})
