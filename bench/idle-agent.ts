import { setTimeout as pass } from 'node:timers/promises'
import { openX11Desktop } from '../peer-agent/desktop/x11/desktop.ts'
import type { LineNow } from '../peer-agent/picture/coder-choice.ts'
import { startPicture } from '../peer-agent/picture/picture.ts'

/** What the child process of the idle bench tells. */
export interface IdleReport {
  readonly cpuMs: number
  readonly wallMs: number
  readonly memoryMb: number
  readonly updates: number
  /** Spent once, after the last change: V8 tidies up its heaps some 5 to 30 s later. */
  readonly settlingCpuMs: number
}

/** A screen counts as still once nothing came for this long. */
const STILL_MS = 3000
/** A line that carries everything at once. */
const LINE: LineNow = { bytesPerSecond: 20_000_000, roomBytes: 4_000_000, prefer: 'sharp' }
const SETTLING_MS = 35_000

const [display] = process.argv.slice(2)
const desktop = await openX11Desktop({ display })
await desktop.showWatermark({ who: 'Anna Beispiel', what: 'sieht Ihren Bildschirm', expertHolds: false })
await desktop.watchLocalHands()
let updates = 0
const picture = await startPicture(
  { desktopKind: 'x11', display },
  {
    update() {
      updates++
      picture.request(LINE)
    },
    filmFrame() {},
    cursorLooks() {},
    cursorPlace() {},
    stills() {},
    failed(reason) {
      throw new Error(reason)
    },
  },
)
picture.request(LINE)
for (let seen = -1; seen !== updates; ) {
  seen = updates
  await pass(STILL_MS)
}
const still = process.cpuUsage()
await pass(SETTLING_MS)
const settling = process.cpuUsage(still)
process.send!({ ready: true })

process.on('message', async ({ measureSeconds }: { measureSeconds: number }) => {
  const [cpu, since, before] = [process.cpuUsage(), performance.now(), updates]
  await pass(measureSeconds * 1000)
  const { user, system } = process.cpuUsage(cpu)
  const report: IdleReport = {
    cpuMs: (user + system) / 1000,
    wallMs: performance.now() - since,
    memoryMb: process.memoryUsage.rss() / 1024 / 1024,
    updates: updates - before,
    settlingCpuMs: (settling.user + settling.system) / 1000,
  }
  process.send!({ report })
})
